"""The second step of a sign-in: no way round it, and each way through it once."""

from datetime import timedelta
from unicodedata import lookup

import pytest
import time_machine
from django.core.cache import cache

from bawaba.domain.accounts import actions
from bawaba.domain.accounts import allauth as factors
from bawaba.domain.accounts.models import SessionRecord, User
from bawaba.domain.accounts.sessions import actions as sessions
from bawaba.infrastructure import clock
from bawaba.infrastructure.audit.models import Event
from bawaba.infrastructure.limits import counter, table
from tests.accounts import enter, open_account
from tests.client import Browser
from tests.factors import Passkey, give_authenticator, give_recovery_codes, shown_code
from tests.people import ahmad, maryam

pytestmark = pytest.mark.django_db

WRONG = "رمز التحقق: رمز التحقق غير صحيح."


@pytest.fixture
def protected() -> User:
    user = open_account(ahmad)
    give_authenticator(user)
    return user


def at_second_step(path: str = "/sign-in/") -> Browser:
    browser = Browser(ahmad)
    assert enter(browser, ahmad, path=path).path == "/sign-in/second-step/"
    return browser


def test_password_alone_opens_nothing(protected: User) -> None:  # RT-24
    browser = at_second_step()
    for path in ("/home/", "/security/", "/security/authenticator/add/", "/security/passkeys/add/", "/confirm/"):
        assert browser.get(path, follow=False, status=303).headers["location"].startswith("/sign-in/")
    assert not SessionRecord.objects.exists()


def test_what_waits_here_ends_when_the_owner_ends_all_sessions(protected: User) -> None:
    browser = at_second_step()
    sessions.end_all(user=protected, reason="disowned")
    assert browser.submit("تحقق", code=shown_code()).path == "/sign-in/"
    assert not SessionRecord.objects.exists()


@pytest.mark.parametrize("way", ["factors gone", "closed"])
def test_whoever_waits_here_for_a_factor_that_is_gone_begins_anew(protected: User, way: str) -> None:
    """Officers took it away, an objection did, or the account was closed meanwhile."""
    browser = at_second_step()
    if way == "closed":
        actions.close_account(user=protected)
    else:
        factors.remove_factors(user=protected, approved_by="uid:2")
    assert browser.get("/sign-in/second-step/").path == "/sign-in/"
    status, path = (200, "/home/") if way == "factors gone" else (422, "/sign-in/")
    assert enter(browser, ahmad, status=status).path == path


def test_code_of_the_authenticator_opens_the_session_under_a_new_key(protected: User) -> None:  # RT-28
    browser = at_second_step()
    before = browser.cookies["session"].value
    page = browser.submit("تحقق", code=shown_code())
    assert page.path == "/home/"
    assert browser.cookies["session"].value != before
    assert SessionRecord.objects.get().method == "totp"


def test_page_that_was_asked_for_survives_the_second_step(protected: User) -> None:
    browser = at_second_step("/sign-in/?next=/security/")
    assert browser.submit("تحقق", code=shown_code()).path == "/security/"


def test_arabic_digits_and_spaces_are_taken(protected: User) -> None:  # trap 9
    arabic = "".join(lookup(f"ARABIC-INDIC DIGIT {name}") for name in _names(shown_code()))
    assert at_second_step().submit("تحقق", code=f" {arabic[:3]} {arabic[3:]} ").path == "/home/"


def _names(code: str) -> list[str]:
    words = ["ZERO", "ONE", "TWO", "THREE", "FOUR", "FIVE", "SIX", "SEVEN", "EIGHT", "NINE"]
    return [words[int(digit)] for digit in code]


@pytest.mark.parametrize("steps", [-2, -1, 1, 2])
def test_codes_of_other_periods_are_refused(protected: User, steps: int) -> None:  # trap 4
    assert at_second_step().submit("تحقق", code=shown_code(steps=steps), status=422).summary == [WRONG]


def test_a_code_is_good_once(protected: User) -> None:  # traps 3 and 4
    with time_machine.travel(clock.now(), tick=False):
        assert at_second_step().submit("تحقق", code=shown_code()).path == "/home/"
        assert at_second_step().submit("تحقق", code=shown_code(), status=422).summary == [WRONG]


def test_a_recovery_code_is_good_once(protected: User) -> None:  # trap 11
    code = give_recovery_codes(protected)[3]
    assert len(code) == 20
    assert at_second_step().submit("تحقق", code=code).path == "/home/"
    assert at_second_step().submit("تحقق", code=code, status=422).summary == [WRONG]


@pytest.mark.parametrize("typed", ["", " ", "000000", "abcdef", "٠", "1" * 500])
def test_anything_else_is_refused(protected: User, typed: str) -> None:  # RT-33
    page = at_second_step().submit("تحقق", code=typed, status=422)
    assert page.path == "/sign-in/second-step/"
    assert page.summary


