"""Another e-mail or mobile: nothing changes before its code comes back."""

from dataclasses import replace

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.test import override_settings

from bawaba.domain.accounts import actions
from bawaba.domain.accounts.models import User
from tests.accounts import enter, open_account, signed_in
from tests.client import Browser
from tests.journey import code_sent_to
from tests.page import Page
from tests.people import ahmad, maryam
from tests.web.portal.owner import NEW, confirmed, told

pytestmark = pytest.mark.django_db


# --- e-mail


def ask_for_new_email(browser: Browser, email: str = NEW) -> Page:
    confirmed(browser, "/account/email/")
    return browser.submit("إرسال", address=email)


@pytest.mark.parametrize("taken", [True, False])
def test_asking_for_another_address_ends_the_code_before_whoever_has_it(taken: bool) -> None:  # G4
    """Else a code of one's own that goes on working would tell which addresses have an account."""
    open_account(ahmad)
    if taken:
        open_account(maryam)
    browser = Browser(ahmad, shows=(NEW, maryam.email))
    enter(browser, ahmad)
    form = ask_for_new_email(browser).button("تحقق").above("form")
    assert form is not None
    browser.get("/account/email/")
    browser.submit("إرسال", address=maryam.email)
    browser.enter(form, code=code_sent_to(NEW), status=422)
    assert User.objects.filter(email=ahmad.email).exists()


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
    assert "هذه الجلسة" in browser.get("/security/").text
    assert (told("email_changed_old"), told("email_changed_new", NEW)) == (1, 1)
    assert enter(Browser(ahmad), ahmad, status=422).path == "/sign-in/"


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
    page = ask_for_new_email(browser)
    proof = page.root.one("input", name="proof")["value"]
    hers = Browser(maryam)
    enter(hers, maryam)
    hers.get("/account/email/")
    hers.submit("متابعة", password=maryam.password)
    assert hers.post(page.path, {"proof": proof, "code": code_sent_to(NEW)}).path == "/account/email/"
    assert User.objects.filter(email=maryam.email).exists()


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
