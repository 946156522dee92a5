"""How often one may fail to sign in, alone and all together."""

from dataclasses import replace
from typing import Any

import pytest
import time_machine

from bawaba.domain.accounts import actions, credentials
from bawaba.domain.accounts.turnstile import HashingBusy
from bawaba.infrastructure import clock
from bawaba.infrastructure.audit.models import Event
from bawaba.infrastructure.limits import counter, table
from bawaba.infrastructure.limits.models import Counter
from bawaba.infrastructure.limits.table import Window
from tests.accounts import enter, open_account, pending_request, signed_in
from tests.client import Browser
from tests.journey import picture_text
from tests.page import bare
from tests.people import Person, ahmad, maryam, salem

pytestmark = pytest.mark.django_db


# --- limits


def use_up_the_public_lane(person: Person) -> None:
    for number in range(10):
        enter(Browser(person, address=f"192.0.2.{number + 1}"), person, password="wrong", status=422)


def test_ten_failures_pause_the_address_and_the_page_names_time_and_ways_out() -> None:
    open_account(ahmad)
    with time_machine.travel(clock.now(), tick=False):
        use_up_the_public_lane(ahmad)
        page = enter(Browser(ahmad), ahmad, status=429)
    assert page.heading == "محاولات كثيرة"
    assert 1 <= int(page.headers["retry-after"]) <= 2
    assert page.link("إعادة ضبط كلمة المرور")["href"] == "/reset-password/"


def test_all_spellings_of_an_address_share_one_counter() -> None:  # RT-10
    spellings = (ahmad.email, ahmad.email.upper(), f" {ahmad.email}\u200f")
    for typed in spellings:
        enter(Browser(ahmad, shows=spellings), replace(ahmad, email=typed), password="wrong", status=422)
    assert counter.total(table.SIGN_IN_FAILURES, f"public {ahmad.email}") == 3


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


@pytest.mark.parametrize("known", [True, False])
def test_own_request_for_an_address_ends_no_waits(known: bool) -> None:  # RT-11
    if known:
        open_account(ahmad)
    pending_request(ahmad, password="Somebody-Else-1")
    with time_machine.travel(clock.now(), tick=False):
        for _ in range(9):
            enter(Browser(ahmad), ahmad, password="wrong", status=422)
        assert enter(Browser(ahmad), ahmad, password="Somebody-Else-1").path == "/activate/"
        enter(Browser(ahmad), ahmad, password="wrong", status=422)
        enter(Browser(ahmad), ahmad, password="wrong", status=429)


def test_own_success_takes_back_only_what_it_spent() -> None:  # RT-11
    open_account(ahmad)
    open_account(maryam)
    for _ in range(3):
        enter(Browser(maryam), maryam, password="wrong", status=422)
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
    enter(Browser(ahmad), ahmad, password="wrong", status=422)
    assert [counter.peek(table.CODE_CONSECUTIVE, key) for key in closed] == [counter.NEVER] * 3
    signed_in(ahmad)
    assert [counter.peek(table.CODE_CONSECUTIVE, key) for key in closed] == [None, None, counter.NEVER]


# --- the whole portal under attack


@pytest.fixture
def attacked() -> None:
    for _ in range(2):
        counter.hit(replace(table.SIGN_IN_FAILURES_SITE, windows=(Window(1, 300),)))


def test_unknown_browsers_must_pass_the_human_check_before_anything_is_compared(attacked: None) -> None:
    open_account(ahmad)
    browser = Browser(ahmad)
    browser.get("/sign-in/")
    page = browser.submit("تسجيل الدخول", login=ahmad.email, password=ahmad.password, captcha="wrong", status=422)
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
