"""Signing in: who gets in, and where one comes out."""

from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bawaba.domain.accounts import actions
from bawaba.domain.accounts.models import SessionRecord, User
from bawaba.infrastructure.messaging.models import Message
from bawaba.web.oidc.models import Client
from bawaba.web.portal.adapter import is_local
from tests.accounts import enter, open_account, pending_request, signed_in
from tests.client import Browser
from tests.people import ahmad, salem

pytestmark = pytest.mark.django_db

WRONG = "البريد الإلكتروني أو كلمة المرور غير صحيحة."


# --- who gets in


def test_right_password_opens_the_session_under_a_new_key() -> None:  # RT-28
    open_account(ahmad)
    browser = Browser(ahmad)
    browser.get("/sign-in/")
    browser.client.cookies[settings.SESSION_COOKIE_NAME] = "planted0planted0planted0planted0"
    assert enter(browser, ahmad).path == "/home/"
    key = browser.cookies[settings.SESSION_COOKIE_NAME].value
    assert key != "planted0planted0planted0planted0"
    assert SessionRecord.objects.get().key == key


def test_address_is_the_one_name_and_its_spelling_does_not_matter() -> None:  # RT-41
    open_account(ahmad)
    browser = Browser(ahmad)
    browser.get("/sign-in/")
    page = browser.submit("تسجيل الدخول", login=" AHMAD@Example.com\u200f", password=ahmad.password)
    assert page.path == "/home/"
    for other_name in (ahmad.mobile, ahmad.civil_id):
        stranger = Browser(ahmad)
        stranger.get("/sign-in/")
        page = stranger.submit("تسجيل الدخول", login=other_name, password=ahmad.password, status=422)
        assert page.path == "/sign-in/"


@pytest.mark.parametrize("typed", ["", " ", "\u200b", "x", "Diwaniya#1958 ", "diwaniya#1958", "x" * 5000])
def test_any_other_password_does_not(typed: str) -> None:  # RT-33, RT-34
    open_account(ahmad)
    browser = Browser(ahmad)
    browser.get("/sign-in/")
    page = browser.submit("تسجيل الدخول", login=ahmad.email, password=typed, status=422)
    assert page.path == "/sign-in/"
    assert not SessionRecord.objects.exists()


@pytest.mark.parametrize("stored", ["", "!", "!abc", "x"])
def test_no_stored_nonsense_is_a_password(stored: str) -> None:  # RT-34
    open_account(ahmad, password=stored)
    for typed in (ahmad.password, stored or " "):
        assert enter(Browser(ahmad), ahmad, password=typed, status=422).summary == [WRONG]


def test_a_pending_request_is_led_to_its_activation() -> None:  # A8
    waiting = pending_request(salem)
    browser = Browser(salem)
    browser.get("/sign-in/")
    page = browser.post("/sign-in/", {"login": salem.email, "password": salem.password}, follow=False, status=302)
    assert page.headers["location"] == "/activate/"
    cookie = browser.cookies[settings.PENDING_COOKIE_NAME]
    assert waiting.id.hex in cookie.value
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 900)
    assert not Session.objects.exists()


def test_pending_cookie_opens_no_page_of_an_account() -> None:  # RT-26, C8
    pending_request(salem)
    browser = Browser(salem)
    browser.get("/sign-in/")
    browser.post("/sign-in/", {"login": salem.email, "password": salem.password}, follow=False, status=302)
    for path in ("/home/", "/security/", "/security/authenticator/add/", "/security/passkeys/add/", "/confirm/"):
        assert browser.get(path).path == "/sign-in/"


def test_an_account_goes_before_a_request_for_the_same_address() -> None:  # C10
    open_account(ahmad)
    pending_request(ahmad)
    assert enter(Browser(ahmad), ahmad).path == "/home/"


def test_a_new_installation_has_no_account() -> None:
    assert not User.objects.exists()
    assert not Client.objects.exists()


