"""This was not me: the link in the mail about a new device."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import pytest
import time_machine

from bawaba.domain.accounts import actions, credentials
from bawaba.domain.accounts.models import User
from bawaba.infrastructure import clock
from bawaba.infrastructure.messaging.models import Message
from tests.accounts import enter, open_account, signed_in
from tests.client import Browser
from tests.factors import Passkey, factor_types, give_authenticator, shown_code
from tests.people import ahmad
from tests.web.portal.second_factors import add_passkey, with_second_factor

pytestmark = pytest.mark.django_db
NEW = "Mubarakiya!Souk9"


def link_in(kind: str) -> str:
    message = Message.objects.get(kind=kind)
    return f"/not-me/{message.variables['token']}/"


def test_opening_the_link_does_nothing_and_its_button_ends_everything() -> None:
    user = open_account(ahmad)
    owner = signed_in(ahmad)
    thief = signed_in(ahmad)
    mailbox = Browser(ahmad)
    assert "متصفح غير معروف، " in mailbox.get(link_in("new_device")).main.text
    assert thief.get("/security/").path == "/security/"
    mailbox.submit("لم أكن أنا")
    assert {browser.get("/security/").path for browser in (owner, thief)} == {"/sign-in/"}
    assert not User.objects.get(id=user.id).has_usable_password()
    assert enter(Browser(ahmad), ahmad, status=422).path == "/sign-in/"


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


@dataclass
class Theft:
    """Somebody signed in with the owner's password, and with a code where one was asked for, and added a passkey."""

    user: User
    passkey: Passkey
    moment: time_machine.Traveller

    def disown(self) -> None:
        self.moment.shift(timedelta(seconds=61))
        message = Message.objects.filter(kind="new_device").earliest("created_at")
        mailbox = Browser(ahmad)
        mailbox.get(f"/not-me/{message.variables['token']}/")
        mailbox.submit("لم أكن أنا")
        self.user.refresh_from_db()
        actions.reset_password(user=self.user, password=credentials.hash_password(NEW))

    def with_passkey_alone(self, passkey: Passkey) -> str:
        browser = Browser(ahmad)
        browser.get("/sign-in/")
        answer = browser.client.get("/sign-in/passkey/", headers={"Accept": "application/json"}).json()
        credential = passkey.answer(json.dumps(answer["request_options"]))
        browser.post("/sign-in/passkey/", {"credential": credential}, status=None)
        return browser.get("/home/").path


@contextmanager
def theft(*, protected: bool) -> Iterator[Theft]:
    user = open_account(ahmad)
    with time_machine.travel(clock.now(), tick=False) as moment:
        if protected:
            give_authenticator(user)
        for thiefs in (False, True):
            moment.shift(timedelta(seconds=61))
            browser = with_second_factor() if protected else signed_in(ahmad)
            passkey = Passkey()
            if thiefs:
                add_passkey(browser, passkey)
        yield Theft(user, passkey, moment)


def test_what_was_added_there_goes_while_an_older_factor_stays() -> None:
    with theft(protected=True) as case:
        assert factor_types(case.user) == ["recovery_codes", "totp", "webauthn"]
        case.disown()
        assert factor_types(case.user) == ["totp"]
        assert Message.objects.filter(kind="factor_removed").count() == 1
        assert case.with_passkey_alone(case.passkey) == "/sign-in/"
        browser = Browser(ahmad)
        assert enter(browser, ahmad, password=NEW).path == "/sign-in/second-step/"
        browser.submit("تحقق", code=shown_code())
        assert "لم يبقَ أي رمز استرداد" in browser.get("/security/").text
        browser.open("إنشاء رموز استرداد جديدة")


def test_the_only_factor_stays_and_opens_nothing_by_itself() -> None:
    """A mailbox never goes round a factor; and whoever added it there knows no password any more."""
    with theft(protected=False) as case:
        case.disown()
        assert factor_types(case.user) == ["recovery_codes", "webauthn"]
        assert case.with_passkey_alone(case.passkey) == "/sign-in/"
        browser = Browser(ahmad)
        page = enter(browser, ahmad, password=NEW)
        assert page.path == "/sign-in/second-step/"
        options = next(b["data-options"] for b in page.root.all("button") if "data-options" in b.attrs)
        browser.post(page.path, {"credential": case.passkey.answer(options)}, status=None)
        assert browser.get("/home/").path == "/home/"


def test_a_factor_from_another_device_is_as_it_was() -> None:
    with theft(protected=True) as case:
        case.moment.shift(timedelta(hours=13))
        mine = Passkey()
        add_passkey(with_second_factor(), mine)
        assert factor_types(case.user).count("webauthn") == 2
        case.disown()
        assert factor_types(case.user) == ["totp", "webauthn"]
        assert case.with_passkey_alone(mine) == "/home/"


@pytest.mark.parametrize("token", ["x", "a:b:c", "IjAwIg:1xVk2z:AAAA"])
def test_altered_link_shows_only_that_it_is_worthless(token: str) -> None:
    assert "استُخدم هذا الرابط" in Browser().get(f"/not-me/{token}/").text
