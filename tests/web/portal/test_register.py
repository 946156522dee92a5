"""The registration form."""

import time
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.test import override_settings

from bawaba.domain.accounts.models import User
from bawaba.domain.registration import actions
from bawaba.domain.registration.models import Registration
from bawaba.infrastructure.messaging.models import Message
from tests.client import Browser
from tests.journey import activate, answers, code_sent_to, picture_text, register
from tests.people import ahmad, example_trading, maryam

pytestmark = pytest.mark.django_db


def test_the_form_has_the_fields_of_the_guide_in_its_order() -> None:
    page = Browser().get("/register/")
    labels = [label.text for label in page.main.all("label")]
    assert labels == [
        "الاسم الأول*",
        "الاسم الأخير*",
        "الجنس*",
        "الرقم المدني*",
        "رقم السجل التجاري للشركة*",
        "رقم الهاتف الجوال*",
        "البريد الإلكتروني*",
        "كلمة المرور*",
        "إعادة كتابة كلمة المرور*",
        "أدخل نص الصورة*",
        "الموافقة على الشروط والأحكام*",
    ]
    assert page.heading == "تسجيل المستخدم تسجيل حساب لخدمات الشركات"
    assert "checked" not in page.main.one("input", name="terms").attrs


def test_sending_the_form_leads_to_activation_and_sends_one_code_to_each_address() -> None:
    browser = Browser(ahmad)
    page = register(browser, ahmad)
    assert page.path == "/activate/"
    assert ahmad.email in page.text
    assert {(m.channel, m.address) for m in Message.objects.all()} == {("email", ahmad.email), ("sms", ahmad.mobile)}
    assert code_sent_to(ahmad.email) != code_sent_to(ahmad.mobile)
    assert not User.objects.exists()


def test_nothing_is_stored_while_a_field_is_wrong_and_what_was_typed_comes_back() -> None:
    browser = Browser(ahmad)
    page = browser.get("/register/")
    wrong = answers(ahmad, civil_id="185041200092", terms="")
    page = browser.submit("إرسال", wrong, captcha=picture_text(page), status=422)
    assert page.errors["civil_id"].endswith("الرقم المدني غير صحيح. اكتبه كما يظهر في البطاقة المدنية.")
    assert page.title.startswith("خطأ:")
    assert page.main.one("input", name="first_name")["value"] == ahmad.first_name
    assert not page.main.one("input", name="password").get("value")
    assert not Registration.objects.exists()


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("first_name", "", "هذا الحقل مطلوب."),
        ("first_name", "أحمد Ahmad", "اكتب الاسم بحروف عربية فقط أو بحروف لاتينية فقط."),
        ("last_name", "<b>", "يحتوي الاسم على رموز غير مسموح بها."),
        ("gender", "", "هذا الحقل مطلوب."),
        ("civil_id", "12345", "يتكوّن الرقم المدني من 12 رقمًا."),
        ("cr_number", "12a", "يتكوّن رقم السجل التجاري من أرقام فقط."),
        ("cr_number", "1234567890123", "يجب ألا يزيد رقم السجل التجاري على 12 رقمًا."),
        ("mobile", "22345678", "أدخل رقم هاتف جوال كويتيًا من 8 أرقام."),
        ("email", "ahmad@", "أدخل عنوان بريد إلكتروني صحيحًا، مثل name@example.com."),
        ("password", "Short1!", "يجب ألا تقل كلمة المرور عن 8 خانات."),
        ("password2", "Other#1234", "كلمتا المرور غير متطابقتين."),
        ("captcha", "wrong1", "نص الصورة غير صحيح. راعِ الحروف الكبيرة والصغيرة ثم أعد المحاولة."),
        ("captcha", "", "هذا الحقل مطلوب."),
        ("terms", "", "يجب الموافقة على الشروط والأحكام."),
    ],
)
def test_each_wrong_field_says_what_is_wrong_beside_it(field: str, typed: str, sentence: str) -> None:
    browser = Browser(ahmad)
    page = browser.get("/register/")
    page = browser.submit("إرسال", answers(ahmad) | {"captcha": picture_text(page), field: typed}, status=422)
    assert sentence in page.errors[field]
    assert not Registration.objects.exists()
    assert not Message.objects.exists()


def test_arabic_digits_spaces_and_direction_marks_are_understood() -> None:
    register(
        Browser(ahmad),
        ahmad,
        civil_id="\u200f١٨٥٠ ٤١٢٠ ٠٠٢٩",
        mobile="+965 ٥٠٠٠-٠١٠١",
        cr_number="۱۲۳۴۵۶",
        email=f"  {ahmad.email}\u200e",
    )
    registration = Registration.objects.get()
    assert registration.civil_id == ahmad.civil_id
    assert (registration.mobile, registration.cr_number) == (ahmad.mobile, example_trading.cr_number)
    assert registration.email == ahmad.email


def test_an_address_with_an_account_gets_the_same_page_and_another_message() -> None:
    with time_machine.travel("2026-11-24 09:00:00+03:00", tick=False) as now:
        first = Browser(maryam)
        register(first, maryam)
        activate(first, maryam)
        now.shift(timedelta(seconds=60))
        known = register(Browser(maryam, shows=ahmad.private), maryam, civil_id=ahmad.civil_id, mobile=ahmad.mobile)
        unknown = register(Browser(ahmad), ahmad)
    assert known.path == unknown.path == "/activate/"
    assert {m.address: m.kind for m in Message.objects.filter(channel="email").order_by("created_at")} == {
        maryam.email: "existing_account",
        ahmad.email: "activation_code",
    }
    assert User.objects.count() == 1


