"""Signing out, and the end of a session that nobody asked for."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.contrib.sessions.models import Session

from bawaba.domain.accounts.models import SessionRecord
from bawaba.infrastructure import clock
from tests.accounts import open_account, signed_in
from tests.people import ahmad

pytestmark = pytest.mark.django_db


def test_signing_out_ends_the_session_on_the_server() -> None:
    open_account(ahmad)
    browser = signed_in(ahmad)
    key = browser.cookies[settings.SESSION_COOKIE_NAME].value
    browser.get("/sign-out/")
    page = browser.submit("تسجيل الخروج", within=browser.page.main, follow=False, status=303)
    assert page.headers["clear-site-data"] == '"cache", "storage"'
    assert not Session.objects.filter(session_key=key).exists()
    assert SessionRecord.objects.get().end_reason == "sign_out"


def test_opening_the_sign_out_page_signs_nobody_out() -> None:  # RT-39
    open_account(ahmad)
    browser = signed_in(ahmad)
    browser.get("/sign-out/")
    assert browser.get("/security/").path == "/security/"


@pytest.mark.parametrize(("path", "data"), [("/sign-in/", {"login": "x"}), ("/sign-out/", {})])
def test_forms_without_their_token_are_refused(path: str, data: dict[str, str]) -> None:  # RT-39
    open_account(ahmad)
    browser = signed_in(ahmad)
    assert browser.client.post(path, {**data, "csrfmiddlewaretoken": "x"}).status_code == 403


def test_session_ends_after_fifteen_idle_minutes_and_the_page_says_why_and_leads_back() -> None:
    open_account(ahmad)
    with time_machine.travel(clock.now(), tick=False) as moment:
        browser = signed_in(ahmad)
        moment.shift(timedelta(minutes=14, seconds=59))
        assert browser.get("/security/").path == "/security/"
        moment.shift(timedelta(minutes=15))
        page = browser.get("/security/")
        assert page.path == "/sign-in/"
        assert "لأن الصفحة لم تُستخدم مدة من الوقت" in page.text
        assert browser.submit("تسجيل الدخول", login=ahmad.email, password=ahmad.password).path == "/security/"


def test_session_ends_after_twelve_hours_whatever_was_done() -> None:
    open_account(ahmad)
    with time_machine.travel(clock.now(), tick=False) as moment:
        browser = signed_in(ahmad)
        for _ in range(71):
            moment.shift(timedelta(minutes=10))
            assert browser.get("/blocked/").status == 200
        assert browser.get("/security/").path == "/security/"
        moment.shift(timedelta(minutes=10))
        assert browser.get("/security/").path == "/sign-in/"
    assert SessionRecord.objects.order_by("began_at")[0].end_reason == "life"


def test_eleventh_session_ends_the_one_used_longest_ago() -> None:
    open_account(ahmad)
    with time_machine.travel(clock.now(), tick=False) as moment:
        browsers = []
        for _ in range(11):
            browsers.append(signed_in(ahmad))
            moment.shift(timedelta(seconds=10))
        assert browsers[0].get("/security/").path == "/sign-in/"
        assert browsers[1].get("/security/").path == "/security/"