def test_an_address_with_the_password_signs_nobody_in() -> None:
    open_account(ahmad)
    browser = Browser(ahmad)
    path = f"/sign-in/?{urlencode({'login': ahmad.email, 'password': ahmad.password})}"
    for response in (browser.client.get(path), browser.client.head(path)):
        assert response.status_code == 200
    assert browser.get("/home/").path == "/sign-in/"
    assert not SessionRecord.objects.exists()


# --- blocked people


def test_blocked_person_is_told_so_only_with_the_right_password() -> None:
    actions.block(user=open_account(ahmad), actor="", reason="request")
    assert enter(Browser(ahmad), ahmad, password="wrong", status=422).summary == [WRONG]
    assert enter(Browser(ahmad), ahmad).path == "/blocked/"


def test_blocking_takes_effect_at_the_next_request() -> None:  # RT-14, RT-22
    user = open_account(ahmad)
    browser = signed_in(ahmad)
    User.objects.filter(id=user.id).update(is_active=False)
    assert browser.get("/security/").path == "/sign-in/"


# --- where one comes out


def test_the_page_that_was_asked_for_opens_after_signing_in() -> None:
    open_account(ahmad)
    assert enter(Browser(ahmad), ahmad, path="/sign-in/?next=/security/").path == "/security/"


@pytest.mark.parametrize(
    "vector",
    [
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https://evil.example",
        "http:evil.example",
        "javascript:alert(1)",
        "data:text/html,x",
        "/\t/evil.example",
        "/\n/evil.example",
        " //evil.example",
        "evil.example",
        "",
        "@evil.example",
        "/%0d%0aSet-Cookie:x",
        "ftp://evil.example/",
        "https:evil.example",
        "////evil.example",
        "/\u2028/evil",
    ],
)
def test_no_address_leads_elsewhere(vector: str) -> None:  # RT-44
    if is_local(vector):
        assert vector.startswith("/%0d")  # an encoded path of our own: 404
        return
    open_account(ahmad)
    browser = Browser(ahmad)
    browser.get("/sign-in/")
    data = {"login": ahmad.email, "password": ahmad.password, "next": vector}
    assert browser.post("/sign-in/", data).path == "/home/"


# --- a new device


def test_owner_is_told_of_a_new_device_but_not_at_the_first_sign_in_of_all() -> None:
    open_account(ahmad)
    browser = signed_in(ahmad)
    browser.submit("تسجيل الخروج")
    enter(browser, ahmad)
    assert not Message.objects.filter(kind="new_device").exists()
    signed_in(ahmad)
    assert Message.objects.get(kind="new_device").address == ahmad.email


# --- cost


def statements_of_a_sign_in() -> int:
    browser = Browser(ahmad)
    browser.get("/sign-in/")
    with CaptureQueriesContext(connection) as statements:
        browser.submit("تسجيل الدخول", login=ahmad.email, password=ahmad.password, follow=False, status=302)
    return len(statements)


def test_statements_of_a_sign_in_do_not_grow_with_other_sessions() -> None:  # trap 10
    """The eleventh also ends the one that was used longest ago."""
    open_account(ahmad)
    assert statements_of_a_sign_in() < 50
    one, *_, nine, ten, more = [statements_of_a_sign_in() for _ in range(11)]
    assert one == nine
    assert ten == more <= 1.2 * one


def test_a_new_session_is_written_once() -> None:
    open_account(ahmad)
    browser = Browser(ahmad)
    browser.get("/sign-in/")
    with CaptureQueriesContext(connection) as statements:
        browser.submit("تسجيل الدخول", login=ahmad.email, password=ahmad.password, follow=False, status=302)
    verbs = [each["sql"].split()[0] for each in statements.captured_queries if "django_session" in each["sql"]]
    assert [verb for verb in verbs if verb != "SELECT"] == ["INSERT"]
