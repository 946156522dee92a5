"""Confirm it is you: the password or a code once more, and for how long that holds."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.contrib.sessions.models import Session

from bawaba.infrastructure import clock
from tests.accounts import open_account
from tests.factors import factor_types, give_authenticator, give_recovery_codes, shown_code
from tests.people import ahmad
from tests.web.portal.owner import confirmed
from tests.web.portal.second_factors import REMOVE, with_second_factor

pytestmark = pytest.mark.django_db


def test_signing_in_is_no_proof_for_removing_a_factor() -> None:  # trap 8
    give_authenticator(open_account(ahmad))
    browser = with_second_factor()
    assert confirmed(browser, REMOVE).path == REMOVE


def test_proof_holds_for_five_minutes_and_renews_the_key() -> None:
    give_authenticator(open_account(ahmad))
    with time_machine.travel(clock.now(), tick=False) as moment:
        browser = with_second_factor()
        before = browser.cookies["session"].value
        confirmed(browser, REMOVE)
        assert browser.cookies["session"].value != before
        moment.shift(timedelta(minutes=4, seconds=59))
        assert browser.get(REMOVE).path == REMOVE
        moment.shift(timedelta(seconds=2))
        assert browser.get(REMOVE).path == "/confirm/"


def test_form_that_comes_too_late_is_dropped_and_kept_nowhere() -> None:  # trap 7
    give_authenticator(user := open_account(ahmad))
    with time_machine.travel(clock.now(), tick=False) as moment:
        browser = with_second_factor()
        confirmed(browser, REMOVE)
        moment.shift(timedelta(minutes=6))
        page = browser.post(REMOVE, {"remove": "1", "secret": "MARKED-BODY"})
        assert page.path == "/confirm/"
        assert not any("MARKED-BODY" in json.dumps(row.get_decoded()) for row in Session.objects.all())
        assert browser.submit("متابعة", password=ahmad.password).path == REMOVE
    assert factor_types(user) == ["totp"]


def test_wrong_password_confirms_nothing_and_ten_close_the_page() -> None:
    give_authenticator(open_account(ahmad))
    browser = with_second_factor()
    browser.get(REMOVE)
    with time_machine.travel(clock.now(), tick=False):
        for _ in range(10):
            assert browser.submit("متابعة", password="wrong", status=422).path == "/confirm/"
        browser.submit("متابعة", password=ahmad.password, status=429)


@pytest.mark.parametrize("way", ["authenticator", "recovery code"])
def test_a_code_confirms_as_well(way: str) -> None:
    user = open_account(ahmad)
    give_authenticator(user)
    codes = give_recovery_codes(user)
    with time_machine.travel(clock.now(), tick=False) as moment:
        browser = with_second_factor()
        moment.shift(timedelta(seconds=31))
        browser.get(REMOVE)
        browser.open("استخدم رمزًا من تطبيق المصادقة أو رمز استرداد")
        code = shown_code() if way == "authenticator" else codes[0]
        assert browser.submit("متابعة", code=code).path == REMOVE
