"""Twelve at once with the same proof: one gets in, whatever the database."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
import time_machine
from django.db import connections

from bawaba.domain.accounts.models import SessionRecord
from tests.accounts import enter, open_account
from tests.client import Browser
from tests.factors import give_authenticator, give_recovery_codes, shown_code
from tests.people import ahmad

pytestmark = pytest.mark.django_db(transaction=True)

TOGETHER = 12


def at_once(act: Callable[[Browser], object]) -> None:
    browsers = []
    for number in range(TOGETHER):
        browser = Browser(ahmad, address=f"192.0.2.{number + 1}")
        enter(browser, ahmad)
        browsers.append(browser)

    def run(browser: Browser) -> None:
        try:
            with suppress(AssertionError):  # those that the limit of the account stops
                act(browser)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(TOGETHER) as pool:
        list(pool.map(run, browsers))


@pytest.mark.parametrize("proof", ["authenticator", "recovery code"])
def test_one_proof_opens_one_session(proof: str) -> None:  # traps 3 and 11
    user = open_account(ahmad)
    give_authenticator(user)
    recovery_code = give_recovery_codes(user)[0]
    with time_machine.travel("2026-11-24 09:00:00+03:00", tick=False):  # a busy machine must not outlive the code
        code = shown_code() if proof == "authenticator" else recovery_code
        at_once(lambda browser: browser.submit("تحقق", code=code))
    assert SessionRecord.objects.count() == 1
