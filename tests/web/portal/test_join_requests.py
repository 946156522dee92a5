"""The requests to join that wait for an administrator: a page at a time, in the order in which they came."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bawaba.domain.accounts.actions import create_user
from bawaba.domain.companies.models import Company, Membership
from bawaba.domain.companies.roster import enrol
from bawaba.infrastructure import clock
from tests.client import Browser
from tests.journey import signed_in
from tests.page import Page, values
from tests.people import broker, example_trading, maryam, salem

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("services")]
LIST = "/company/requests/"


def test_the_pages_hold_every_request_once_in_the_order_in_which_they_came(administrator: Browser) -> None:
    asked = _crowd(example_trading.cr_number, 60)
    pages = [_numbers(administrator.get(LIST))]
    while "الصفحة التالية" in administrator.page.text:
        pages.append(_numbers(administrator.open("الصفحة التالية")))
    assert [len(page) for page in pages] == [25, 25, 10]
    assert [number for page in pages for number in page] == asked
    assert _numbers(administrator.open("الصفحة الأولى")) == pages[0]


def test_the_next_page_begins_at_the_same_place_when_the_last_of_this_one_was_decided(administrator: Browser) -> None:
    asked = _crowd(example_trading.cr_number, 30)
    administrator.get(LIST)
    _end(asked[24])
    assert _numbers(administrator.open("الصفحة التالية")) == asked[25:]


def test_a_next_page_of_which_all_were_decided_is_the_first(administrator: Browser) -> None:
    asked = _crowd(example_trading.cr_number, 26)
    administrator.get(LIST)
    _end(asked[25])
    assert _numbers(administrator.open("الصفحة التالية")) == asked[:25]
    assert "الصفحة الأولى" not in administrator.page.text


def test_a_page_does_not_begin_after_somebody_of_another_company(administrator: Browser) -> None:
    asked = _crowd(example_trading.cr_number, 3)
    signed_in(salem, broker)
    later = Membership.objects.get(user__email=salem.email)
    for mark in (later.id, "ffffffff-ffff-4fff-bfff-ffffffffffff", "x"):
        assert _numbers(administrator.get(f"{LIST}?after={mark}")) == asked


def test_who_decides_what_was_decided_meanwhile_is_told_so(administrator: Browser) -> None:
    signed_in(maryam)
    administrator.get(LIST)
    administrator.open("الاطلاع واتخاذ القرار")
    fields = values(administrator.page.form(administrator.page.path))
    administrator.submit("قبول العضو", roles="submitter")
    member = Membership.objects.get(user__email=maryam.email)
    for page in (
        administrator.post(f"{LIST}{member.id}/", {**fields, "decline": "1"}),
        administrator.get(f"{LIST}{member.id}/"),
    ):
        assert (page.path, page.status) == (LIST, 200)
        assert "لم يُنفّذ الإجراء" in page.text
    member.refresh_from_db()
    assert member.state == Membership.State.ACTIVE


def test_a_page_asks_the_database_the_same_whatever_waits(administrator: Browser) -> None:
    _crowd(example_trading.cr_number, 2)
    few = _statements(administrator)
    _crowd(example_trading.cr_number, 60, begin=2)
    assert _statements(administrator) == few


def _numbers(page: Page) -> list[str]:
    """Of the requests, as the page names them."""
    return [item.all("bdi", dir="ltr")[0].text for item in page.main.all("li", class_="sheet")]


def _statements(browser: Browser) -> int:
    with CaptureQueriesContext(connection) as seen:
        browser.get(LIST)
    return len(seen)


def _end(number: str) -> None:
    """As if another administrator had decided it."""
    waiting = {each.number: each for each in Membership.objects.requested()}
    Membership.objects.filter(pk=waiting[number].pk).update(state=Membership.State.ENDED)


def _crowd(cr_number: str, size: int, *, begin: int = 0) -> list[str]:
    """The numbers of that many requests; two and two came in the same moment."""
    company, now = Company.objects.get(cr_number=cr_number), clock.now()
    made = []
    for number in range(begin, begin + size):
        user = create_user(
            email=f"crowd{number}@example.com",
            password="!",
            first_name="عضو",
            last_name="جديد",
            civil_id=f"1{number:011d}",
            mobile="+96550000000",
            language="ar",
        )
        asked_at = now + timedelta(seconds=number // 2)
        made.append(enrol(user=user, company=company, state=Membership.State.REQUESTED, created_at=asked_at))
    return [each.number for each in sorted(made, key=lambda each: (each.created_at, each.id))]
