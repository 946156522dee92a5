"""The activation screen: two codes, two parts."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.test import override_settings

from bawaba.domain.accounts.models import User
from bawaba.domain.registration import actions
from bawaba.domain.registration.models import Registration, State
from bawaba.identifiers.addresses import email_key
from bawaba.infrastructure import clock
from bawaba.infrastructure.messaging.models import Message
from tests.client import Browser
from tests.journey import activate, code_sent_to, register
from tests.people import ahmad, maryam, salem

pytestmark = pytest.mark.django_db

EMAIL, MOBILE = "/activate/verify/email/", "/activate/verify/mobile/"


def _enter(browser: Browser, part: str, code: str, *, status: int = 200) -> None:
    name = "email-code" if part == EMAIL else "mobile-code"
    browser.enter(browser.page.form(part), {name: code}, status=status)


def test_the_email_code_makes_the_account_and_signs_in() -> None:
    browser = Browser(ahmad)
    register(browser, ahmad)
    page = activate(browser, ahmad)
    assert page.path == "/home/"
    assert "تم تفعيل حسابك. يمكنك الآن استخدام الخدمات الإلكترونية." in page.text
    user = User.objects.get()
    assert (user.email, user.civil_id, user.mobile_proven_at) == (ahmad.email, ahmad.civil_id, None)
    assert user.id == Registration.objects.get().id
    assert user.consents.get().version == "1.0"


def test_the_code_is_understood_in_arabic_digits_with_spaces() -> None:
    browser = Browser(ahmad)
    register(browser, ahmad)
    code = code_sent_to(ahmad.email).translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    _enter(browser, EMAIL, f" {code[:3]} {code[3:]}\u200f")
    assert browser.page.path == "/home/"


def test_the_sms_code_proves_the_mobile_and_nothing_else() -> None:
    browser = Browser(ahmad)
    register(browser, ahmad)
    _enter(browser, MOBILE, code_sent_to(ahmad.mobile))
    assert browser.page.path == "/activate/"
    assert not User.objects.exists()
    activate(browser, ahmad)
    assert User.objects.get().mobile_proven_at is not None


def test_only_the_code_that_must_be_entered_bears_a_star() -> None:
    browser = Browser(ahmad)
    page = register(browser, ahmad)
    assert [len(page.form(part).all(class_="star")) for part in (EMAIL, MOBILE)] == [1, 0]
    with override_settings(BAWABA=replace(settings.BAWABA, mobile_proof="required")):
        page = browser.get("/activate/")
    assert [len(page.form(part).all(class_="star")) for part in (EMAIL, MOBILE)] == [1, 1]


def test_neither_code_is_good_for_the_other_part() -> None:
    browser = Browser(ahmad)
    register(browser, ahmad)
    _enter(browser, EMAIL, code_sent_to(ahmad.mobile), status=422)
    _enter(browser, MOBILE, code_sent_to(ahmad.email), status=422)
    assert not User.objects.exists()
    assert Registration.objects.get().mobile_proven_at is None


def test_five_wrong_codes_end_the_guesses_and_a_resend_does_not_forgive_them() -> None:
    browser = Browser(ahmad)
    register(browser, ahmad)
    right = code_sent_to(ahmad.email)
    wrong = "000000" if right != "000000" else "111111"
    for _ in range(5):
        _enter(browser, EMAIL, wrong, status=422)
        assert "رمز التحقق غير صحيح." in browser.page.text
    _enter(browser, EMAIL, right, status=422)
    assert "محاولات كثيرة. اطلب رمزًا جديدًا." in browser.page.text
    assert not User.objects.exists()


def test_a_new_code_can_be_asked_for_after_a_minute_and_not_before() -> None:
    browser = Browser(ahmad)
    with time_machine.travel("2026-11-24 09:00:00+03:00", tick=False) as now:
        register(browser, ahmad)
        page = browser.submit("إعادة إرسال رمز التحقق", within=browser.page.form("/activate/resend/email/"), status=429)
        assert page.headers["retry-after"] == "60"
        assert "يمكنك طلب رمز جديد بعد دقيقة واحدة." in page.text
        assert Message.objects.filter(channel="email").count() == 1
        now.shift(timedelta(seconds=60))
        first = code_sent_to(ahmad.email)
        page = browser.submit("إعادة إرسال رمز التحقق", within=browser.page.form("/activate/resend/email/"))
        assert "أرسلنا رمز التحقق مرة أخرى" in page.text
        assert Message.objects.filter(channel="email").count() == 2
        assert code_sent_to(ahmad.email) == first


def test_no_code_is_said_to_be_sent_when_none_was() -> None:
    with time_machine.travel("2026-11-24 09:00:00+03:00", tick=False):
        register(Browser(ahmad), ahmad)
        page = register(Browser(ahmad), ahmad)
    assert Message.objects.filter(channel="email").count() == 1
    assert "لم نرسل رمز تحقق إلى ahmad@example.com بعد" in page.text
    assert "أرسلنا رمز تحقق" not in page.text


def test_a_corrected_address_gets_its_own_code_and_the_old_one_dies() -> None:
    browser = Browser(ahmad, shows=(salem.email,))
    register(browser, ahmad)
    old = code_sent_to(ahmad.email)
    browser.submit("حفظ وإرسال رمز التحقق", new_email=salem.email)
    _enter(browser, EMAIL, old, status=422)
    _enter(browser, EMAIL, code_sent_to(salem.email))
    assert User.objects.get().email == salem.email


def test_a_proven_address_cannot_be_exchanged_in_the_moment_of_its_proof(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the account would be opened with the address of somebody who proved nothing."""
    browser = Browser(ahmad)
    register(browser, ahmad)

    def and_the_code_comes_back(email: str) -> str:
        Registration.objects.update(email_proven_at=clock.now())
        return email_key(email)

    monkeypatch.setattr(actions, "email_key", and_the_code_comes_back)
    browser.submit("حفظ وإرسال رمز التحقق", new_email=salem.email)
    assert Registration.objects.get().email == ahmad.email


