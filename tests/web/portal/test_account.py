"""The account page: what is seen, and the name and the language that are changed."""

import pytest

from bawaba.domain.accounts.models import User
from bawaba.infrastructure.audit.models import Event
from tests.accounts import open_account, signed_in
from tests.client import Browser
from tests.people import ahmad
from tests.web.portal.owner import confirmed

pytestmark = pytest.mark.django_db


# --- seeing


def test_civil_number_is_masked_until_the_password_is_given_again() -> None:
    open_account(ahmad)
    browser = signed_in(ahmad)
    page = browser.get("/account/")
    assert ahmad.civil_id not in page.source
    assert ahmad.civil_id in confirmed(browser, "/account/civil-number/").source


def test_account_shows_what_was_agreed_to() -> None:
    open_account(ahmad)
    assert "الشروط والأحكام، الإصدار 1" in signed_in(ahmad).get("/account/").text.replace(",", "،")


@pytest.mark.parametrize(
    "path",
    [
        "/account/",
        "/account/civil-number/",
        "/account/name/",
        "/account/language/",
        "/account/email/",
        "/account/email/code/",
        "/account/data/",
        "/account/data/file/",
        "/account/close/",
        "/security/password/",
        "/security/",
    ],
)
def test_pages_of_the_account_are_for_its_owner(path: str) -> None:
    assert Browser().get(path).path == "/sign-in/"


# --- name and language


def test_name_is_changed_with_its_search_keys() -> None:
    open_account(ahmad)
    browser = signed_in(ahmad)
    browser.get("/account/name/")
    page = browser.submit("حفظ", first_name="أحمد", last_name="العلي")
    assert page.notes == ["حُفظ التغيير."]
    user = User.objects.get()
    assert (user.full_name, user.search_key) == ("أحمد العلي", "احمد العلي")
    assert Event.objects.get(event="profile.changed").facts == {"field": "name"}


def test_name_that_is_none_is_refused_beside_its_field() -> None:
    open_account(ahmad)
    browser = signed_in(ahmad)
    browser.get("/account/name/")
    page = browser.submit("حفظ", first_name="<b>", last_name="", status=422)
    assert set(page.errors) == {"first_name", "last_name"}


def test_chosen_language_is_that_of_pages_and_messages() -> None:
    open_account(ahmad)
    browser = signed_in(ahmad)
    browser.get("/account/language/")
    assert browser.submit("حفظ", language="en").path == "/en/account/"
    assert User.objects.get().language == "en"
