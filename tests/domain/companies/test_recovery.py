"""When the administrator has left: two officers, a notice, 72 hours, and the rights change hands at once."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from pytest_django import Settings

from bawaba.domain.accounts.models import User
from bawaba.domain.companies import actions
from bawaba.domain.companies.actions.recovery import NeedsAnother, RecoveryOpen
from bawaba.domain.companies.actors import NotAllowed, administrators
from bawaba.domain.companies.models import Company, Membership, Recovery
from bawaba.domain.companies.roles import Role, StaffRole
from bawaba.domain.companies.roster import OutOfDate
from bawaba.infrastructure import clock
from tests.domain.companies.scene import account, events_of, firm, join, membership_of, messages_to, officer
from tests.people import ahmad, maryam, salem

pytestmark = pytest.mark.django_db
FIRST, SECOND = officer(StaffRole.SUPPORT), officer(StaffRole.REVIEWER)


@pytest.fixture
def founder() -> User:
    return account(ahmad)


@pytest.fixture
def company(founder: User) -> Company:
    return firm(founder)


@pytest.fixture
def asked(company: Company) -> Membership:
    return actions.admit_registrant(user=account(maryam), cr_number=company.cr_number)


@pytest.fixture
def recovery(asked: Membership) -> Recovery:
    return actions.propose_recovery(membership=asked, evidence="letter 12, licence", by=FIRST, reason="he has left")


def confirmed(recovery: Recovery) -> Recovery:
    actions.confirm_recovery(recovery=recovery, by=SECOND, reason="papers are in order")
    return recovery


def later(recovery: Recovery, **change: int) -> time_machine.travel:
    assert recovery.takes_effect_at
    return time_machine.travel(recovery.takes_effect_at + timedelta(**change), tick=False)


def test_nothing_changes_before_the_time_to_object_is_over(
    recovery: Recovery, founder: User, company: Company, asked: Membership
) -> None:
    assert list(administrators(company)) == [founder]
    confirmed(recovery)
    assert recovery.takes_effect_at
    assert abs(recovery.takes_effect_at - clock.now() - timedelta(hours=72)) < timedelta(minutes=1)
    assert messages_to(founder)[-1] == "recovery_opened"
    with later(recovery, seconds=-1):
        assert actions.complete_recoveries() == 0
        assert list(administrators(company)) == [founder]
    with later(recovery):
        assert actions.complete_recoveries() == 1
        assert actions.complete_recoveries() == 0
    asked.refresh_from_db()
    assert (asked.state, asked.role_list) == ("active", (Role.ADMINISTRATOR,))
    assert list(administrators(company)) == [asked.user]
    assert Membership.objects.get(user=founder).state == "ended"
    assert messages_to(founder)[-1] == "membership_ended"
    assert messages_to(asked.user)[-1] == "membership_admitted"
    assert events_of(recovery.pk) == ["staff.proposed", "staff.approved", "staff.approved"]


def test_four_eyes(recovery: Recovery) -> None:
    both = replace(FIRST, roles=frozenset({StaffRole.SUPPORT, StaffRole.REVIEWER}))
    with pytest.raises(NeedsAnother):
        actions.confirm_recovery(recovery=recovery, by=both, reason="it was me")
    with pytest.raises(IntegrityError), transaction.atomic():
        Recovery.objects.update(confirmed_by=FIRST.id)
    for role in (StaffRole.SUPPORT, StaffRole.AUDITOR):
        with pytest.raises(NotAllowed):
            actions.confirm_recovery(recovery=recovery, by=officer(role), reason="not mine to say")


@pytest.mark.parametrize("role", [StaffRole.ADMINISTRATOR, StaffRole.AUDITOR])
def test_who_proposes_nothing(asked: Membership, role: StaffRole) -> None:
    with pytest.raises(NotAllowed):
        actions.propose_recovery(membership=asked, evidence="", by=officer(role), reason="")


def test_an_administrator_objects_and_stays(recovery: Recovery, founder: User, company: Company) -> None:
    confirmed(recovery)
    with pytest.raises(NotAllowed):
        actions.object_to_recovery(recovery=recovery, by=recovery.membership.user, reason="let me in")
    actions.object_to_recovery(recovery=recovery, by=founder, reason="I am still here")
    with later(recovery, days=1):
        assert actions.complete_recoveries() == 0
    assert list(administrators(company)) == [founder]
    with pytest.raises(OutOfDate):
        actions.confirm_recovery(recovery=recovery, by=SECOND, reason="again")


def test_a_second_officer_may_decline(recovery: Recovery, asked: Membership) -> None:
    actions.decline_recovery(recovery=recovery, by=SECOND, reason="the letter is not signed")
    with pytest.raises(OutOfDate):
        confirmed(recovery)
    assert actions.propose_recovery(membership=asked, evidence="signed letter", by=FIRST, reason="now signed").pk


def test_one_recovery_of_a_company_at_a_time(recovery: Recovery, asked: Membership) -> None:
    with pytest.raises(RecoveryOpen):
        actions.propose_recovery(membership=asked, evidence="", by=officer(), reason="again")
    confirmed(recovery)
    with pytest.raises(RecoveryOpen):
        actions.propose_recovery(membership=asked, evidence="", by=officer(), reason="again")


def test_a_member_rises_and_keeps_the_other_roles(company: Company, founder: User) -> None:
    membership = join(account(salem), company, Role.PAYER, by=founder)
    actions.suspend(membership=membership, by=founder)
    confirmed(actions.propose_recovery(membership=membership, evidence="letter", by=FIRST, reason="he has left"))
    with later(Recovery.objects.get()):
        actions.complete_recoveries()
    membership.refresh_from_db()
    assert (membership.state, membership.role_list) == ("active", (Role.ADMINISTRATOR, Role.PAYER))


def test_a_candidate_who_has_gone_leaves_everything_as_it_was(
    recovery: Recovery, asked: Membership, founder: User, company: Company
) -> None:
    confirmed(recovery)
    actions.withdraw(membership=asked, by=asked.user)
    with later(recovery):
        assert actions.complete_recoveries() == 0
        assert actions.complete_recoveries() == 0
    assert list(administrators(company)) == [founder]
    recovery.refresh_from_db()
    assert recovery.state == "declined"
    with pytest.raises(OutOfDate):
        actions.propose_recovery(membership=asked, evidence="", by=FIRST, reason="")


def test_the_time_to_object_is_a_setting(recovery: Recovery, settings: Settings) -> None:
    settings.BAWABA = replace(settings.BAWABA, recovery_hours=96)
    confirmed(recovery)
    assert recovery.takes_effect_at
    assert recovery.takes_effect_at > clock.now() + timedelta(hours=95)


@pytest.mark.parametrize("suspended", ["company", "membership", "person"])
def test_an_administrator_who_cannot_act_is_told_as_well(
    recovery: Recovery, founder: User, company: Company, suspended: str
) -> None:
    if suspended == "company":
        actions.suspend_company(company=company, by=SECOND, reason="papers")
    elif suspended == "membership":
        Membership.objects.filter(user=founder).update(state=Membership.State.SUSPENDED)
    else:
        User.objects.filter(pk=founder.pk).update(is_active=False)
    confirmed(recovery)
    assert messages_to(founder)[-1] == "recovery_opened"


def test_all_old_administrators_are_told_and_end(recovery: Recovery, founder: User, company: Company) -> None:
    second = account(salem)
    join(second, company, Role.ADMINISTRATOR, by=founder)
    confirmed(recovery)
    assert messages_to(second)[-1] == messages_to(founder)[-1] == "recovery_opened"
    with later(recovery):
        actions.complete_recoveries()
    assert membership_of(recovery.membership.user).company == company
    assert Membership.objects.present().administrators().filter(company=company).count() == 1