def test_the_first_of_two_requests_for_one_address_wins_and_the_other_is_over() -> None:
    mine, rival = Browser(ahmad), Browser(ahmad, address="127.0.0.2", shows=maryam.private)
    with time_machine.travel("2026-11-24 09:00:00+03:00", tick=False) as now:
        register(
            rival,
            ahmad,
            civil_id=maryam.civil_id,
            mobile=maryam.mobile,
            password="Not-Yours#99",
            password2="Not-Yours#99",
        )
        now.shift(timedelta(minutes=2))
        register(mine, ahmad)
        activate(mine, ahmad)
    assert User.objects.get().civil_id == ahmad.civil_id
    assert (
        Registration.objects.get(civil_id_digest=settings.KEYS.digest("civil_id", maryam.civil_id)).state
        == State.SUPERSEDED
    )
    assert rival.get("/activate/").path == "/sign-in/"


def test_a_civil_number_of_another_account_is_told_only_after_the_proof_and_its_owner_is_told() -> None:
    owner = Browser(ahmad)
    register(owner, ahmad)
    activate(owner, ahmad)
    other = Browser(salem, shows=ahmad.private)
    page = register(other, salem, civil_id=ahmad.civil_id)
    assert page.path == "/activate/"
    other.enter(other.page.form(EMAIL), {"email-code": code_sent_to(salem.email)}, status=409)
    assert User.objects.count() == 1
    assert Message.objects.filter(address=ahmad.email, kind="civil_id_in_use").count() == 1


def test_where_the_mobile_is_required_both_codes_are_needed() -> None:
    browser = Browser(ahmad)
    with override_settings(BAWABA=replace(settings.BAWABA, mobile_proof="required")):
        register(browser, ahmad)
        _enter(browser, EMAIL, code_sent_to(ahmad.email))
        assert browser.page.path == "/activate/"
        assert not User.objects.exists()
        _enter(browser, MOBILE, code_sent_to(ahmad.mobile))
        assert browser.page.path == "/home/"


def test_without_an_sms_provider_the_page_has_one_part() -> None:
    browser = Browser(ahmad)
    with override_settings(BAWABA=replace(settings.BAWABA, sms_providers=())):
        page = register(browser, ahmad)
    assert not page.root.all("form", action=MOBILE)
    assert not Message.objects.filter(channel="sms").exists()


def test_a_request_is_over_after_seven_days_to_the_second() -> None:
    browser = Browser(ahmad)
    with time_machine.travel("2026-11-24 09:00:00+03:00", tick=False) as now:
        register(browser, ahmad)
        registration = Registration.objects.get()
        now.move_to(registration.expires_at - timedelta(seconds=1))
        assert Registration.objects.pending().exists()
        now.move_to(registration.expires_at)
        assert not Registration.objects.pending().exists()
        assert clock.now() == registration.expires_at


def test_without_the_cookie_the_page_leads_to_signing_in() -> None:
    assert Browser().get("/activate/").path == "/sign-in/"


def test_leaving_takes_the_request_from_this_browser_only() -> None:
    browser = Browser(ahmad)
    register(browser, ahmad)
    browser.submit("ترك هذا الطلب على هذا الجهاز")
    assert browser.get("/activate/").path == "/sign-in/"
    assert Registration.objects.pending().count() == 1


@pytest.mark.parametrize("path", [EMAIL, MOBILE, "/activate/resend/email/", "/activate/correct/"])
def test_a_button_opened_as_an_address_leads_to_the_page_and_changes_nothing(path: str) -> None:
    browser = Browser(ahmad)
    register(browser, ahmad)
    assert browser.get(path).path == "/activate/"
    assert Message.objects.count() == 2
