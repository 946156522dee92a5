"""An invitation is bound to a company, an address and its roles, good once, until it expires."""

from datetime import timedelta

import pytest
import time_machine

from bawaba.domain.companies import actions
from bawaba.domain.companies.actions.invitation import AlreadyInvited
from bawaba.domain.companies.actors import NotAllowed
from bawaba.domain.companies.models import Invitation, Membership
from bawaba.domain.companies.roles import Role
from bawaba.domain.companies.roster import OutOfDate
from bawaba.infrastructure import clock
from bawaba.infrastructure.limits.counter import LimitReached
from bawaba.infrastructure.messaging.models import Message
from tests.domain.companies.scene import account, events_of, firm, join, officer
from tests.people import ahmad, maryam, salem

pytestmark = pytest.mark.django_db


@pytest.fixture
def invitation() -> Invitation:
    founder = account(ahmad)
    return actions.invite(
        company=firm(founder), email=maryam.email, roles=[Role.PAYER, Role.VIEWER], by=founder, language="ar"
    )


def letters(invitation: Invitation) -> list[str]:
    rows = Message.objects.filter(subject=str(invitation.pk)).order_by("created_at")
    assert {row.address for row in rows} == {maryam.email}
    return [row.kind for row in rows]


def test_the_owner_of_the_address_becomes_a_member_in_the_roles_offered(invitation: Invitation) -> None:
    member = account(maryam)
    assert Invitation.objects.open().for_user(member).get() == invitation
    membership = actions.accept_invitation(invitation=invitation, by=member)
    assert (membership.state, membership.role_list) == ("active", (Role.PAYER, Role.VIEWER))
    assert letters(invitation) == ["invitation"]
    assert events_of(invitation.pk) == ["invitation.sent", "invitation.accepted"]
    invitation.refresh_from_db()
    assert (invitation.state, invitation.membership) == ("accepted", membership)


def test_the_letter_says_company_roles_and_days(invitation: Invitation) -> None:
    values = Message.objects.get(subject=str(invitation.pk)).variables
    assert values["company"] == invitation.company.name()
    assert values["roles_ar"] == "مسؤول الدفع، مطّلع"
    assert values["roles_en"] == "Payment officer, Viewer"
    assert values["days"] == 7


def test_it_is_good_once(invitation: Invitation) -> None:
    member = account(maryam)
    actions.accept_invitation(invitation=invitation, by=member)
    for act in (actions.accept_invitation, actions.decline_invitation):
        with pytest.raises(OutOfDate) as caught:
            act(invitation=invitation, by=member)
        assert caught.value.state == "accepted"
    assert Membership.objects.filter(user=member).count() == 1


def test_nobody_else_takes_it(invitation: Invitation) -> None:
    stranger = account(salem)
    assert not Invitation.objects.open().for_user(stranger).exists()
    for act in (actions.accept_invitation, actions.decline_invitation):
        with pytest.raises(NotAllowed):
            act(invitation=invitation, by=stranger)
    with pytest.raises(NotAllowed):
        actions.withdraw_invitation(invitation=invitation, by=stranger)


def test_it_expires_to_the_second_whether_or_not_anybody_cleans_up(invitation: Invitation) -> None:
    member = account(maryam)
    with time_machine.travel(invitation.expires_at, tick=False), pytest.raises(OutOfDate) as caught:
        actions.accept_invitation(invitation=invitation, by=member)
    assert caught.value.state == "expired"
    with time_machine.travel(invitation.expires_at - timedelta(seconds=1), tick=False):
        assert actions.expire_invitations() == 0
        actions.accept_invitation(invitation=invitation, by=member)


def test_the_clean_up_marks_it_and_makes_room_for_another(invitation: Invitation) -> None:
    founder = Membership.objects.get().user
    with time_machine.travel(invitation.expires_at, tick=False):
        assert actions.expire_invitations() == 1
        assert events_of(invitation.pk)[-1] == "invitation.expired"
        again = actions.invite(
            company=invitation.company, email=maryam.email, roles=[Role.VIEWER], by=founder, language="en"
        )
        assert again.expires_at > clock.now()


def test_a_withdrawn_or_declined_one_is_over(invitation: Invitation) -> None:
    founder, member = Membership.objects.get().user, account(maryam)
    actions.withdraw_invitation(invitation=invitation, by=founder, reason="wrong person")
    assert letters(invitation) == ["invitation", "invitation_withdrawn"]
    with pytest.raises(OutOfDate):
        actions.accept_invitation(invitation=invitation, by=member)
    again = actions.invite(company=invitation.company, email=maryam.email, roles=Role, by=founder, language="ar")
    actions.decline_invitation(invitation=again, by=member)
    with pytest.raises(OutOfDate):
        actions.accept_invitation(invitation=again, by=member)


def test_one_address_is_invited_once_at_a_time_in_any_spelling(invitation: Invitation) -> None:
    founder = Membership.objects.get().user
    with pytest.raises(AlreadyInvited) as caught:
        actions.invite(company=invitation.company, email="MARYAM@example.com", roles=Role, by=founder, language="ar")
    assert caught.value.invitation == invitation


def test_a_member_is_not_invited_and_an_asker_is_admitted_by_it(invitation: Invitation) -> None:
    founder, asker = Membership.objects.get().user, account(maryam)
    asked = actions.admit_registrant(user=asker, cr_number=invitation.company.cr_number)
    assert actions.accept_invitation(invitation=invitation, by=asker).pk == asked.pk
    with pytest.raises(actions.AlreadyMember):
        actions.invite(company=invitation.company, email=maryam.email, roles=Role, by=founder, language="ar")


def test_who_may_not_manage_invites_nobody(invitation: Invitation) -> None:
    member = account(maryam)
    actions.accept_invitation(invitation=invitation, by=member)
    with pytest.raises(NotAllowed):
        actions.invite(company=invitation.company, email=salem.email, roles=[Role.VIEWER], by=member, language="ar")


def test_an_invitation_of_a_suspended_company_waits_for_it(invitation: Invitation) -> None:
    member, reviewer = account(maryam), officer()
    actions.suspend_company(company=invitation.company, by=reviewer, reason="inquiry")
    with pytest.raises(OutOfDate):
        actions.accept_invitation(invitation=invitation, by=member)
    actions.restore_company(company=invitation.company, by=reviewer, reason="cleared")
    assert actions.accept_invitation(invitation=invitation, by=member).state == "active"


def test_twenty_a_day_for_a_company() -> None:
    founder = account(ahmad)
    company = firm(founder)
    for number in range(20):
        actions.invite(company=company, email=f"n{number}@example.com", roles=[Role.VIEWER], by=founder, language="ar")
    with pytest.raises(LimitReached):
        actions.invite(company=company, email="one-more@example.com", roles=[Role.VIEWER], by=founder, language="ar")


def test_a_company_that_lost_its_inviter_keeps_the_invitation(invitation: Invitation) -> None:
    founder, second = Membership.objects.get().user, account(salem)
    join(second, invitation.company, Role.ADMINISTRATOR, by=founder)
    actions.leave(membership=Membership.objects.get(user=founder), by=founder)
    assert actions.accept_invitation(invitation=invitation, by=account(maryam)).state == "active"
