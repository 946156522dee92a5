"""The reset screen: one page, two buttons."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine

from bawaba.domain.accounts.models import User
from bawaba.infrastructure.limits import counter, table
from bawaba.infrastructure.messaging.models import Message
from tests.accounts import open_account
from tests.client import Browser
from tests.journey import activate, code_sent_to, picture_text, register
from tests.page import Page
from tests.people import ahmad, salem

pytestmark = pytest.mark.django_db

NEW = "Mubarakiya!Souk9"


@pytest.fixture
def now() -> Iterator[time_machine.Traveller]:
    with time_machine.travel("2026-11-24 09:00:00+03:00", tick=False) as traveller:
        yield traveller


@pytest.fixture
def registered(now: time_machine.Traveller) -> Browser:
    """Ahmad's browser, signed in; a minute has passed, so that his mailbox may be written to again."""
    browser = Browser(ahmad)
    register(browser, ahmad)
    activate(browser, ahmad)
    now.shift(timedelta(seconds=60))
    return browser


def _ask(browser: Browser, email: str) -> Page:
    page = browser.get("/reset-password/")
    return browser.submit("إرسال", email=email, captcha=picture_text(page))


def _reset(browser: Browser, code: str, *, status: int = 200, password: str = NEW) -> Page:
    button = "إعادة ضبط كلمة المرور"
    return browser.submit(button, status=status, code=code, password=password, password2=password)


def test_a_code_sets_a_new_password_and_leads_to_signing_in(registered: Browser) -> None:
    old = User.objects.get().password
    browser = Browser(ahmad)
    page = _ask(browser, ahmad.email)
    assert f"تم إرسال رمز التحقق إلى بريدك الإلكتروني: {ahmad.email}" in page.text
    page = _reset(browser, code_sent_to(ahmad.email))
    assert page.path == "/sign-in/"
    assert "تم تغيير كلمة المرور، وسُجّل الخروج من الأجهزة الأخرى." in page.text
    assert User.objects.get().password != old
    assert Message.objects.filter(kind="password_reset", address=ahmad.email).count() == 1


def test_other_sessions_end(registered: Browser) -> None:
    assert registered.get("/home/").path == "/home/"
    browser = Browser(ahmad)
    _ask(browser, ahmad.email)
    _reset(browser, code_sent_to(ahmad.email))
    assert registered.get("/home/").path == "/sign-in/"


def test_the_browser_that_is_signed_in_resets_as_well(registered: Browser, now: time_machine.Traveller) -> None:
    _ask(registered, ahmad.email)
    now.shift(timedelta(seconds=61))
    assert _reset(registered, code_sent_to(ahmad.email)).path == "/sign-in/"
    assert registered.get("/home/").path == "/sign-in/"


def test_an_unknown_address_gets_the_same_page_and_a_message_of_its_own(registered: Browser) -> None:
    known = _ask(Browser(ahmad), ahmad.email)
    unknown = _ask(Browser(salem), salem.email)
    assert unknown.text.replace(salem.email, ahmad.email) == known.text
    assert Message.objects.get(address=salem.email).kind == "no_account"


@pytest.mark.parametrize("code", ["", "00000000", "12345678"])
def test_without_the_right_code_the_password_stays(registered: Browser, code: str) -> None:
    old = User.objects.get().password
    browser = Browser(ahmad)
    _ask(browser, ahmad.email)
    _reset(browser, code, status=422)
    assert User.objects.get().password == old


def test_the_code_works_in_another_browser_and_only_once(registered: Browser) -> None:
    _ask(Browser(ahmad), ahmad.email)
    code = code_sent_to(ahmad.email)
    other = Browser(ahmad)
    other.get("/reset-password/")
    button = "إعادة ضبط كلمة المرور"
    other.submit(button, email=ahmad.email, code=code, password=NEW, password2=NEW)
    other.get("/reset-password/")
    other.submit(button, status=422, email=ahmad.email, code=code, password=NEW + "x", password2=NEW + "x")


