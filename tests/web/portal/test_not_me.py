"""This was not me: the link in the mail about a new device."""

from datetime import timedelta

import pytest
import time_machine

from bawaba.domain.accounts.models import User
from bawaba.infrastructure import clock
from bawaba.infrastructure.messaging.models import Message
from tests.accounts import enter, open_account, signed_in
from tests.client import Browser
from tests.people import ahmad

pytestmark = pytest.mark.django_db


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
