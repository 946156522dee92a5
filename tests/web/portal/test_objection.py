"""Undoing a change of the e-mail from the old address: the account is again what it was before the change."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine

from bawaba.domain.accounts import actions
from bawaba.domain.accounts.models import EmailChange, User
from bawaba.infrastructure import clock
from bawaba.infrastructure.messaging.models import Message
from tests.accounts import enter, open_account
from tests.client import Browser
from tests.factors import factor_types, give_authenticator, give_recovery_codes
from tests.people import ahmad, maryam

pytestmark = pytest.mark.django_db

NEW = "ahmad.new@example.com"
THIRD = "ahmad.third@example.com"
NEW_PASSWORD = "Mubarakiya!Souk9"


def link(old: str = ahmad.email) -> str:
    """The link that the mailbox with this address was sent."""
    return f"/objection/{Message.objects.get(kind='email_changed_old', address=old).variables['token']}/"


def undo(path: str) -> None:
    mailbox = Browser()
    mailbox.get(path)
    mailbox.submit("إلغاء التغيير")


def test_owner_of_the_old_address_undoes_the_change_within_72_hours() -> None:
    user = open_account(ahmad)
    actions.change_email(user=user, email=NEW)
    thief = Browser(ahmad, shows=(NEW,))
    mailbox = Browser()
    mailbox.get(link())
    assert User.objects.get().email == NEW
    mailbox.submit("إلغاء التغيير")
    user = User.objects.get()
    assert (user.email, user.has_usable_password()) == (ahmad.email, False)
    assert enter(thief, replace(ahmad, email=NEW), status=422).path == "/sign-in/"
    assert "استُخدم هذا الرابط" in mailbox.get(link()).text


def test_the_browser_of_the_owner_undoes_it_as_well() -> None:
    actions.change_email(user=open_account(ahmad), email=NEW)
    browser = Browser(ahmad, shows=(NEW,))
    enter(browser, replace(ahmad, email=NEW))
    browser.get(link())
    with time_machine.travel(clock.now() + timedelta(seconds=61)):
        browser.submit("إلغاء التغيير")
        assert browser.get("/account/").path == "/sign-in/"


def test_objection_comes_too_late_after_72_hours() -> None:
    with time_machine.travel(clock.now(), tick=False) as moment:
        actions.change_email(user=open_account(ahmad), email=NEW)
        moment.shift(timedelta(hours=72, seconds=1))
        assert "مضت عليه 72 ساعة" in Browser().get(link()).text
    assert User.objects.get().email == NEW


def test_objection_is_refused_when_the_old_address_has_a_new_account() -> None:
    actions.change_email(user=open_account(ahmad), email=NEW)
    open_account(replace(maryam, email=ahmad.email))
    mailbox = Browser()
    mailbox.get(link())
    assert "صار البريد السابق لحساب آخر" in mailbox.submit("إلغاء التغيير").text
    assert EmailChange.objects.get().objected_at is None


def test_whoever_moved_the_account_on_cannot_take_it_back() -> None:
    user = open_account(ahmad)
    actions.change_email(user=user, email=NEW)
    actions.change_email(user=user, email=THIRD)
    undo(link())
    thief = Browser()
    assert "استُخدم هذا الرابط" in thief.get(link(NEW)).text
    assert User.objects.get().email == ahmad.email


def test_an_objection_in_between_does_not_take_the_first_one_away() -> None:
    user = open_account(ahmad)
    actions.change_email(user=user, email=NEW)
    actions.change_email(user=user, email=THIRD)
    undo(link(NEW))
    assert User.objects.get().email == NEW
    undo(link())
    assert User.objects.get().email == ahmad.email


def test_factors_added_since_the_change_go_with_it() -> None:
    """Their notices went to the new address. Left in place, they would let the thief in and keep the owner out."""
    user = open_account(ahmad)
    actions.change_email(user=user, email=NEW)
    give_authenticator(user)
    give_recovery_codes(user)
    undo(link())
    assert factor_types(user) == []
    assert Message.objects.filter(kind="factor_removed", address=ahmad.email).exists()


def test_factors_from_before_the_change_stay() -> None:
    user = open_account(ahmad)
    give_authenticator(user)
    actions.change_email(user=user, email=NEW)
    undo(link())
    assert factor_types(user) == ["totp"]


def test_closed_account_does_not_take_the_address_from_its_owner() -> None:
    user = open_account(ahmad)
    actions.change_email(user=user, email=NEW)
    actions.close_account(user=user)
    assert "استُخدم هذا الرابط" in Browser().get(link()).text
    assert not User.objects.with_email(ahmad.email).exists()
