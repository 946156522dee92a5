"""The frame round every page: whom it greets, what it offers, when the session ends."""

from datetime import timedelta

import pytest
import time_machine

from tests.accounts import open_account, signed_in
from tests.client import Browser
from tests.people import ahmad

NOON = "2026-11-24 12:00:00+03:00"


def test_stranger_is_offered_to_sign_in_and_warned_of_nothing() -> None:
    page = Browser().get("/support/")
    assert page.link("تسجيل الدخول")["href"] == "/sign-in/"
    assert not page.root.all("dialog")


@pytest.mark.django_db
def test_person_is_named_and_signs_out_by_a_button() -> None:
    open_account(ahmad)
    browser = signed_in(ahmad)
    page = browser.get("/support/")
    bar = page.root.one("nav", aria_label="القائمة الرئيسية")
    assert bar.one("bdi").text == ahmad.full_name
    assert page.button("تسجيل الخروج").above("form")["method"] == "post"  # type: ignore[index]  # it stands in a form
    assert "تسجيل الدخول" not in bar.text


@pytest.mark.django_db
def test_page_knows_when_its_session_ends() -> None:
    open_account(ahmad)
    with time_machine.travel(NOON, tick=False) as now:
        browser = signed_in(ahmad)
        now.shift(timedelta(minutes=10))
        dialog = browser.get("/support/").root.one("dialog", id="session")
    assert (dialog["data-idle"], dialog["data-life"]) == ("900", str(12 * 3600 - 600))
    assert "open" not in dialog.attrs


def test_english_page_leads_to_english_pages() -> None:
    page = Browser().get("/en/support/")
    inner = [a["href"] for a in page.root.all("a") if a["href"].startswith("/") and a.text != "العربية"]
    assert all(address.startswith("/en/") for address in inner)


@pytest.mark.django_db
def test_bar_marks_the_page_that_is_open() -> None:
    open_account(ahmad)
    browser = signed_in(ahmad)
    for words in ("الرئيسية", "الدعم الفني", ahmad.full_name):
        page = browser.open(words)
        current = page.root.one("nav", aria_label="القائمة الرئيسية").one("a", aria_current="page")
        assert current.text == words
