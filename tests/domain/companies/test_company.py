"""The facts of a company, who may change them, its other numbers, its branches and its state."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from bawaba.domain.companies import actions
from bawaba.domain.companies.actions.company import BranchExists, IdentifierExists
from bawaba.domain.companies.actors import NotAllowed
from bawaba.domain.companies.models import SOON, Change, Company, CompanyIdentifier, LegalForm, Membership
from bawaba.domain.companies.roles import Role, StaffRole
from bawaba.domain.companies.roster import OutOfDate
from bawaba.infrastructure import clock
from bawaba.infrastructure.messaging.models import Message
from bawaba.infrastructure.messaging.rendering import render
from tests.domain.companies.scene import CR_NUMBER, account, events_of, firm, join, messages_to, officer
from tests.people import ahmad, maryam

pytestmark = pytest.mark.django_db
FACTS: dict[str, Any] = {
    "name_ar": "شركة المثال للتجارة",
    "name_en": "Example Trading",
    "legal_form": None,
    "joint_signature": False,
}


def test_an_administrator_edits_a_declared_company_and_finds_it_by_any_spelling() -> None:
    founder = account(ahmad)
    company = firm(founder)
    wll = LegalForm.objects.get(code="wll")
    actions.edit_company(company=company, by=founder, **{**FACTS, "legal_form": wll, "joint_signature": True})
    assert (company.name("ar"), company.name("en")) == ("شركة المثال للتجارة", "Example Trading")
    assert Company.objects.get(search_key__contains="شركه المثال للتجاره") == company
    assert events_of(company.pk)[-1] == "company.changed"


@pytest.mark.parametrize("text", ["شركه المثال", "المثال  شركة", "EXAMPLE", "123456", "٠٠١٢٣٤٥٦", "trading مثال"])
def test_officers_find_it_by_number_and_by_words_of_its_names(text: str) -> None:
    founder = account(ahmad)
    company, _ = firm(founder), firm(founder, "999")
    actions.edit_company(company=company, by=founder, **FACTS)
    assert list(Company.objects.matching(text)) == [company]


@pytest.mark.parametrize("text", ["", "\u200f", "12345", "شركة الخليج"])
def test_what_matches_nothing(text: str) -> None:
    firm(account(ahmad))
    assert not Company.objects.matching(text).exists()


def test_a_member_without_the_right_edits_nothing() -> None:
    founder, member = account(ahmad), account(maryam)
    company = firm(founder)
    join(member, company, Role.SUBMITTER, Role.PAYER, Role.VIEWER, by=founder)
    with pytest.raises(NotAllowed):
        actions.edit_company(company=company, by=member, **FACTS)


def test_what_was_verified_is_changed_by_officers_only() -> None:
    founder, reviewer = account(ahmad), officer()
    company = firm(founder)
    actions.verify_company(company=company, by=reviewer, reason="licence of 2026 seen")
    assert (company.status, company.verified_by, company.verified_how) == ("verified", str(reviewer.id), "papers")
    with pytest.raises(OutOfDate) as caught:
        actions.edit_company(company=company, by=founder, **FACTS)
    assert caught.value.state == "verified"
    actions.edit_company(company=company, by=reviewer, **FACTS)
    assert company.name_en == "Example Trading"
    assert Change.objects.of(company).filter(event="company.verified").get().reason == "licence of 2026 seen"


def test_a_company_is_verified_once_and_may_lose_it() -> None:
    company, reviewer = firm(account(ahmad)), officer()
    actions.verify_company(company=company, by=reviewer, reason="papers")
    with pytest.raises(OutOfDate):
        actions.verify_company(company=company, by=reviewer, reason="papers")
    actions.refuse_company(company=company, by=reviewer, reason="the licence was forged")
    assert (company.status, company.verified_at, company.verified_by) == ("declared", None, "")


@pytest.mark.parametrize("role", [StaffRole.SUPPORT, StaffRole.ADMINISTRATOR, StaffRole.AUDITOR])
def test_other_officers_verify_and_close_nothing(role: StaffRole) -> None:
    company, by = firm(account(ahmad)), officer(role)
    for act in (
        actions.verify_company,
        actions.refuse_company,
        actions.suspend_company,
        actions.restore_company,
        actions.close_company,
    ):
        with pytest.raises(NotAllowed):
            act(company=company, by=by, reason="because")


def test_suspended_is_restored_and_closed_is_for_good() -> None:
    company, reviewer = firm(account(ahmad)), officer()
    actions.suspend_company(company=company, by=reviewer, reason="inquiry")
    with pytest.raises(OutOfDate):
        actions.suspend_company(company=company, by=reviewer, reason="again")
    actions.restore_company(company=company, by=reviewer, reason="cleared")
    assert Membership.objects.acting().filter(company=company).count() == 1
    actions.close_company(company=company, by=reviewer, reason="dissolved")
    for act in (actions.restore_company, actions.close_company, actions.verify_company):
        with pytest.raises(OutOfDate):
            act(company=company, by=reviewer, reason="too late")


def test_a_branch_has_the_number_of_its_company_and_members_of_its_own() -> None:
    founder, member = account(ahmad), account(maryam)
    company = firm(founder)
    branch = actions.add_branch(company=company, by=founder, name_ar="فرع الشعيبة", name_en="Shuaiba branch")
    assert (branch.cr_number, branch.parent, branch.kind) == (CR_NUMBER, company, "branch")
    assert Company.objects.with_cr_number(CR_NUMBER).get() == company
    assert Membership.objects.acting().administrators().of(founder, branch).exists()
    with pytest.raises(BranchExists):
        actions.add_branch(company=company, by=founder, name_ar="فرع  الشعيبه", name_en="shuaiba branch")
    with pytest.raises(NotAllowed):
        actions.add_branch(company=company, by=member, name_ar="فرع", name_en="")


def test_other_numbers_are_rows_with_issuer_and_validity() -> None:
    founder, reviewer = account(ahmad), officer()
    company = firm(founder)
    number: dict[str, Any] = {"company": company, "type": CompanyIdentifier.Type.IMPORT_LICENCE, "value": "55-2026"}
    identifier = actions.add_identifier(**number, by=founder, issuer="MOCI", valid_to=date(2026, 12, 31))
    with pytest.raises(IdentifierExists):
        actions.add_identifier(**number, by=founder)
    assert company.identifiers.expiring(date(2026, 12, 30)).count() == 0
    assert company.identifiers.expiring(date(2026, 12, 31)).get() == identifier
    actions.verify_identifier(identifier=identifier, by=reviewer, reason="seen")
    assert identifier.verified_by == str(reviewer.id)
    with pytest.raises(NotAllowed):
        actions.remove_identifier(identifier=identifier, by=founder)
    actions.remove_identifier(identifier=identifier, by=reviewer, reason="expired")
    assert not company.identifiers.exists()


def test_numbers_that_differ_in_zeros_and_equal_names_are_hints() -> None:
    founder = account(ahmad)
    company, zeros, namesake = firm(founder), firm(founder, "00" + CR_NUMBER), firm(founder, "888")
    assert list(Company.objects.like(company)) == [zeros]
    for each in (company, namesake):
        actions.edit_company(company=each, by=founder, **FACTS)
    assert set(Company.objects.like(company)) == {zeros, namesake}


def test_the_legal_forms_are_those_of_the_law() -> None:
    assert LegalForm.objects.count() == 16
    assert LegalForm.objects.get(may_register=False).code == "joint_venture"
    assert LegalForm.objects.get(code="establishment").name("ar") == "مؤسسة فردية"


def test_administrators_are_told_once_sixty_days_before_a_number_ends() -> None:
    founder, member = account(ahmad), account(maryam, language="en")
    company = firm(founder)
    join(member, company, Role.SUBMITTER, by=founder)
    number = actions.add_identifier(
        company=company, by=founder, type="import_licence", value="IL-7", valid_to=date(2099, 3, 31)
    )
    for day, told in ((29, 0), (30, 1), (30, 0)):
        with time_machine.travel(datetime(2099, 1, day, 9, tzinfo=UTC), tick=False):
            assert actions.remind_of_numbers() == told
    assert messages_to(founder)[-1] == "number_ends_soon"
    assert "number_ends_soon" not in messages_to(member)
    message = Message.objects.get(kind="number_ends_soon")
    shown = render(message, code="", now=clock.now()).text
    assert "رخصة الاستيراد" in shown
    assert "IL-7" in shown
    assert "31 مارس 2099" in shown
    number.refresh_from_db()
    assert number.reminded_at is not None
    assert events_of(company.pk)[-1] == "company.reminded"


def test_nobody_is_reminded_of_what_has_ended_or_has_no_end_or_of_a_suspended_company() -> None:
    founder = account(ahmad)
    company = firm(founder)
    today = timezone.localdate(clock.now())
    for value, valid_to in (("1", today - timedelta(days=1)), ("2", None), ("3", today + SOON + timedelta(days=1))):
        actions.add_identifier(company=company, by=founder, type="licence", value=value, valid_to=valid_to)
    assert actions.remind_of_numbers() == 0
    actions.add_identifier(company=company, by=founder, type="licence", value="4", valid_to=today)
    actions.suspend_company(company=company, by=officer(), reason="order")
    assert actions.remind_of_numbers() == 0
    actions.restore_company(company=company, by=officer(), reason="order")
    assert actions.remind_of_numbers() == 1
