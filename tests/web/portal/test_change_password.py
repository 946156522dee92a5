"""Another password: it ends the other sessions, and the owner is told."""

import pytest

from bawaba.domain.accounts.models import User
from tests.accounts import enter, open_account, signed_in
from tests.client import Browser
from tests.page import Page
from tests.people import ahmad
from tests.web.portal.owner import NEW_PASSWORD, confirmed, told

pytestmark = pytest.mark.django_db


def change_password(browser: Browser, password: str, *, status: int = 200) -> Page:
    confirmed(browser, "/security/password/")
    return browser.submit("تغيير كلمة المرور", password=password, password2=password, status=status)


def test_new_password_ends_the_other_sessions_and_the_owner_is_told() -> None:
    open_account(ahmad)
    other, browser = signed_in(ahmad), signed_in(ahmad)
    page = change_password(browser, NEW_PASSWORD)
    assert page.notes == ["تم تغيير كلمة المرور، وسُجّل الخروج من الأجهزة الأخرى."]
    assert browser.get("/security/").path == "/security/"
    assert other.get("/security/").path == "/sign-in/"
    assert told("password_changed") == 1
    assert enter(Browser(ahmad), ahmad, status=422).path == "/sign-in/"
    assert enter(Browser(ahmad), ahmad, password=NEW_PASSWORD).path == "/home/"


@pytest.mark.parametrize("weak", ["short", "Ahmad#Example1", "185041200029Aa!", "Password1!"])
def test_weak_or_personal_password_changes_nothing(weak: str) -> None:
    before = open_account(ahmad).password
    browser = signed_in(ahmad)
    assert change_password(browser, weak, status=422).errors["password"]
    assert User.objects.get().password == before
