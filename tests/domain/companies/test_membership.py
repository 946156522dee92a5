"""Changing, suspending and ending memberships; the last administrator; rights read at each moment."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine

from bawaba.domain.accounts import retention
from bawaba.domain.accounts.actions import close_account
from bawaba.domain.accounts.models import CLOSED_CONTACTS, User
from bawaba.domain.companies import actions
from bawaba.domain.companies.actors import NotAllowed, administrators, may
from bawaba.domain.companies.models import Change, Company, Membership
from bawaba.domain.companies.roles import Permission, Role
from bawaba.domain.companies.roster import LastAdministrator, OutOfDate
from bawaba.infrastructure import clock
from tests.domain.companies.scene import account, events_of, firm, join, membership_of, messages_to, officer
from tests.people import ahmad, maryam, salem

pytestmark = pytest.mark.django_db
State = Membership.State


def rights(user: User, company: Company) -> set[Permission]:
    acting = Membership.objects.acting().of(user, company).first()
    return set(acting.permissions) if acting else set()


def test_roles_change_and_the_person_is_told() -> None:
    founder, member = account(ahmad), account(maryam)
    company = firm(founder)
    membership = join(member, company, by=founder)
    actions.change_roles(membership=membership, roles=[Role.PAYER], by=founder, reason="moved to accounts")
    assert rights(member, company) == {Permission.VIEW, Permission.PAY}
    assert messages_to(member)[-1] == "roles_changed"
    assert events_of(membership.pk)[-1] == "membership.changed"
    assert Change.objects.of(membership).last().reason == "moved to accounts"  # type: ignore[union-attr]


def test_the_roles_that_somebody_has_already_are_no_change() -> None:
    founder, member = account(ahmad), account(maryam)
    membership = join(member, firm(founder), by=founder)
    told, happened = messages_to(member), events_of(membership.pk)
    stale = Membership.objects.get(pk=membership.pk)
    actions.change_roles(membership=membership, roles=[Role.SUBMITTER], by=founder)
    assert (messages_to(member), events_of(membership.pk)) == (told, happened)
    actions.change_roles(membership=membership, roles=[Role.PAYER], by=founder)
    actions.change_roles(membership=stale, roles=[Role.SUBMITTER], by=founder)
    assert messages_to(member) == [*told, "roles_changed", "roles_changed"]


def test_the_number_of_a_request_is_the_beginning_of_its_id_and_always_ten_digits() -> None:
    ids = ("00000007-ffff-4fff-bfff-ffffffffffff", "ffffffff-0000-4000-8000-000000000000")
    assert [Membership(id=UUID(each)).number for each in ids] == ["0000000007", "4294967295"]


def test_suspended_is_without_rights_and_resumed_is_as_before() -> None:
    founder, member = account(ahmad), account(maryam)
    company = firm(founder)
    membership = join(member, company, by=founder)
    before = rights(member, company)
    actions.suspend(membership=membership, by=founder)
    assert rights(member, company) == set()
    actions.resume(membership=membership, by=founder)
    assert rights(member, company) == before
    assert messages_to(member)[-2:] == ["membership_suspended", "membership_resumed"]


def test_ended_is_final_and_stays_as_evidence() -> None:
    founder, member = account(ahmad), account(maryam)
    company = firm(founder)
    membership = join(member, company, by=founder)
    actions.end(membership=membership, by=founder, reason="left the company")
    assert (membership.state, membership.roles) == (State.ENDED, "submitter")
    assert membership.ended_at is not None
    for again in (actions.resume, actions.suspend, actions.end):
        with pytest.raises(OutOfDate):
            again(membership=membership, by=founder)
    with pytest.raises(OutOfDate):
        actions.change_roles(membership=membership, roles=[Role.VIEWER], by=founder)
    assert actions.admit_registrant(user=member, cr_number=company.cr_number).pk != membership.pk


def lower(membership: Membership, by: Any) -> None:
    actions.change_roles(membership=membership, roles=[Role.SUBMITTER], by=by)


def retire(membership: Membership, by: Any) -> None:
    actions.set_last_day(membership=membership, last_day=date(2099, 1, 1), by=by)


AGAINST_THE_LAST: list[Callable[..., None]] = [
    lambda membership, by: actions.suspend(membership=membership, by=by),
    lambda membership, by: actions.end(membership=membership, by=by),
    lower,
    retire,
]


@pytest.mark.parametrize("act", AGAINST_THE_LAST)
def test_the_last_administrator_stays(act: Callable[..., None]) -> None:
    founder = account(ahmad)
    company = firm(founder)
    for by in (founder, officer()):
        with pytest.raises(LastAdministrator):
            act(membership_of(founder), by)
    with pytest.raises(LastAdministrator):
        actions.leave(membership=membership_of(founder), by=founder)
    assert Permission.MANAGE in rights(founder, company)


@pytest.mark.parametrize("act", AGAINST_THE_LAST)
def test_beside_a_second_administrator_the_first_may_go(act: Callable[..., None]) -> None:
    founder, second = account(ahmad), account(maryam)
    company = firm(founder)
    join(second, company, Role.ADMINISTRATOR, by=founder)
    act(membership_of(founder), second)
    with pytest.raises(LastAdministrator):
        actions.leave(membership=membership_of(second), by=second)


@pytest.mark.parametrize("absence", ["suspended", "blocked", "with a last day", "waiting"])
def test_an_administrator_who_does_not_act_is_no_second_one(absence: str) -> None:
    founder, second = account(ahmad), account(maryam)
    company = firm(founder)
    if absence == "waiting":
        actions.admit_registrant(user=second, cr_number=company.cr_number)
    else:
        membership = join(second, company, Role.ADMINISTRATOR, by=founder)
        if absence == "suspended":
            actions.suspend(membership=membership, by=founder)
        elif absence == "blocked":
            User.objects.filter(pk=second.pk).update(is_active=False)
        else:
            actions.set_last_day(membership=membership, last_day=date(2099, 1, 1), by=founder)
    with pytest.raises(LastAdministrator):
        actions.leave(membership=membership_of(founder), by=founder)


def test_a_member_leaves_but_sends_nobody_away() -> None:
    founder, member = account(ahmad), account(maryam)
    company = firm(founder)
    membership = join(member, company, by=founder)
    with pytest.raises(NotAllowed):
        actions.end(membership=membership_of(founder), by=member)
    with pytest.raises(NotAllowed):
        actions.leave(membership=membership, by=founder)
    actions.leave(membership=membership, by=member)
    assert membership.state == State.ENDED


@pytest.mark.parametrize("outsider", ["member", "stranger", "administrator elsewhere", "former administrator"])
def test_nobody_else_touches_a_membership(outsider: str) -> None:
    founder, member, other = account(ahmad), account(maryam), account(salem)
    company = firm(founder)
    membership = join(member, company, by=founder)
    by = member if outsider == "member" else other
    if outsider == "administrator elsewhere":
        firm(other, "999")
    if outsider == "former administrator":
        former = join(other, company, Role.ADMINISTRATOR, by=founder)
        actions.end(membership=former, by=founder)
    for act in (actions.suspend, actions.resume, actions.end):
        with pytest.raises(NotAllowed):
            act(membership=membership, by=by)
    with pytest.raises(NotAllowed):
        actions.change_roles(membership=membership, roles=[Role.ADMINISTRATOR], by=by)
    with pytest.raises(NotAllowed):
        actions.set_last_day(membership=membership, last_day=None, by=by)
    assert not may(by, company)


def test_the_last_day_is_the_last_day_in_kuwait() -> None:
    founder, member = account(ahmad), account(maryam)
    company = firm(founder)
    membership = join(member, company, by=founder)
    actions.set_last_day(membership=membership, last_day=date(2026, 12, 31), by=founder)
    with time_machine.travel(datetime(2026, 12, 31, 20, 59, tzinfo=UTC), tick=False):
        assert rights(member, company)
        assert actions.end_overdue_memberships() == 0
    with time_machine.travel(datetime(2026, 12, 31, 21, 0, tzinfo=UTC), tick=False):
        assert rights(member, company) == set()
        assert actions.end_overdue_memberships() == 1
    membership.refresh_from_db()
    assert membership.state == State.ENDED
    assert messages_to(member)[-1] == "membership_ended"


def test_a_last_day_moved_at_the_last_moment_ends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    founder, member = account(ahmad), account(maryam)
    membership = join(member, firm(founder), by=founder)
    actions.set_last_day(membership=membership, last_day=date(2026, 12, 31), by=founder)

    def moved_first(company: Company) -> None:
        """Whoever moves it holds the company until then."""
        Membership.objects.filter(pk=membership.pk).update(ends_on=date(2027, 12, 31))

    monkeypatch.setattr("bawaba.domain.companies.actions.membership.hold", moved_first)
    with time_machine.travel(datetime(2027, 1, 1, 9, tzinfo=UTC), tick=False):
        assert actions.end_overdue_memberships() == 0
    membership.refresh_from_db()
    assert membership.state == State.ACTIVE


@pytest.mark.parametrize("end", ["suspended company", "closed company", "blocked person"])
def test_rights_end_with_the_company_and_with_the_person(end: str) -> None:
    founder = account(ahmad)
    company = firm(founder)
    if end == "suspended company":
        actions.suspend_company(company=company, by=officer(), reason="under inquiry")
    elif end == "closed company":
        actions.close_company(company=company, by=officer(), reason="dissolved")
    else:
        User.objects.filter(pk=founder.pk).update(is_active=False)
    assert rights(founder, company) == set()
    assert not administrators(company).exists()
    with pytest.raises(NotAllowed):
        actions.edit_company(
            company=company, by=founder, name_ar="س", name_en="", legal_form=None, joint_signature=False
        )


def test_a_signatory_is_declared_by_the_company_and_verified_by_officers() -> None:
    founder, member = account(ahmad), account(maryam)
    company = firm(founder)
    membership = join(member, company, by=founder)
    actions.set_signatory(membership=membership, signatory="declared", by=founder)
    with pytest.raises(NotAllowed):
        actions.set_signatory(membership=membership, signatory="verified", by=founder)
    actions.set_signatory(membership=membership, signatory="verified", by=officer(), reason="authorisation of 3 May")
    with pytest.raises(NotAllowed):
        actions.set_signatory(membership=membership, signatory="", by=founder)
    assert membership.signatory == "verified"


def test_a_name_that_was_erased_is_erased_in_the_company_too() -> None:
    founder, member = account(ahmad), account(maryam)
    membership = join(member, firm(founder), by=founder)
    actions.end(membership=membership, by=founder)
    close_account(user=member)
    with time_machine.travel(clock.now() + CLOSED_CONTACTS + timedelta(seconds=1), tick=False):
        assert retention.erase_closed() == 1
    membership.refresh_from_db()
    assert membership.search_key == ""
