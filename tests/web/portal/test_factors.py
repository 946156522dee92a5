"""Second factors come and go: authenticator, recovery codes and passkeys, and the owner hears of it."""

import json
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session

from bawaba.domain.accounts import allauth as factors
from bawaba.infrastructure import clock
from bawaba.infrastructure.audit.models import Event
from tests.accounts import enter, open_account, signed_in
from tests.client import Browser
from tests.factors import SECRET, Passkey, factor_types, give_authenticator, give_recovery_codes, shown_code
from tests.people import ahmad
from tests.web.portal.owner import confirmed, told
from tests.web.portal.second_factors import ADD, NEW_CODES, REMOVE, add_passkey, secret_on, with_second_factor

pytestmark = pytest.mark.django_db


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
    assert (told("factor_added"), told("recovery_codes_made")) == (1, 1)
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
    page = browser.submit("تحقق وأضف", code="000000", status=422)
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
        assert stranger.submit("تحقق", code=code, status=422).summary == ["رمز التحقق: رمز التحقق غير صحيح."]
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
    confirmed(browser, REMOVE)
    assert browser.submit("إزالة").path == "/security/"
    assert factor_types(user) == []
    assert told("factor_removed") == 1
    assert [e.facts["factor"] for e in Event.objects.filter(event="factor.removed")] == ["totp"]


# --- recovery codes


def test_new_recovery_codes_replace_the_old() -> None:
    user = open_account(ahmad)
    give_authenticator(user)
    old = give_recovery_codes(user)
    browser = with_second_factor()
    confirmed(browser, NEW_CODES)
    page = browser.submit("إنشاء رموز استرداد جديدة")
    assert page.path == "/security/recovery-codes/"
    stranger = Browser(ahmad)
    enter(stranger, ahmad)
    assert stranger.submit("تحقق", code=old[0], status=422).path == "/sign-in/second-step/"


def test_owner_is_told_when_a_recovery_code_is_used() -> None:
    user = open_account(ahmad)
    give_authenticator(user)
    codes = give_recovery_codes(user)
    browser = Browser(ahmad)
    enter(browser, ahmad)
    browser.submit("تحقق", code=codes[0])
    assert told("recovery_code_used") == 1
    assert factors.recovery_codes_left(user) == 9


# --- passkeys


def test_several_passkeys_have_names_and_can_be_renamed_and_removed() -> None:
    user = open_account(ahmad)
    browser = signed_in(ahmad)
    for name in ("هاتفي", "حاسوبي"):
        assert add_passkey(browser, Passkey(), name).path in {"/security/recovery-codes/", "/security/"}
    assert factor_types(user) == ["recovery_codes", "webauthn", "webauthn"]
    page = browser.get("/security/")
    assert "هاتفي" in page.text
    assert "حاسوبي" in page.text
    confirmed(browser, page.link("تغيير الاسم هاتفي")["href"])
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
    add_passkey(signed_in(ahmad), Passkey(), status=422, verified=False)
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
    browser.post("/security/passkeys/add/", {"name": "x", "credential": credential}, status=422)
    assert factor_types(user) == []
