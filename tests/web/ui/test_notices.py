"""What a redirect carries: a notice under a signature, a value that only the portal can read."""

from datetime import timedelta

import pytest
import time_machine
from django.test import RequestFactory

from bawaba.web.ui import notices, sealed
from bawaba.web.ui.notices import Notice
from tests.client import Browser

NOON = "2026-11-24 12:00:00+03:00"


def test_a_notice_is_read_for_a_minute() -> None:
    with time_machine.travel(NOON, tick=False) as now:
        address = notices.redirect("/sign-in/", Notice.SIGNED_OUT)["Location"]
        assert notices.read(RequestFactory().get(address)) is Notice.SIGNED_OUT
        now.shift(timedelta(seconds=notices.LIFE))
        assert notices.read(RequestFactory().get(address))
        now.shift(timedelta(seconds=1))
        assert notices.read(RequestFactory().get(address)) is None


@pytest.mark.parametrize("value", ["signed_out", "signed_out:1abc:xyz", "", "%00", "password_changed:0:0"])
def test_nobody_can_write_a_notice(value: str) -> None:
    assert notices.read(RequestFactory().get("/sign-in/", {"notice": value})) is None


def test_a_sealed_value_is_read_by_its_use_and_in_its_time_only() -> None:
    with time_machine.travel(NOON, tick=False) as now:
        value = sealed.make("a b@example.com", salt="sent")
        assert "example" not in value
        assert sealed.read(value, salt="sent", life=600) == "a b@example.com"
        assert sealed.read(value, salt="other", life=600) == ""
        now.shift(timedelta(seconds=600))
        assert sealed.read(value, salt="sent", life=600) == ""


@pytest.mark.parametrize("value", ["", "x", "é", "MTp4eA==", "!" * 50])
def test_a_forged_value_reads_as_nothing(value: str) -> None:
    assert sealed.read(value, salt="sent", life=600) == ""


def test_page_says_the_notice_in_its_own_language() -> None:
    browser = Browser()
    browser.get(notices.redirect("/", Notice.SIGNED_OUT)["Location"])
    assert browser.page.notes == ["تم تسجيل خروجك."]
    assert browser.open("English").notes == []


@pytest.mark.parametrize("notice", Notice)
def test_every_notice_has_words(notice: Notice) -> None:
    assert notices.WORDS[notice]