def test_one_form_sent_twice_makes_one_request_and_one_pair_of_messages() -> None:
    browser = Browser(ahmad)
    fields = _filled_in(browser)
    browser.post("/register/", fields)
    browser.get("/register/")
    page = browser.post("/register/", fields)
    assert page.path == "/activate/"
    assert (Registration.objects.count(), Message.objects.count()) == (1, 2)


def test_of_two_presses_at_once_both_lead_to_the_one_request(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second finds the picture used up before the first has made its request: it waits for it."""
    browser, again = Browser(ahmad), Browser(ahmad)
    fields = _filled_in(browser)
    again.get("/register/")
    submit = actions.submit

    def while_the_button_is_pressed_again(**typed: Any) -> Registration:
        monkeypatch.setattr(actions, "submit", submit)
        monkeypatch.setattr(time, "sleep", lambda _seconds: made.append(submit(**typed)))
        assert again.post("/register/", fields).path == "/activate/"
        return made[0]

    made: list[Registration] = []
    monkeypatch.setattr(actions, "submit", while_the_button_is_pressed_again)
    assert browser.post("/register/", fields).path == "/activate/"
    assert (Registration.objects.count(), Message.objects.count()) == (1, 2)


@pytest.mark.parametrize("typed", ["wrong1", ""])
def test_a_picture_that_was_read_wrongly_or_not_at_all_waits_for_nobody(
    typed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = Browser(ahmad)
    fields = _filled_in(browser) | {"captcha": typed}
    slept: list[float] = []
    monkeypatch.setattr(time, "sleep", slept.append)
    assert set(browser.post("/register/", fields, status=422).errors) == {"captcha"}
    assert len(slept) == 1, "until the full step of time, as every answer, and for nobody's twin"


def _filled_in(browser: Browser) -> dict[str, str]:
    """All that the form sends when Ahmad has filled it in."""
    form = browser.get("/register/")
    return answers(ahmad) | {
        "captcha": picture_text(form),
        "captcha_id": form.root.one("input", name="captcha_id")["value"],
        "nonce": form.root.one("input", name="nonce")["value"],
        "send": "1",
    }


@pytest.mark.parametrize("nonce", ["\ufdd0", "سالم", "a b", "a\n", "x" * 65])
def test_a_mark_that_no_form_of_ours_carries_registers_nobody(nonce: str) -> None:
    browser = Browser(ahmad)
    page = browser.get("/register/")
    browser.submit("إرسال", answers(ahmad), captcha=picture_text(page), nonce=nonce, status=422)
    assert not Registration.objects.exists()


def test_another_picture_keeps_what_was_typed_and_sends_nothing() -> None:
    browser = Browser(ahmad)
    before = browser.get("/register/").root.one("input", name="captcha_id")["value"]
    page = browser.submit("صورة أخرى", answers(ahmad))
    assert page.main.one("input", name="email")["value"] == ahmad.email
    assert (
        page.main.one("input", name="terms").get("checked") == ""
        or "checked" in page.main.one("input", name="terms").attrs
    )
    assert page.root.one("input", name="captcha_id")["value"] != before
    assert not page.errors
    assert not Registration.objects.exists()


@pytest.mark.parametrize(("policy", "asked"), [("required", True), ("optional", True), ("hidden", False)])
def test_the_gender_is_asked_as_the_installation_says(policy: str, asked: bool) -> None:
    with override_settings(BAWABA=replace(settings.BAWABA, registration_gender=policy)):
        page = Browser().get("/register/")
    assert bool(page.main.all("select", name="gender")) is asked


def test_english_form_makes_an_english_registration() -> None:
    browser = Browser(ahmad)
    page = browser.get("/en/register/")
    browser.submit("Send", answers(ahmad), captcha=picture_text(page))
    assert Registration.objects.get().language == "en"
    assert {m.language for m in Message.objects.all()} == {"en"}


def test_the_form_says_what_the_guide_says() -> None:
    page = Browser().get("/register/")
    for words in (
        "التعريف الشخصي ومعلومات الاتصال",
        "يجب كتابة معلومات حقيقية وصحيحة، بما فيها معلومات الاتصال",
        'الحقول التي تحمل علامة "*" إلزامية الإدخال',
        "سوف تُستخدم معلومات الاتصال للتحقق من هوية المستخدم وللتواصل، يرجى كتابة معلومات صحيحة ودقيقة",
    ):
        assert words in page.text
    genders = [option.text for option in page.main.one("select", name="gender").all("option")]
    assert genders == ["الرجاء اختيار الجنس", "ذكر", "أنثى"]
    assert page.main.one("input", name="cr_number")["aria-describedby"]
    terms = page.link("الشروط والأحكام (تُفتح في صفحة جديدة)")
    assert (terms["href"], terms["target"]) == ("/terms/", "_blank")
    assert page.link("هل نسيت كلمة المرور؟")["href"] == "/reset-password/"
    assert page.button("إرسال").get("name") == "send"