def test_five_wrong_codes_close_the_step_for_a_while(protected: User) -> None:
    browser = at_second_step()
    with time_machine.travel(clock.now(), tick=False):
        for _ in range(5):
            browser.submit("تحقق", code="000000", status=422)
        page = browser.submit("تحقق", code=shown_code(), status=429)
    assert page.headers["retry-after"] == "300"
    assert not SessionRecord.objects.exists()


def test_wrong_codes_count_for_the_account_over_all_browsers(protected: User) -> None:
    with time_machine.travel(clock.now(), tick=False):
        for number in range(5):
            browser = Browser(ahmad, address=f"192.0.2.{number + 1}")
            enter(browser, ahmad)
            browser.submit("تحقق", code="000000", status=422)
        at_second_step().submit("تحقق", code=shown_code(), status=429)


def test_own_success_leaves_the_counters_of_source_and_others(protected: User) -> None:  # RT-11, trap 5
    stranger = Browser(maryam)
    open_account(maryam)
    enter(stranger, maryam, password="wrong", status=422)
    browser = at_second_step()
    browser.submit("تحقق", code="000000", status=422)
    browser.submit("تحقق", code=shown_code())
    assert counter.total(table.FAILURES_SOURCE, "127.0.0.1") == 2


def test_a_right_code_of_a_network_that_never_failed_leaves_nothing_counted(protected: User) -> None:
    at_second_step().submit("تحقق", code=shown_code())
    assert counter.total(table.FAILURES_SOURCE, "127.0.0.1") == 0
    assert counter.total(table.SECOND_FACTOR_FAILURES, str(protected.pk)) == 0


def test_refused_and_accepted_codes_are_noted(protected: User) -> None:
    browser = at_second_step()
    browser.submit("تحقق", code="000000", status=422)
    browser.submit("تحقق", code=shown_code())
    assert [e.event for e in Event.objects.filter(event__startswith="factor.") if e.event != "factor.added"] == [
        "factor.refused",
        "factor.accepted",
    ]


def test_second_step_is_left_after_fifteen_minutes(protected: User) -> None:
    with time_machine.travel(clock.now(), tick=False) as moment:
        browser = at_second_step()
        moment.shift(timedelta(minutes=16))
        assert browser.submit("تحقق", code=shown_code()).path == "/sign-in/"


def test_blocking_between_the_steps_is_noticed(protected: User) -> None:  # RT-14
    browser = at_second_step()
    User.objects.update(is_active=False)
    assert browser.submit("تحقق", code=shown_code()).path in {"/blocked/", "/sign-in/"}
    assert not SessionRecord.objects.exists()


def test_used_code_stays_used_when_the_cache_is_emptied(protected: User) -> None:  # trap 3
    with time_machine.travel(clock.now(), tick=False):
        at_second_step().submit("تحقق", code=shown_code())
        cache.clear()
        assert at_second_step().submit("تحقق", code=shown_code(), status=422).summary == [WRONG]
    assert SessionRecord.objects.count() == 1


# --- passkeys


@pytest.fixture
def with_passkey() -> tuple[User, Passkey]:
    user, passkey = open_account(ahmad), Passkey()
    browser = Browser(ahmad)
    enter(browser, ahmad, path="/sign-in/?next=/security/passkeys/add/")
    credential = passkey.register(_options(browser))
    browser.post("/security/passkeys/add/", {"name": "هاتف", "credential": credential}, follow=False, status=302)
    SessionRecord.objects.all().delete()
    return user, passkey


def _options(browser: Browser) -> str:
    return next(b["data-options"] for b in browser.page.root.all("button") if "data-options" in b.attrs)


def test_a_passkey_is_the_second_step(with_passkey: tuple[User, Passkey]) -> None:
    browser = at_second_step()
    credential = with_passkey[1].answer(_options(browser))
    assert browser.post("/sign-in/second-step/", {"credential": credential}).path == "/home/"
    assert SessionRecord.objects.get().method == "webauthn"


def test_a_passkey_that_is_refused_here_is_told_and_another_way_stays_open(with_passkey: tuple[User, Passkey]) -> None:
    give_authenticator(with_passkey[0])
    browser = at_second_step()
    credential = Passkey().answer(_options(browser))
    page = browser.post("/sign-in/second-step/", {"credential": credential})
    assert (page.path, page.notes) == (
        "/sign-in/second-step/",
        ["لم يُقبل مفتاح المرور. حاول مرة أخرى أو استخدم طريقة أخرى."],
    )
    assert browser.submit("تحقق", code=shown_code()).path == "/home/"


def test_a_passkey_alone_signs_in(with_passkey: tuple[User, Passkey]) -> None:
    browser = Browser(ahmad)
    assert browser.get("/sign-in/").button("تسجيل الدخول بمفتاح المرور")["data-from"] == "/sign-in/passkey/"
    answer = browser.client.get("/sign-in/passkey/", headers={"Accept": "application/json"}).json()
    credential = with_passkey[1].answer(__import__("json").dumps(answer["request_options"]))
    assert browser.post("/sign-in/passkey/", {"credential": credential}).path == "/home/"
