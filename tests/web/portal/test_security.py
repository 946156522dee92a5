"""The security page: second factors come and go, sessions end, devices are forgotten, and the owner hears of it."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import override_settings

from bawaba.domain.accounts import allauth as factors
from bawaba.domain.accounts.models import Device, SessionRecord, User
from bawaba.domain.companies.actions import admission
from bawaba.infrastructure import clock
from bawaba.infrastructure.audit.models import Event
from bawaba.infrastructure.messaging.models import Message
from tests.accounts import enter, open_account, signed_in
from tests.client import Browser
from tests.factors import SECRET, Passkey, factor_types, give_authenticator, give_recovery_codes, shown_code
from tests.page import Page
from tests.people import ahmad, maryam

pytestmark = pytest.mark.django_db

ADD, REMOVE, NEW_CODES = (
    "/security/authenticator/add/",
    "/security/authenticator/remove/",
    "/security/recovery-codes/new/",
)


def notices(kind: str) -> int:
    return Message.objects.filter(kind=kind, address=ahmad.email).count()


def with_second_factor() -> Browser:
    """Signed in with both factors."""
    browser = Browser(ahmad)
    enter(browser, ahmad)
    browser.submit("تحقق", code=shown_code())
    return browser


def confirm(browser: Browser, path: str) -> Page:
    """To a page that asks for the password again, and through that."""
    page = browser.get(path)
    assert page.path == "/confirm/"
    return browser.submit("متابعة", password=ahmad.password)


def secret_on(page: Page) -> str:
    keys = [bdi.text.replace(" ", "") for bdi in page.main.all("bdi") if len(bdi.text) > 30]
    return keys[0]


# --- the authenticator


def test_first_authenticator_is_added_right_after_signing_in_and_shows_the_recovery_codes_once() -> None:
    user = open_account(ahmad)
    browser = signed_in(ahmad)
    page = browser.get(ADD)
    assert page.path == ADD
    page = browser.submit("تحقق وأضف", code=shown_code(secret_on(page)))
    assert page.path == "/security/recovery-codes/"
    codes = [item.text.replace(" ", "") for item in page.main.one("ol").all("li")]
    assert len(codes) == 10
    assert all(len(code) == 20 and code.isdigit() for code in codes)
    assert factor_types(user) == ["recovery_codes", "totp"]
    assert (notices("factor_added"), notices("recovery_codes_made")) == (1, 1)
    again = browser.get("/security/recovery-codes/")
    assert codes[0] not in again.text.replace(" ", "")
    assert "10" in again.text


def test_recovery_codes_are_saved_as_a_file_without_scripts() -> None:
    open_account(ahmad)
    browser = signed_in(ahmad)
    page = browser.submit("تحقق وأضف", code=shown_code(secret_on(browser.get(ADD))))
    shown = [item.text for item in page.main.one("ol").all("li")]
    file = browser.submit("حفظ في ملف")
    assert file.headers["content-disposition"] == 'attachment; filename="recovery-codes.txt"'
    assert all(code in file.source for code in shown)


@pytest.mark.parametrize("code", ["<script>", "1" * 19, "x", ""])
def test_the_file_takes_nothing_but_codes(code: str) -> None:
    open_account(ahmad)
    browser = signed_in(ahmad)
    browser.get("/security/")
    token = browser.page.root.all("input", name="csrfmiddlewaretoken")[0]["value"]
    sent = {"code": code, "csrfmiddlewaretoken": token}
    assert browser.client.post("/security/recovery-codes/file/", sent).status_code == 400


def test_picture_stands_in_the_page_and_the_key_beside_it_as_text() -> None:  # trap 12
    open_account(ahmad)
    page = signed_in(ahmad).get(ADD)
    assert page.main.all("svg")
    assert "data:" not in page.source
    assert len(secret_on(page)) == 32


def test_wrong_code_adds_nothing() -> None:
    user = open_account(ahmad)
    browser = signed_in(ahmad)
    browser.get(ADD)
    page = browser.submit("تحقق وأضف", code="000000")
    assert page.summary == ["رمز التحقق: رمز التحقق غير صحيح."]
    assert factor_types(user) == []


def test_neither_secret_nor_recovery_code_lies_readable_in_the_database() -> None:
    user = open_account(ahmad)
    give_authenticator(user)
    codes = give_recovery_codes(user)
    stored = json.dumps(list(Authenticator.objects.values_list("data", flat=True)))
    assert SECRET not in stored
    assert not any(code in stored for code in codes)
    assert factors.recovery_codes_left(user) == 10


def test_secret_leaves_the_session_when_the_authenticator_is_added() -> None:  # trap 7
    open_account(ahmad)
    browser = signed_in(ahmad)
    secret = secret_on(browser.get(ADD))
    browser.submit("تحقق وأضف", code=shown_code(secret))
    sessions = [row.get_decoded() for row in Session.objects.all()]
    assert not any(secret in json.dumps(data) for data in sessions)


def test_code_that_added_the_authenticator_opens_no_session() -> None:  # traps 3 and 4
    open_account(ahmad)
    browser = signed_in(ahmad)
    secret = secret_on(browser.get(ADD))
    with time_machine.travel(clock.now(), tick=False) as moment:
        code = shown_code(secret)
        browser.submit("تحقق وأضف", code=code)
        stranger = Browser(ahmad)
        enter(stranger, ahmad)
        assert stranger.submit("تحقق", code=code).summary == ["رمز التحقق: رمز التحقق غير صحيح."]
        moment.shift(timedelta(seconds=30))
        assert stranger.submit("تحقق", code=shown_code(secret)).path == "/home/"


@pytest.mark.django_db(transaction=True)
def test_adding_and_removing_end_the_other_sessions_and_keep_this_one_under_a_new_key() -> None:
    user = open_account(ahmad)
    other, browser = signed_in(ahmad), signed_in(ahmad)
    before = browser.cookies["session"].value
    browser.submit("تحقق وأضف", code=shown_code(secret_on(browser.get(ADD))))
    assert browser.cookies["session"].value != before
    assert other.get("/security/").path == "/sign-in/"
    confirm(browser, REMOVE)
    assert browser.submit("إزالة").path == "/security/"
    assert factor_types(user) == []
    assert notices("factor_removed") == 1
    assert [e.facts["factor"] for e in Event.objects.filter(event="factor.removed")] == ["totp"]


# --- confirm it is you


def test_signing_in_is_no_proof_for_removing_a_factor() -> None:  # trap 8
    give_authenticator(open_account(ahmad))
    browser = with_second_factor()
    assert confirm(browser, REMOVE).path == REMOVE


def test_proof_holds_for_five_minutes_and_renews_the_key() -> None:
    give_authenticator(open_account(ahmad))
    with time_machine.travel(clock.now(), tick=False) as moment:
        browser = with_second_factor()
        before = browser.cookies["session"].value
        confirm(browser, REMOVE)
        assert browser.cookies["session"].value != before
        moment.shift(timedelta(minutes=4, seconds=59))
        assert browser.get(REMOVE).path == REMOVE
        moment.shift(timedelta(seconds=2))
        assert browser.get(REMOVE).path == "/confirm/"


def test_form_that_comes_too_late_is_dropped_and_kept_nowhere() -> None:  # trap 7
    give_authenticator(user := open_account(ahmad))
    with time_machine.travel(clock.now(), tick=False) as moment:
        browser = with_second_factor()
        confirm(browser, REMOVE)
        moment.shift(timedelta(minutes=6))
        page = browser.post(REMOVE, {"remove": "1", "secret": "MARKED-BODY"})
        assert page.path == "/confirm/"
        assert not any("MARKED-BODY" in json.dumps(row.get_decoded()) for row in Session.objects.all())
        assert browser.submit("متابعة", password=ahmad.password).path == REMOVE
    assert factor_types(user) == ["totp"]


def test_wrong_password_confirms_nothing_and_ten_close_the_page() -> None:
    give_authenticator(open_account(ahmad))
    browser = with_second_factor()
    browser.get(REMOVE)
    with time_machine.travel(clock.now(), tick=False):
        for _ in range(10):
            assert browser.submit("متابعة", password="wrong").path == "/confirm/"
        browser.submit("متابعة", password=ahmad.password, status=429)


@pytest.mark.parametrize("way", ["authenticator", "recovery code"])
def test_a_code_confirms_as_well(way: str) -> None:
    user = open_account(ahmad)
    give_authenticator(user)
    codes = give_recovery_codes(user)
    with time_machine.travel(clock.now(), tick=False) as moment:
        browser = with_second_factor()
        moment.shift(timedelta(seconds=31))
        browser.get(REMOVE)
        browser.open("استخدم رمزًا من تطبيق المصادقة أو رمز استرداد")
        code = shown_code() if way == "authenticator" else codes[0]
        assert browser.submit("متابعة", code=code).path == REMOVE


# --- recovery codes


def test_new_recovery_codes_replace_the_old() -> None:
    user = open_account(ahmad)
    give_authenticator(user)
    old = give_recovery_codes(user)
    browser = with_second_factor()
    confirm(browser, NEW_CODES)
    page = browser.submit("إنشاء رموز استرداد جديدة")
    assert page.path == "/security/recovery-codes/"
    stranger = Browser(ahmad)
    enter(stranger, ahmad)
    assert stranger.submit("تحقق", code=old[0]).path == "/sign-in/second-step/"


def test_owner_is_told_when_a_recovery_code_is_used() -> None:
    user = open_account(ahmad)
    give_authenticator(user)
    codes = give_recovery_codes(user)
    browser = Browser(ahmad)
    enter(browser, ahmad)
    browser.submit("تحقق", code=codes[0])
    assert notices("recovery_code_used") == 1
    assert factors.recovery_codes_left(user) == 9


# --- passkeys


def add_passkey(browser: Browser, passkey: Passkey, name: str = "هاتفي", **options: Any) -> Page:
    page = browser.get("/security/passkeys/add/")
    if page.path == "/confirm/":
        page = browser.submit("متابعة", password=ahmad.password)
    challenge = next(b["data-options"] for b in page.root.all("button") if "data-options" in b.attrs)
    return browser.post("/security/passkeys/add/", {"name": name, "credential": passkey.register(challenge, **options)})


def test_several_passkeys_have_names_and_can_be_renamed_and_removed() -> None:
    user = open_account(ahmad)
    browser = signed_in(ahmad)
    for name in ("هاتفي", "حاسوبي"):
        assert add_passkey(browser, Passkey(), name).path in {"/security/recovery-codes/", "/security/"}
    assert factor_types(user) == ["recovery_codes", "webauthn", "webauthn"]
    page = browser.get("/security/")
    assert "هاتفي" in page.text
    assert "حاسوبي" in page.text
    confirm(browser, page.link("تغيير الاسم هاتفي")["href"])
    assert "المكتب" in browser.submit("حفظ", name="المكتب").text
    browser.open("إزالة المكتب")
    browser.submit("إزالة")
    assert factor_types(user) == ["recovery_codes", "webauthn"]


def test_handle_of_a_passkey_is_the_id_of_the_account_and_no_personal_data() -> None:  # trap 13
    user = open_account(ahmad)
    page = signed_in(ahmad).get("/security/passkeys/add/")
    challenge = next(b["data-options"] for b in page.root.all("button") if "data-options" in b.attrs)
    passkey = Passkey()
    passkey.register(challenge)
    assert passkey.handle == user.id.hex.encode()


def test_passkey_without_finger_or_pin_is_refused() -> None:
    user = open_account(ahmad)
    add_passkey(signed_in(ahmad), Passkey(), verified=False)
    assert factor_types(user) == []


EMPTY = (
    '{"id": "AA", "rawId": "AA", "type": "public-key", "response":'
    ' {"clientDataJSON": "AA", "attestationObject": {}}, "clientExtensionResults": {}}'
)
ENDLESS = ("[" * 2_000, '{"a":' * 2_000, "9" * 5_000)


@pytest.mark.parametrize(
    "credential", ["", "{}", "[]", "null", '"x"', '{"id": "x"}', "x" * 3000, '{"response": []}', EMPTY, *ENDLESS]
)
def test_nonsense_is_no_passkey(credential: str) -> None:
    user = open_account(ahmad)
    browser = signed_in(ahmad)
    browser.get("/security/passkeys/add/")
    browser.post("/security/passkeys/add/", {"name": "x", "credential": credential})
    assert factor_types(user) == []


# --- who must have a factor


@pytest.fixture
def required() -> Any:
    with override_settings(BAWABA=replace(settings.BAWABA, second_factor="required")):
        yield


def test_nothing_opens_before_the_demanded_factor_is_there(required: None) -> None:  # trap 14
    open_account(ahmad)
    browser = signed_in(ahmad)
    for path in ("/home/", "/security/", f"/security/sessions/{uuid4()}/end/"):
        assert browser.get(path).path == "/security/add-factor/"
    browser.submit("تحقق وأضف", code=shown_code(secret_on(browser.get(ADD))))
    assert browser.get("/home/").path == "/home/"


def test_profile_of_the_kuwaiti_controls_demands_a_factor() -> None:
    with override_settings(BAWABA=replace(settings.BAWABA, password_profile="kw-nbcc")):
        open_account(ahmad)
        assert signed_in(ahmad).get("/home/").path == "/security/add-factor/"


def test_last_demanded_factor_stays(required: None) -> None:
    user = open_account(ahmad)
    give_authenticator(user)
    browser = with_second_factor()
    confirm(browser, REMOVE)
    assert "أضف وسيلة أخرى قبل إزالة هذه" in browser.page.text
    browser.post(REMOVE, {"remove": "1"})
    assert factor_types(user) == ["totp"]


def test_last_demanded_passkey_stays_although_the_library_would_let_it_go(required: None) -> None:
    user = open_account(ahmad)
    browser = signed_in(ahmad)
    add_passkey(browser, Passkey())
    row = Authenticator.objects.get(type="webauthn")
    page = browser.get(f"/security/passkeys/{row.pk}/remove/")
    if page.path == "/confirm/":
        page = browser.submit("متابعة", password=ahmad.password)
    assert "أضف وسيلة أخرى قبل إزالة هذه" in page.text
    browser.post(f"/security/passkeys/{row.pk}/remove/", {"remove": "1"})
    assert factors.has_factor(user)


# --- sessions and devices


def test_one_other_session_is_ended() -> None:
    open_account(ahmad)
    other, browser = signed_in(ahmad), signed_in(ahmad)
    page = browser.get("/security/")
    button = next(b for b in page.root.all("button") if b.get("name") == "end")
    page = browser.submit(button["aria-label"])
    assert page.notes == ["أُنهيت الجلسة."]
    assert other.get("/security/").path == "/sign-in/"
    assert browser.get("/security/").path == "/security/"


def test_all_others_end_at_once_and_this_one_goes_on() -> None:
    open_account(ahmad)
    others = [signed_in(ahmad) for _ in range(3)]
    browser = signed_in(ahmad)
    browser.get("/security/")
    assert browser.submit("إنهاء جميع الجلسات الأخرى").notes == ["أُنهيت جميع الجلسات الأخرى."]
    assert {other.get("/security/").path for other in others} == {"/sign-in/"}
    assert browser.get("/security/").path == "/security/"


def test_sessions_of_somebody_else_are_out_of_reach() -> None:
    open_account(ahmad)
    open_account(maryam)
    hers = signed_in(maryam)
    browser = signed_in(ahmad)
    browser.get("/security/")
    record = SessionRecord.objects.get(user__email_key=maryam.email)
    device = Device.objects.get(user__email_key=maryam.email)
    browser.post(f"/security/sessions/{record.id}/end/", {})
    browser.post(f"/security/devices/{device.id}/remove/", {})
    assert hers.get("/security/").path == "/security/"
    assert Device.objects.filter(id=device.id).exists()


def test_removed_device_is_no_longer_known() -> None:
    open_account(ahmad)
    other, browser = signed_in(ahmad), signed_in(ahmad)
    page = browser.get("/security/")
    labels = [b["aria-label"] for b in page.root.all("button") if b.get("name") == "remove"]
    assert len(labels) == 2
    browser.submit(labels[1])
    assert Device.objects.count() == 1
    assert other.get("/security/").path == "/sign-in/"


# --- this was not me


def link_in(kind: str) -> str:
    message = Message.objects.get(kind=kind)
    return f"/not-me/{message.variables['token']}/"


def test_opening_the_link_does_nothing_and_its_button_ends_everything() -> None:
    user = open_account(ahmad)
    owner = signed_in(ahmad)
    thief = signed_in(ahmad)
    mailbox = Browser(ahmad)
    mailbox.get(link_in("new_device"))
    assert thief.get("/security/").path == "/security/"
    mailbox.submit("لم أكن أنا")
    assert {browser.get("/security/").path for browser in (owner, thief)} == {"/sign-in/"}
    assert not User.objects.get(id=user.id).has_usable_password()
    assert enter(Browser(ahmad), ahmad).path == "/sign-in/"


def test_the_button_answers_the_browser_whose_session_it_ends() -> None:
    open_account(ahmad)
    with time_machine.travel(clock.now(), tick=False) as moment:
        signed_in(ahmad)
        browser = signed_in(ahmad)
        moment.shift(timedelta(seconds=61))
        browser.get(link_in("new_device"))
        moment.shift(timedelta(seconds=61))
        browser.submit("لم أكن أنا")
        assert browser.get("/security/").path == "/sign-in/"


def test_link_works_once_and_not_for_ever() -> None:
    open_account(ahmad)
    signed_in(ahmad)
    signed_in(ahmad)
    mailbox = Browser(ahmad)
    with time_machine.travel(clock.now() + timedelta(days=8)):
        assert "مضت مدته" in mailbox.get(link_in("new_device")).text
    mailbox.get(link_in("new_device"))
    mailbox.submit("لم أكن أنا")
    assert "استُخدم هذا الرابط" in mailbox.get(link_in("new_device")).text


@pytest.mark.parametrize("token", ["x", "a:b:c", "IjAwIg:1xVk2z:AAAA"])
def test_altered_link_shows_only_that_it_is_worthless(token: str) -> None:
    assert "استُخدم هذا الرابط" in Browser().get(f"/not-me/{token}/").text


def test_policy_may_ask_company_administrators_alone() -> None:
    policy = "officers-and-company-administrators"
    with override_settings(BAWABA=replace(settings.BAWABA, second_factor=policy)):
        admission.admit_registrant(user=open_account(ahmad), cr_number="123456")
        admission.admit_registrant(user=open_account(maryam), cr_number="123456")
        assert signed_in(ahmad).get("/home/").path == "/security/add-factor/"
        assert signed_in(maryam).get("/home/").path == "/home/"
