"""Who acts for a company at first, under each policy; and what becomes of a request."""

from dataclasses import replace
from typing import Any

import pytest
from pytest_django import Settings

from bawaba.domain.companies import actions, trade_register
from bawaba.domain.companies.actors import NotAllowed
from bawaba.domain.companies.models import Change, Company, Membership, RegisterEntry
from bawaba.domain.companies.roles import Permission, Role, StaffRole
from bawaba.domain.companies.roster import OutOfDate
from bawaba.infrastructure.limits.counter import LimitReached
from tests.domain.companies.scene import CR_NUMBER, account, events_of, firm, messages_to, officer
from tests.people import ahmad, maryam, salem

pytestmark = pytest.mark.django_db
State = Membership.State


@pytest.fixture
def choose(settings: Settings) -> Any:
    def change(**values: str) -> None:
        settings.BAWABA = replace(settings.BAWABA, **values)

    return change


def entry(*signatories: str, cr_number: str = CR_NUMBER, **facts: Any) -> RegisterEntry:
    digests = [trade_register.signatory_digest(each) for each in signatories]
    return RegisterEntry.objects.create(
        cr_number=cr_number, name_ar="شركة المثال", legal_form="wll", signatories=digests, source="csv", **facts
    )


def test_auto_makes_the_first_registrant_administrator_of_a_declared_company() -> None:
    founder = account(ahmad)
    membership = actions.admit_registrant(user=founder, cr_number=CR_NUMBER, legal_form="wll")
    company = membership.company
    assert (membership.state, membership.role_list) == (State.ACTIVE, (Role.ADMINISTRATOR,))
    assert membership.signatory == Membership.Signatory.DECLARED
    assert (company.status, company.legal_form_id, company.name()) == ("declared", "wll", CR_NUMBER)
    assert events_of(company.pk) == ["company.declared"]
    assert events_of(membership.pk) == ["membership.asked", "membership.granted"]
    assert Membership.objects.acting().of(founder, company).with_permission(Permission.MANAGE).exists()


def test_a_legal_form_that_cannot_register_is_left_out() -> None:
    membership = actions.admit_registrant(user=account(ahmad), cr_number=CR_NUMBER, legal_form="joint_venture")
    assert membership.company.legal_form is None


def test_the_second_registrant_asks_and_the_administrator_is_told() -> None:
    founder, member = account(ahmad), account(maryam)
    company = firm(founder)
    membership = actions.admit_registrant(user=member, cr_number=CR_NUMBER)
    assert (membership.state, membership.company, membership.roles) == (State.REQUESTED, company, "")
    assert messages_to(founder) == ["membership_requested"]
    assert not Membership.objects.acting().filter(user=member).exists()


def test_a_known_company_without_administrator_waits_for_officers() -> None:
    founder, member = account(ahmad), account(maryam)
    firm(founder)
    Membership.objects.update(state=State.ENDED)
    assert actions.admit_registrant(user=member, cr_number=CR_NUMBER).state == State.REQUESTED
    assert messages_to(founder) == []


def test_after_a_closed_company_the_next_of_its_number_waits_for_officers() -> None:
    company = firm(account(ahmad))
    actions.close_company(company=company, by=officer(), reason="papers of somebody else")
    membership = actions.admit_registrant(user=account(maryam), cr_number=CR_NUMBER)
    assert membership.company != company
    assert membership.state == State.REQUESTED


def test_review_leaves_everybody_waiting(choose: Any) -> None:
    choose(admission_policy="review")
    assert actions.admit_registrant(user=account(ahmad), cr_number=CR_NUMBER).state == State.REQUESTED
    assert actions.admit_registrant(user=account(maryam), cr_number=CR_NUMBER).state == State.REQUESTED
    assert Company.objects.count() == 1


def test_registry_verifies_the_company_and_appoints_its_signatory(choose: Any) -> None:
    choose(admission_policy="registry", trade_register="csv")
    entry(maryam.civil_id, ahmad.civil_id, joint_signature=True)
    founder = account(ahmad)
    membership = actions.admit_registrant(user=founder, cr_number=CR_NUMBER)
    company = membership.company
    assert (membership.state, membership.role_list) == (State.ACTIVE, (Role.ADMINISTRATOR,))
    assert membership.signatory == Membership.Signatory.VERIFIED
    assert (company.status, company.verified_how, company.name_ar) == ("verified", "register", "شركة المثال")
    assert company.joint_signature
    assert events_of(company.pk) == ["company.declared", "company.verified"]


def test_registry_proves_the_company_but_not_a_person_it_does_not_list(choose: Any) -> None:
    choose(admission_policy="registry", trade_register="csv")
    entry(maryam.civil_id)
    membership = actions.admit_registrant(user=account(ahmad), cr_number=CR_NUMBER)
    assert membership.state == State.REQUESTED
    assert membership.company.is_verified


def test_a_listed_signatory_does_not_push_aside_an_administrator(choose: Any) -> None:
    founder, member = account(ahmad), account(maryam)
    company = firm(founder)
    choose(admission_policy="registry", trade_register="csv")
    entry(maryam.civil_id)
    assert actions.admit_registrant(user=member, cr_number=CR_NUMBER).state == State.REQUESTED
    assert messages_to(founder) == ["membership_requested"]
    company.refresh_from_db()
    assert company.is_verified