def test_a_code_asked_for_one_address_does_not_reset_another(registered: Browser) -> None:
    old = open_account(salem).password
    browser = Browser(ahmad, shows=(salem.email,))
    _ask(browser, ahmad.email)
    code = code_sent_to(ahmad.email)
    browser.submit("إعادة ضبط كلمة المرور", status=422, email=salem.email, code=code, password=NEW, password2=NEW)
    assert User.objects.get(email=salem.email).password == old


def test_the_code_goes_to_the_address_that_is_stored(registered: Browser) -> None:  # RT-03, RT-10
    """Never to the one that was typed, which only has the same key; and the two share one counter."""
    typed = ahmad.email.upper()
    _ask(Browser(ahmad, shows=(typed,)), typed)
    assert Message.objects.get(kind="reset_code").address == ahmad.email
    assert counter.total(table.SEND_EMAIL, ahmad.email) == 1


def test_enter_sends_while_there_is_no_code_and_resets_when_there_is_one(registered: Browser) -> None:
    browser = Browser(ahmad)
    page = browser.get("/reset-password/")
    browser.enter(page.form("/reset-password/"), email=ahmad.email, captcha=picture_text(page))
    assert Message.objects.filter(kind="reset_code").count() == 1
    code = code_sent_to(ahmad.email)
    page = browser.enter(browser.page.form("/reset-password/"), code=code, password=NEW, password2=NEW)
    assert page.path == "/sign-in/"


def test_send_pressed_again_too_soon_says_when(registered: Browser, now: time_machine.Traveller) -> None:
    _ask(Browser(ahmad), ahmad.email)
    browser = Browser(ahmad)
    page = browser.get("/reset-password/")
    page = browser.submit("إرسال", status=429, email=ahmad.email, captcha=picture_text(page))
    assert page.headers["retry-after"] == "60"
    assert page.heading == "إعادة ضبط كلمة المرور"
    assert "يمكنك طلب رمز جديد بعد دقيقة واحدة." in page.text
    assert page.main.one("input", name="email")["value"] == ahmad.email
    now.shift(timedelta(seconds=60))
    _ask(Browser(ahmad), ahmad.email)
    assert Message.objects.filter(kind="reset_code").count() == 2


def test_a_weak_new_password_is_refused_before_the_code_is_spent(registered: Browser) -> None:
    browser = Browser(ahmad)
    _ask(browser, ahmad.email)
    code = code_sent_to(ahmad.email)
    _reset(browser, code, status=422, password="weak")
    assert _reset(browser, code).path == "/sign-in/"


def test_one_screen_holds_everything_the_guide_prints() -> None:
    page = Browser().get("/reset-password/")
    assert page.heading == "إعادة ضبط كلمة المرور"
    assert [label.text for label in page.main.all("label")] == [
        "البريد الإلكتروني*",
        "أدخل نص الصورة*",
        "رمز تحقق البريد الإلكتروني*",
        "كلمة المرور الجديدة*",
        "إعادة كتابة كلمة المرور*",
    ]
    assert "يرجى كتابة عنوان البريد الإلكتروني المسجّل لدينا، وسيتم إرسال رمز التحقق إليك" in page.text
    assert "يجب ألا تقل كلمة المرور عن 8 خانات وأن تحتوي على حروف كبيرة وصغيرة وأرقام ورموز" in page.text
    assert page.button("إعادة ضبط كلمة المرور").get("name") == "reset"
    assert page.link("الرئيسية")


def test_the_confirmation_shows_what_was_typed_and_is_closed_with_ok(registered: Browser) -> None:
    page = _ask(Browser(ahmad), ahmad.email)
    dialog = page.main.one("dialog")
    assert f"تم إرسال رمز التحقق إلى بريدك الإلكتروني: {ahmad.email}" in dialog.text
    assert dialog.one("form", method="dialog").one("button").text == "موافق"
    assert page.main.one("input", name="email")["value"] == ahmad.email
