"""New terms stand between signing in and the session, after the second factor, whichever way one comes."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from django.test import override_settings

from bawaba.domain.accounts import actions, credentials
from bawaba.domain.accounts.models import SessionRecord, User
from bawaba.infrastructure.audit.models import Event
from tests.accounts import enter, open_account
from tests.client import Browser
from tests.factors import give_authenticator, shown_code
from tests.people import ahmad

pytestmark = pytest.mark.django_db

TEXT = 'version = "2.0"\ndate = 2026-11-01\nar = "نص جديد للشروط"\nen = "New text of the terms"\n'


@pytest.fixture
def changed(tmp_path: Path) -> Iterator[None]:
    """A member from before, and terms that are new since."""
    open_account(ahmad)
    path = tmp_path / "terms.toml"
    path.write_text(TEXT, encoding="utf-8")
    with override_settings(BAWABA=replace(settings.BAWABA, terms_path=str(path))):
        yield


def test_whoever_accepts_is_in_and_is_not_asked_again(changed: None) -> None:
    browser = Browser(ahmad)
    page = enter(browser, ahmad, path="/sign-in/?next=/security/")
    assert page.path == "/sign-in/terms/"
    assert "نص جديد للشروط" in page.text
    assert browser.submit("الموافقة والمتابعة", {"terms": "on"}).path == "/security/"
    assert sorted(User.objects.get().consents.values_list("version", flat=True)) == ["1.0", "2.0"]
    assert Event.objects.get(event="consent.given").facts == {"document": "terms", "version": "2.0"}
    assert enter(Browser(ahmad), ahmad).path == "/home/"


def test_nothing_opens_before(changed: None) -> None:
    browser = Browser(ahmad)
    enter(browser, ahmad)
    assert browser.get("/home/").path == "/sign-in/terms/"
    assert browser.submit("الموافقة والمتابعة", status=422).errors == {"terms": "يجب الموافقة على الشروط والأحكام."}
    assert not SessionRecord.objects.exists()
    browser.submit("تسجيل الخروج")
    assert browser.get("/home/").path == "/sign-in/"


def test_second_factor_comes_first(changed: None) -> None:
    give_authenticator(User.objects.get())
    browser = Browser(ahmad)
    assert enter(browser, ahmad).path == "/sign-in/second-step/"
    assert browser.get("/sign-in/terms/").path == "/sign-in/second-step/"
    assert browser.submit("تحقق", code=shown_code()).path == "/sign-in/terms/"
    assert browser.submit("الموافقة والمتابعة", {"terms": "on"}).path == "/home/"


def test_a_sign_in_that_waits_here_does_not_outlast_a_new_password(changed: None) -> None:
    thief = Browser(ahmad)
    enter(thief, ahmad)
    actions.reset_password(user=User.objects.get(), password=credentials.hash_password("Mubarakiya!Souk9"))
    assert thief.submit("الموافقة والمتابعة", {"terms": "on"}).path == "/sign-in/"
    assert thief.get("/home/").path == "/sign-in/"
    assert not SessionRecord.objects.exists()


def test_page_is_nobodys_without_a_sign_in() -> None:
    assert Browser().get("/sign-in/terms/").path == "/sign-in/"
