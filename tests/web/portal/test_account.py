"""The person's own data: seen, changed with proof where it matters, taken out, and closed."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.conf import settings
from django.test import override_settings

from bawaba.domain.accounts import actions, retention
from bawaba.domain.accounts.models import EmailChange, User
from bawaba.domain.companies.actions import admission, request
from bawaba.domain.companies.models import Membership
from bawaba.domain.companies.roles import Role
from bawaba.infrastructure import clock
from bawaba.infrastructure.audit.models import Event
from bawaba.infrastructure.messaging.models import Message
from tests.accounts import enter, open_account, signed_in
from tests.client import Browser
from tests.journey import code_sent_to
from tests.page import Page
from tests.people import ahmad, maryam

pytestmark = pytest.mark.django_db

NEW = "ahmad.new@example.com"
NEW_PASSWORD = "Mubarakiya!Souk9"


def confirmed(browser: Browser, path: str) -> Page:
    """A page that asks for the password once more, and the same page behind it."""
    assert browser.get(path).path == "/confirm/"
    return browser.submit("متابعة", password=ahmad.password)


def told(kind: str, address: str = ahmad.email) -> int:
    return Message.objects.filter(kind=kind, address=address).count()


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


# --- password


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
    assert enter(Browser(ahmad), ahmad).path == "/sign-in/"
    assert enter(Browser(ahmad), ahmad, password=NEW_PASSWORD).path == "/home/"


@pytest.mark.parametrize("weak", ["short", "Ahmad#Example1", "185041200029Aa!", "Password1!"])
def test_weak_or_personal_password_changes_nothing(weak: str) -> None:
    before = open_account(ahmad).password
    browser = signed_in(ahmad)
    assert change_password(browser, weak, status=422).errors["password"]
    assert User.objects.get().password == before


# --- e-mail


def ask_for_new_email(browser: Browser, email: str = NEW) -> Page:
    confirmed(browser, "/account/email/")
    return browser.submit("إرسال", address=email)


def test_email_changes_when_its_code_comes_back_and_both_addresses_are_told() -> None:
    open_account(ahmad)
    other = signed_in(ahmad)
    browser = Browser(ahmad, shows=(NEW,))
    enter(browser, ahmad)
    ask_for_new_email(browser)
    code = code_sent_to(NEW)
    assert len(code) == 8
    assert User.objects.get().email == ahmad.email
    page = browser.submit("تحقق", code=code)
    assert page.path == "/account/"
    assert User.objects.get().email_key == NEW
    assert other.get("/security/").path == "/sign-in/"
    assert (told("email_changed_old"), told("email_changed_new", NEW)) == (1, 1)
    assert enter(Browser(ahmad), ahmad).path == "/sign-in/"


def test_library_keeps_one_proven_copy_of_the_new_address() -> None:  # trap 2
    user = open_account(ahmad)
    actions.change_email(user=user, email=NEW)
    assert list(EmailAddress.objects.values_list("email", "verified", "primary")) == [(NEW, True, True)]


def test_wrong_code_changes_nothing_and_five_end_the_challenge() -> None:
    open_account(ahmad)
    browser = Browser(ahmad, shows=(NEW,))
    enter(browser, ahmad)
    ask_for_new_email(browser)
    code = code_sent_to(NEW)
    for _ in range(5):
        assert browser.submit("تحقق", code="00000000", status=422).errors["code"]
    browser.submit("تحقق", code=code, status=422)
    assert User.objects.get().email == ahmad.email


def test_address_of_another_account_is_answered_alike_and_never_taken() -> None:  # G4
    open_account(ahmad)
    open_account(maryam)
    free, taken = Browser(ahmad, shows=(NEW,)), Browser(ahmad, shows=(maryam.email,))
    pages = []
    for browser, email in ((free, NEW), (taken, maryam.email)):
        enter(browser, ahmad)
        pages.append(ask_for_new_email(browser, email))
    texts = [page.text.replace(NEW, "").replace(maryam.email, "") for page in pages]
    assert texts[0] == texts[1]
    assert told("existing_account", maryam.email) == 1
    taken.submit("تحقق", code="12345678", status=422)
    assert User.objects.with_email(maryam.email).get().first_name == maryam.first_name


def test_code_of_one_person_is_worthless_for_another() -> None:  # RT-17
    open_account(ahmad)
    open_account(maryam)
    browser = Browser(ahmad, shows=(NEW,))
    enter(browser, ahmad)
    ask_for_new_email(browser)
    address = browser.page.path
    hers = Browser(maryam)
    enter(hers, maryam)
    hers.get("/account/email/")
    hers.submit("متابعة", password=maryam.password)
    assert hers.get(f"{address}?proof=x").path == "/account/email/"


# --- mobile


def test_mobile_changes_when_its_code_comes_back() -> None:
    open_account(ahmad)
    browser = Browser(ahmad, shows=("66666777",))
    enter(browser, ahmad)
    confirmed(browser, "/account/mobile/")
    browser.submit("إرسال", address="٦٦٦٦٦٧٧٧")
    browser.submit("تحقق", code=code_sent_to("+96566666777"))
    user = User.objects.get()
    assert user.mobile == "+96566666777"
    assert user.mobile_proven_at
    assert told("mobile_changed") == 1


def test_own_mobile_is_proven_without_a_notice_of_change() -> None:
    open_account(ahmad)
    browser = signed_in(ahmad)
    confirmed(browser, "/account/mobile/")
    browser.submit("إرسال")
    browser.submit("تحقق", code=code_sent_to(ahmad.mobile))
    assert User.objects.get().mobile_proven_at
    assert told("mobile_changed") == 0


def test_mobile_is_not_offered_without_a_provider() -> None:
    open_account(ahmad)
    browser = signed_in(ahmad)
    with override_settings(BAWABA=replace(settings.BAWABA, sms_providers=())):
        assert not any("mobile" in a["href"] for a in browser.get("/account/").main.all("a"))
        browser.get("/account/mobile/")
        browser.submit("متابعة", password=ahmad.password, status=404)


# --- my data


def test_my_data_is_a_page_to_read_and_a_file_without_secrets() -> None:
    user = open_account(ahmad)
    browser = signed_in(ahmad)
    page = confirmed(browser, "/account/data/")
    assert ahmad.civil_id in page.source
    file = browser.submit("حفظ في ملف")
    assert file.headers["content-disposition"] == 'attachment; filename="my-data.json"'
    kept = json.loads(file.source)
    assert kept["account"]["email"] == ahmad.email
    assert user.password not in file.source
    assert user.session_stamp not in file.source
    assert Event.objects.filter(event="data.exported").count() == 1


# --- closing


def close(browser: Browser, *, status: int = 200, sure: str = "") -> Page:
    confirmed(browser, "/account/close/")
    fields = {"sure": sure} if sure else {}
    return browser.submit("إغلاق حسابي", fields, status=status)


def test_closing_needs_the_box_and_ends_everything() -> None:
    user = open_account(ahmad)
    admission.admit_registrant(user=user, cr_number="123456")
    browser = signed_in(ahmad)
    close(browser, status=422)
    page = browser.submit("إغلاق حسابي", sure="on")
    assert page.path == "/"
    assert browser.get("/account/").path == "/sign-in/"
    assert enter(Browser(ahmad), ahmad).path == "/sign-in/"
    assert Membership.objects.get().state == "ended"
    assert told("account_closed") == 1


def test_closed_account_gives_email_and_civil_number_back() -> None:
    actions.close_account(user=open_account(ahmad))
    assert open_account(ahmad).email == ahmad.email


def test_last_administrator_with_members_must_name_another_first() -> None:
    user = open_account(ahmad)
    company = admission.admit_registrant(user=user, cr_number="123456").company
    other = admission.ask_to_join(user=open_account(maryam), cr_number="123456")
    request.admit(membership=other, by=user, roles=[Role.VIEWER])
    browser = signed_in(ahmad)
    page = close(browser, status=409, sure="on")
    assert "سمِّ مديرًا آخر أولًا" in page.text
    assert User.objects.get(id=user.id).closed_at is None
    assert Membership.objects.acting().filter(company=company).count() == 2


def test_contact_data_of_a_closed_account_are_erased_after_90_days() -> None:
    with time_machine.travel(clock.now(), tick=False) as moment:
        user = open_account(ahmad)
        actions.change_email(user=user, email=NEW)
        actions.close_account(user=user)
        moment.shift(timedelta(days=89))
        assert retention.erase_closed() == 0
        moment.shift(timedelta(days=1))
        assert retention.erase_closed() == 1
        assert retention.erase_closed() == 0
    row = User.objects.values().get()
    assert not any(value in str(row) for value in (*ahmad.private, NEW, ahmad.first_name, ahmad.last_name))
    assert not EmailChange.objects.exists()
