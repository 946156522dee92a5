"""Signing in: who gets in, what everybody else sees, and that nobody learns who has an account."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from bawaba.domain.accounts import actions, credentials
from bawaba.domain.accounts.models import SessionRecord, User
from bawaba.domain.accounts.turnstile import HashingBusy
from bawaba.domain.registration.models import Registration
from bawaba.infrastructure import clock
from bawaba.infrastructure.audit.models import Event
from bawaba.infrastructure.captcha import store
from bawaba.infrastructure.limits import counter, table
from bawaba.infrastructure.limits.models import Counter
from bawaba.infrastructure.limits.table import Window
from bawaba.infrastructure.messaging.models import Message
from bawaba.web.oidc.models import Client
from bawaba.web.portal.adapter import is_local
from tests.accounts import enter, open_account, signed_in
from tests.client import Browser
from tests.page import Page
from tests.people import Person, ahmad, maryam, salem

pytestmark = pytest.mark.django_db

WRONG = "البريد الإلكتروني أو كلمة المرور غير صحيحة."


def pending_request(person: Person, **changes: Any) -> Registration:
    """A request to register that waits for its code."""
    details: dict[str, Any] = {
        "nonce": person.email,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "civil_id_sealed": b"",
        "civil_id_digest": "",
        "cr_number": "123456",
        "mobile": person.mobile,
        "email": person.email,
        "email_key": person.email,
        "password": credentials.hash_password(person.password),
        "language": "ar",
        "terms_version": "1",
        "terms_hash": "",
        "terms_accepted_at": clock.now(),
    }
    return Registration.objects.create(**details | changes)


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
        page = stranger.submit("تسجيل الدخول", login=other_name, password=ahmad.password)
        assert page.path == "/sign-in/"


@pytest.mark.parametrize("typed", ["", " ", "\u200b", "x", "Diwaniya#1958 ", "diwaniya#1958", "x" * 5000])
def test_any_other_password_does_not(typed: str) -> None:  # RT-33, RT-34
    open_account(ahmad)
    browser = Browser(ahmad)
    browser.get("/sign-in/")
    page = browser.submit("تسجيل الدخول", login=ahmad.email, password=typed)
    assert page.path == "/sign-in/"
    assert not SessionRecord.objects.exists()


@pytest.mark.parametrize("stored", ["", "!", "!abc", "x"])
def test_no_stored_nonsense_is_a_password(stored: str) -> None:  # RT-34
    open_account(ahmad, password=stored)
    for typed in (ahmad.password, stored or " "):
        assert enter(Browser(ahmad), ahmad, password=typed).summary == [WRONG]


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
    pending_request(ahmad, password=credentials.hash_password("Somebody-Else-1"))
    assert enter(Browser(ahmad), ahmad, password="Somebody-Else-1").summary == [WRONG]
    assert enter(Browser(ahmad), ahmad).path == "/home/"


# --- blocked people


def test_blocked_person_is_told_so_only_with_the_right_password() -> None:
    actions.block(user=open_account(ahmad), actor="", reason="request")
    assert enter(Browser(ahmad), ahmad, password="wrong").summary == [WRONG]
    assert enter(Browser(ahmad), ahmad).path == "/blocked/"


def test_blocking_takes_effect_at_the_next_request() -> None:  # RT-14, RT-22
    user = open_account(ahmad)
    browser = signed_in(ahmad)
    User.objects.filter(id=user.id).update(is_active=False)
    assert browser.get("/security/").path == "/sign-in/"


# --- nobody learns who has an account

STATES: dict[str, Callable[[], object]] = {
    "active": lambda: open_account(ahmad),
    "pending": lambda: pending_request(ahmad),
    "blocked": lambda: actions.block(user=open_account(ahmad), actor="", reason="request"),
    "closed": lambda: actions.close_account(user=open_account(ahmad)),
    "must reset": lambda: open_account(ahmad, password="!"),
}


def bare(page: Page) -> tuple[object, ...]:
    """Everything that came back, without what is random in each answer."""
    source = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page.source)
    headers = {name: value for name, value in page.headers.items() if name != "expires"}
    return page.status, source, headers


@pytest.mark.parametrize("state", STATES)
def test_wrong_password_is_answered_as_for_an_unknown_address(state: str) -> None:  # G4, RT-31
    stranger = Browser(ahmad)
    unknown = bare(enter(stranger, ahmad, password="wrong"))
    STATES[state]()
    somebody = Browser(ahmad)
    assert bare(enter(somebody, ahmad, password="wrong")) == unknown
    assert set(somebody.cookies) == set(stranger.cookies)


@pytest.mark.parametrize("state", ["unknown", *STATES])
def test_each_attempt_costs_one_hash(state: str, monkeypatch: pytest.MonkeyPatch) -> None:
    STATES.get(state, lambda: None)()
    hashes: list[str] = []
    real = credentials.verify_password

    def counted(raw: str, encoded: str) -> bool:
        hashes.append(encoded)
        return bool(real(raw, encoded))

    monkeypatch.setattr(credentials, "verify_password", counted)
    enter(Browser(ahmad), ahmad, password="wrong")
    own = state in {"active", "pending", "blocked"}
    assert len(hashes) == 1
    assert hashes[0].startswith("keyed$")
    assert (hashes[0] == credentials.DUMMY) is not own


def test_failed_attempt_leaves_one_event_without_the_address() -> None:
    for _ in range(2):
        enter(Browser(salem), salem, password="wrong")
    events = Event.objects.filter(event="sign_in.failed")
    assert events.count() == 2
    assert not any("salem" in f"{event.subject}{event.facts}" for event in events)


# --- limits


def use_up_the_public_lane(person: Person) -> None:
    for number in range(10):
        enter(Browser(person, address=f"192.0.2.{number + 1}"), person, password="wrong")


def test_ten_failures_pause_the_address_and_the_page_names_time_and_ways_out() -> None:
    open_account(ahmad)
    with time_machine.travel(clock.now(), tick=False):
        use_up_the_public_lane(ahmad)
        page = enter(Browser(ahmad), ahmad, status=429)
    assert page.heading == "محاولات كثيرة"
    assert 1 <= int(page.headers["retry-after"]) <= 2
    assert page.link("إعادة ضبط كلمة المرور")["href"] == "/reset-password/"


def test_paused_page_is_the_same_for_an_address_nobody_has() -> None:  # G4
    with time_machine.travel(clock.now(), tick=False):
        use_up_the_public_lane(ahmad)
        unknown = bare(enter(Browser(ahmad, address="192.0.2.99"), ahmad, password="wrong", status=429))
        open_account(salem)
        use_up_the_public_lane(salem)
        known = bare(enter(Browser(salem, address="192.0.2.99"), salem, password="wrong", status=429))
    assert known == unknown


def test_owner_is_not_locked_out_of_a_known_browser() -> None:
    open_account(ahmad)
    browser = signed_in(ahmad)
    browser.submit("تسجيل الخروج")
    with time_machine.travel(clock.now(), tick=False):
        use_up_the_public_lane(ahmad)
        enter(Browser(ahmad), ahmad, status=429)
        assert enter(browser, ahmad).path == "/home/"


def test_a_device_cookie_of_somebody_else_gives_no_lane() -> None:
    open_account(ahmad)
    open_account(maryam)
    attacker = signed_in(maryam)
    attacker.submit("تسجيل الخروج")
    with time_machine.travel(clock.now(), tick=False):
        use_up_the_public_lane(ahmad)
        attacker.person = ahmad
        enter(attacker, ahmad, status=429)


def test_own_success_takes_back_only_what_it_spent() -> None:  # RT-11
    open_account(ahmad)
    open_account(maryam)
    for _ in range(3):
        enter(Browser(maryam), maryam, password="wrong")
    enter(Browser(ahmad), ahmad)
    assert counter.total(table.FAILURES_SOURCE, "127.0.0.1") == 3
    assert counter.total(table.SIGN_IN_FAILURES, f"public {maryam.email}") == 3


def test_a_success_of_a_network_that_never_failed_leaves_nothing_counted() -> None:
    """Its own attempt began the window in which it is taken back."""
    open_account(ahmad)
    enter(Browser(ahmad), ahmad)
    assert counter.total(table.FAILURES_SOURCE, "127.0.0.1") == 0
    assert counter.total(table.SIGN_IN_FAILURES_SITE) == 0


def test_reset_of_the_password_opens_a_paused_address() -> None:
    user = open_account(ahmad)
    with time_machine.travel(clock.now(), tick=False):
        use_up_the_public_lane(ahmad)
        actions.reset_password(user=user, password=credentials.hash_password("Mubarakiya!Souk9"))
        assert enter(Browser(ahmad), ahmad, password="Mubarakiya!Souk9").path == "/home/"


def test_signing_in_opens_what_a_hundred_wrong_codes_in_a_row_have_closed() -> None:
    open_account(ahmad)
    closed = [f"reset public {ahmad.email}", f"mobile public {ahmad.mobile}", f"reset public {maryam.email}"]
    for key in closed:
        for _ in range(100):
            counter.spend(table.CODE_CONSECUTIVE, key)
    enter(Browser(ahmad), ahmad, password="wrong")
    assert [counter.peek(table.CODE_CONSECUTIVE, key) for key in closed] == [counter.NEVER] * 3
    signed_in(ahmad)
    assert [counter.peek(table.CODE_CONSECUTIVE, key) for key in closed] == [None, None, counter.NEVER]


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


# --- signing out and the end of a session


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


@pytest.mark.parametrize("others", [0, 1, 9, 12])
def test_statements_of_a_sign_in_do_not_grow_with_other_sessions(
    others: int, django_assert_max_num_queries: Callable[[int], AbstractContextManager[object]]
) -> None:  # trap 10
    open_account(ahmad)
    for _ in range(others):
        signed_in(ahmad)
    browser = Browser(ahmad)
    browser.get("/sign-in/")
    with django_assert_max_num_queries(50):
        browser.submit("تسجيل الدخول", login=ahmad.email, password=ahmad.password, follow=False, status=302)


# --- the whole portal under attack


def picture_text(page: Page) -> str:
    """What a person reads in the picture of this page, by the test seam."""
    with override_settings(BAWABA=replace(settings.BAWABA, test_seam=True)):
        return store.solve(page.root.one("input", name="captcha_id")["value"]).text


@pytest.fixture
def attacked() -> None:
    for _ in range(2):
        counter.hit(replace(table.SIGN_IN_FAILURES_SITE, windows=(Window(1, 300),)))


def test_unknown_browsers_must_pass_the_human_check_before_anything_is_compared(attacked: None) -> None:
    open_account(ahmad)
    browser = Browser(ahmad)
    browser.get("/sign-in/")
    page = browser.submit("تسجيل الدخول", login=ahmad.email, password=ahmad.password, captcha="wrong")
    assert page.errors["captcha"]
    assert not Event.objects.filter(event="sign_in.failed").exists()
    page = browser.submit("صورة أخرى", login=ahmad.email, password=ahmad.password)
    assert ahmad.email in page.source
    page = browser.submit("تسجيل الدخول", login=ahmad.email, password=ahmad.password, captcha=picture_text(page))
    assert page.path == "/home/"


def test_known_browsers_are_spared_the_check() -> None:
    open_account(ahmad)
    browser = signed_in(ahmad)
    browser.submit("تسجيل الخروج")
    for _ in range(2):
        counter.hit(replace(table.SIGN_IN_FAILURES_SITE, windows=(Window(1, 300),)))
    assert "captcha" not in browser.get("/sign-in/").source
    assert enter(browser, ahmad).path == "/home/"


def test_a_sign_in_leaves_no_mark_on_the_counters() -> None:
    open_account(ahmad)
    signed_in(ahmad)
    assert not Counter.objects.filter(n__gt=0).exists()


def test_whoever_could_not_be_compared_has_not_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*_: Any) -> bool:
        raise HashingBusy

    open_account(ahmad)
    monkeypatch.setattr(credentials, "verify_password", busy)
    browser = Browser()
    enter(browser, ahmad, status=503)
    assert not Counter.objects.filter(n__gt=0).exists()


def test_a_new_session_is_written_once() -> None:
    open_account(ahmad)
    browser = Browser(ahmad)
    browser.get("/sign-in/")
    with CaptureQueriesContext(connection) as statements:
        browser.submit("تسجيل الدخول", login=ahmad.email, password=ahmad.password, follow=False, status=302)
    verbs = [each["sql"].split()[0] for each in statements.captured_queries if "django_session" in each["sql"]]
    assert [verb for verb in verbs if verb != "SELECT"] == ["INSERT"]
