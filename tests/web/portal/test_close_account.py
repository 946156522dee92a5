"""Closing the account: what ends, what is given back, and what is erased later."""

from datetime import timedelta

import pytest
import time_machine

from bawaba.domain.accounts import actions, retention
from bawaba.domain.accounts.models import EmailChange, User
from bawaba.domain.companies.actions import admission, request
from bawaba.domain.companies.models import Membership
from bawaba.domain.companies.roles import Role
from bawaba.infrastructure import clock
from tests.accounts import enter, open_account, signed_in
from tests.client import Browser
from tests.page import Page
from tests.people import ahmad, maryam
from tests.web.portal.owner import NEW, confirmed, told

pytestmark = pytest.mark.django_db


def close(browser: Browser, *, status: int = 200, sure: str = "") -> Page:
    confirmed(browser, "/account/close/")
    fields = {"sure": sure} if sure else {}
    return browser.submit("إغلاق حسابي", fields, status=status)


def test_closing_needs_the_box_and_ends_everything() -> None:
    user = open_account(ahmad)
    admission.admit_registrant(user=user, cr_number="123456")
    browser = signed_in(ahmad)
    close(browser, status=422)
    page = browser.submit("إغلاق حسابي", sure="on")
    assert page.path == "/"
    assert browser.get("/account/").path == "/sign-in/"
    assert enter(Browser(ahmad), ahmad, status=422).path == "/sign-in/"
    assert Membership.objects.get().state == "ended"
    assert told("account_closed") == 1


def test_closed_account_gives_email_and_civil_number_back() -> None:
    actions.close_account(user=open_account(ahmad))
    assert open_account(ahmad).email == ahmad.email


def test_last_administrator_with_members_must_name_another_first() -> None:
    user = open_account(ahmad)
    company = admission.admit_registrant(user=user, cr_number="123456").company
    other = admission.ask_to_join(user=open_account(maryam), cr_number="123456")
    request.admit(membership=other, by=user, roles=[Role.VIEWER])
    browser = signed_in(ahmad)
    page = close(browser, status=409, sure="on")
    assert "سمِّ مديرًا آخر أولًا" in page.text
    assert User.objects.get(id=user.id).closed_at is None
    assert Membership.objects.acting().filter(company=company).count() == 2


def test_contact_data_of_a_closed_account_are_erased_after_90_days() -> None:
    with time_machine.travel(clock.now(), tick=False) as moment:
        user = open_account(ahmad)
        actions.change_email(user=user, email=NEW)
        actions.close_account(user=user)
        moment.shift(timedelta(days=89))
        assert retention.erase_closed() == 0
        moment.shift(timedelta(days=1))
        assert retention.erase_closed() == 1
        assert retention.erase_closed() == 0
    row = User.objects.values().get()
    assert not any(value in str(row) for value in (*ahmad.private, NEW, ahmad.first_name, ahmad.last_name))
    assert not EmailChange.objects.exists()
