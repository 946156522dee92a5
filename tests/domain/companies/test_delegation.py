"""A company lets another act in some services from a day until a day."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from pytest_django import Settings

from bawaba.domain.accounts.models import User
from bawaba.domain.companies import actions
from bawaba.domain.companies.actions.delegation import NoSuchDelegate, ServiceName, UnfitPeriod
from bawaba.domain.companies.actors import NotAllowed
from bawaba.domain.companies.models import Company, Delegation
from bawaba.domain.companies.roster import OutOfDate
from bawaba.infrastructure import clock
from bawaba.infrastructure.messaging.models import Message
from tests.domain.companies.scene import BROKER, account, events_of, firm, messages_to, officer
from tests.people import ahmad, maryam, salem

pytestmark = pytest.mark.django_db
CLEARANCE = ServiceName(code="clearance", name_ar="التخليص الجمركي", name_en="Customs clearance")


@pytest.fixture
def sides() -> tuple[User, Company, User, Company]:
    importer, broker = account(ahmad), account(maryam)
    return importer, firm(importer), broker, firm(broker, BROKER)


def offer(by: User, company: Company, **changes: Any) -> Delegation:
    today = timezone.localdate(clock.now())
    usual = {"delegate_cr_number": BROKER, "services": [CLEARANCE], "starts_on": today, "ends_on": today}
    return actions.delegate(company=company, by=by, **{**usual, **changes})


def test_it_begins_when_the_delegate_accepts(sides: tuple[User, Company, User, Company]) -> None:
    importer, company, broker, delegate = sides
    delegation = offer(importer, company)
    assert not Delegation.objects.effective().exists()
    assert messages_to(broker) == ["delegation_offered"]
    actions.accept_delegation(delegation=delegation, by=broker)
    assert Delegation.objects.effective().for_service("clearance").get().delegate == delegate
    assert not Delegation.objects.effective().for_service("refund").exists()
    assert messages_to(importer) == ["delegation_accepted"]
    assert events_of(delegation.pk) == ["delegation.granted", "delegation.accepted"]


def test_the_letter_says_who_what_and_when(sides: tuple[User, Company, User, Company]) -> None:
    importer, company, broker, delegate = sides
    offer(importer, company, starts_on=date(2099, 1, 1), ends_on=date(2099, 1, 31))
    values = Message.objects.get(subject=str(broker.pk)).variables
    assert values == {
        "company": company.name(),
        "delegate": delegate.name(),
        "services_ar": "التخليص الجمركي",
        "services_en": "Customs clearance",
        "starts": "2099-01-01",
        "ends": "2099-01-31",
    }


def test_only_the_two_sides_act(sides: tuple[User, Company, User, Company]) -> None:
    importer, company, broker, _ = sides
    stranger = account(salem)
    for outsider in (broker, stranger):
        with pytest.raises(NotAllowed):
            offer(outsider, company)
    delegation = offer(importer, company)
    for act, outsiders in (
        (actions.accept_delegation, (importer, stranger)),
        (actions.refuse_delegation, (importer, stranger)),
        (actions.revoke_delegation, (broker, stranger)),
    ):
        for outsider in outsiders:
            with pytest.raises(NotAllowed):
                act(delegation=delegation, by=outsider)


def test_it_may_be_refused_or_revoked_at_any_time(sides: tuple[User, Company, User, Company]) -> None:
    importer, company, broker, _ = sides
    refused = offer(importer, company)
    actions.refuse_delegation(delegation=refused, by=broker, reason="no time")
    with pytest.raises(OutOfDate):
        actions.accept_delegation(delegation=refused, by=broker)
    delegation = offer(importer, company)
    actions.accept_delegation(delegation=delegation, by=broker)
    actions.revoke_delegation(delegation=delegation, by=importer, reason="another broker")
    assert not Delegation.objects.effective().exists()
    assert messages_to(importer)[-1] == "delegation_accepted"
    assert messages_to(broker)[-1] == "delegation_revoked"
    for act in (actions.accept_delegation, actions.refuse_delegation):
        with pytest.raises(OutOfDate):
            act(delegation=delegation, by=broker)


def test_its_days_are_days_in_kuwait(sides: tuple[User, Company, User, Company]) -> None:
    importer, company, broker, _ = sides
    delegation = offer(importer, company, starts_on=date(2099, 1, 10), ends_on=date(2099, 1, 20))
    actions.accept_delegation(delegation=delegation, by=broker)
    for moment, acts in (
        (datetime(2099, 1, 9, 20, 59, tzinfo=UTC), False),
        (datetime(2099, 1, 9, 21, 0, tzinfo=UTC), True),
        (datetime(2099, 1, 20, 20, 59, tzinfo=UTC), True),
        (datetime(2099, 1, 20, 21, 0, tzinfo=UTC), False),
    ):
        with time_machine.travel(moment, tick=False):
            assert Delegation.objects.effective().exists() is acts
    with time_machine.travel(datetime(2099, 1, 20, 21, 0, tzinfo=UTC), tick=False):
        assert actions.end_overdue_delegations() == 1
        assert actions.end_overdue_delegations() == 0
    assert messages_to(broker)[-1] == messages_to(importer)[-1] == "delegation_ended"


def test_an_offer_past_its_days_is_not_accepted(sides: tuple[User, Company, User, Company]) -> None:
    importer, company, broker, _ = sides
    delegation = offer(importer, company)
    with time_machine.travel(clock.now() + timedelta(days=2), tick=False), pytest.raises(OutOfDate):
        actions.accept_delegation(delegation=delegation, by=broker)


@pytest.mark.parametrize("which", [1, 3])
def test_it_rests_while_a_side_is_suspended_and_ends_when_one_is_closed(
    sides: tuple[User, Company, User, Company], which: int
) -> None:
    importer, company, broker, _ = sides
    side, reviewer = sides[which], officer()
    assert isinstance(side, Company)
    delegation = offer(importer, company)
    actions.accept_delegation(delegation=delegation, by=broker)
    actions.suspend_company(company=side, by=reviewer, reason="inquiry")
    assert not Delegation.objects.effective().exists()
    actions.restore_company(company=side, by=reviewer, reason="cleared")
    assert Delegation.objects.effective().exists()
    actions.close_company(company=side, by=reviewer, reason="dissolved")
    assert not Delegation.objects.effective().exists()
    assert actions.end_overdue_delegations() == 1


def test_who_administers_both_sides_is_told_of_the_end_once() -> None:
    owner = account(ahmad)
    company = firm(owner)
    firm(owner, BROKER)
    delegation = offer(owner, company)
    actions.accept_delegation(delegation=delegation, by=owner)
    with time_machine.travel(clock.now() + timedelta(days=2), tick=False):
        assert actions.end_overdue_delegations() == 1
    assert messages_to(owner).count("delegation_ended") == 1


def test_the_longest_time_is_a_setting(sides: tuple[User, Company, User, Company], settings: Settings) -> None:
    importer, company, *_ = sides
    settings.BAWABA = replace(settings.BAWABA, delegation_days=30)
    first = date(2099, 1, 1)
    assert offer(importer, company, starts_on=first, ends_on=date(2099, 1, 30)).pk
    for starts, ends in ((first, date(2099, 1, 31)), (first, date(2098, 12, 31)), (date(2020, 1, 1), date(2020, 1, 2))):
        with pytest.raises(UnfitPeriod) as caught:
            offer(importer, company, starts_on=starts, ends_on=ends)
        assert caught.value.longest == 30


def test_only_another_open_company_takes_a_delegation(sides: tuple[User, Company, User, Company]) -> None:
    importer, company, _, delegate = sides
    for number in ("404404", company.cr_number):
        with pytest.raises(NoSuchDelegate):
            offer(importer, company, delegate_cr_number=number)
    actions.suspend_company(company=delegate, by=officer(), reason="inquiry")
    with pytest.raises(NoSuchDelegate):
        offer(importer, company)
    with pytest.raises(ValueError, match="at least one service"):
        offer(importer, company, services=[])