@pytest.mark.parametrize("facts", [{}, {"valid_to": "2020-01-01"}])
def test_registry_without_a_valid_entry_is_review(choose: Any, facts: dict[str, str]) -> None:
    choose(admission_policy="registry", trade_register="csv")
    if facts:
        entry(ahmad.civil_id, **facts)
    membership = actions.admit_registrant(user=account(ahmad), cr_number=CR_NUMBER)
    assert (membership.state, membership.company.status) == (State.REQUESTED, "declared")


def test_nobody_asks_twice() -> None:
    founder = account(ahmad)
    company = firm(founder)
    with pytest.raises(actions.AlreadyMember) as caught:
        actions.ask_to_join(user=founder, cr_number=CR_NUMBER)
    assert caught.value.membership.company == company


def test_a_person_may_belong_to_many_companies_and_asks_five_a_day() -> None:
    founder = account(ahmad)
    for number in range(1, 6):
        assert actions.ask_to_join(user=founder, cr_number=f"10{number}").state == State.ACTIVE
    with pytest.raises(LimitReached):
        actions.ask_to_join(user=founder, cr_number="106")
    assert Company.objects.count() == 5


def test_an_administrator_admits_in_the_roles_chosen() -> None:
    founder, member = account(ahmad), account(maryam)
    company = firm(founder)
    asked = actions.ask_to_join(user=member, cr_number=CR_NUMBER, reason="أعمل في قسم الاستيراد")
    actions.admit(membership=asked, roles=[Role.PAYER, Role.SUBMITTER], by=founder, reason="known to us")
    assert asked.role_list == (Role.SUBMITTER, Role.PAYER)
    assert asked.permissions == {Permission.VIEW, Permission.SUBMIT, Permission.PAY}
    assert asked.active_from is not None
    assert messages_to(member) == ["membership_admitted"]
    trail = [(c.event, c.by, c.reason) for c in Change.objects.of(asked)]
    assert trail == [
        ("membership.asked", str(member.pk), "أعمل في قسم الاستيراد"),
        ("membership.granted", str(founder.pk), "known to us"),
    ]
    assert not Membership.objects.acting().of(member, company).with_permission(Permission.MANAGE).exists()


@pytest.mark.parametrize("roles", [(StaffRole.SUPPORT,), (StaffRole.ADMINISTRATOR,), (StaffRole.AUDITOR,)])
def test_only_a_reviewer_decides_for_the_operator(roles: tuple[StaffRole, ...]) -> None:
    firm(account(ahmad))
    asked = actions.admit_registrant(user=account(maryam), cr_number=CR_NUMBER)
    with pytest.raises(NotAllowed):
        actions.admit(membership=asked, roles=[Role.VIEWER], by=officer(*roles))
    actions.admit(membership=asked, roles=[Role.VIEWER], by=officer(StaffRole.REVIEWER))
    assert Change.objects.of(asked).last().by_officer  # type: ignore[union-attr]


def test_nobody_admits_himself_and_no_administrator_of_another_company_does() -> None:
    firm(account(ahmad))
    member, stranger = account(maryam), account(salem)
    firm(stranger, "999")
    asked = actions.admit_registrant(user=member, cr_number=CR_NUMBER)
    for outsider in (member, stranger):
        with pytest.raises(NotAllowed):
            actions.admit(membership=asked, roles=[Role.ADMINISTRATOR], by=outsider)
        with pytest.raises(NotAllowed):
            actions.decline(membership=asked, by=outsider, reason="no")


def test_a_decision_is_made_once() -> None:
    founder = account(ahmad)
    firm(founder)
    asked = actions.admit_registrant(user=account(maryam), cr_number=CR_NUMBER)
    other = Membership.objects.get(pk=asked.pk)
    actions.decline(membership=asked, by=founder, reason="not one of us")
    with pytest.raises(OutOfDate) as caught:
        actions.admit(membership=other, roles=[Role.VIEWER], by=founder)
    assert caught.value.state == State.ENDED
    assert messages_to(asked.user) == ["membership_declined"]


def test_a_request_may_be_taken_back_by_its_owner_and_made_again() -> None:
    founder, member = account(ahmad), account(maryam)
    firm(founder)
    asked = actions.admit_registrant(user=member, cr_number=CR_NUMBER)
    with pytest.raises(NotAllowed):
        actions.withdraw(membership=asked, by=founder)
    actions.withdraw(membership=asked, by=member)
    again = actions.admit_registrant(user=member, cr_number=CR_NUMBER)
    assert (asked.state, again.state) == (State.ENDED, State.REQUESTED)
    assert again.pk != asked.pk


def test_admission_without_a_role_is_a_mistake_of_the_caller() -> None:
    founder = account(ahmad)
    firm(founder)
    asked = actions.admit_registrant(user=account(maryam), cr_number=CR_NUMBER)
    with pytest.raises(ValueError, match="at least one role"):
        actions.admit(membership=asked, roles=[], by=founder)


def test_a_company_verifies_no_signatory_by_itself() -> None:
    founder = account(ahmad)
    firm(founder)
    asked = actions.admit_registrant(user=account(maryam), cr_number=CR_NUMBER)
    with pytest.raises(NotAllowed):
        actions.admit(membership=asked, roles=[Role.VIEWER], by=founder, signatory=Membership.Signatory.VERIFIED)
