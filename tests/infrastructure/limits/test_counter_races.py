"""Many at once: a counter lets exactly as many through as it says (RT-06)."""

from dataclasses import replace

import pytest

from bawaba.infrastructure.limits import counter
from bawaba.infrastructure.limits.counter import LimitReached
from bawaba.infrastructure.limits.table import (
    CODE_FAILURES,
    CODE_FAILURES_SITE,
    REAUTH_FAILURES,
    SEND_SMS_SITE,
    SIGN_IN_FAILURES,
    SITE,
    Limit,
    Window,
)
from tests.crowd import at_once

pytestmark = pytest.mark.django_db(transaction=True)
SLOW_WAITS = replace(SIGN_IN_FAILURES, waits=(60, 3600))  # 320 tries may take longer than a first wait of a second


def spends(tries: int, limit: Limit, key: str) -> int:
    """How many of `tries` passed."""
    return at_once(tries, lambda _: counter.spend(limit, key), refusals=LimitReached).count(None)


@pytest.mark.parametrize("limit", [REAUTH_FAILURES, CODE_FAILURES, SLOW_WAITS], ids=lambda limit: limit.name)
def test_of_320_tries_by_16_threads_exactly_ten_pass(limit: Limit) -> None:
    assert spends(320, limit, "maryam@example.com") == 10


def test_the_sites_sms_cap_is_exact() -> None:
    small = Limit(SEND_SMS_SITE.name, SEND_SMS_SITE.key, (Window(25, 86400),))
    assert spends(160, small, SITE) == 25


def test_no_failure_of_the_site_is_lost() -> None:
    at_once(320, lambda _: counter.hit(CODE_FAILURES_SITE), refusals=LimitReached)
    assert counter.total(CODE_FAILURES_SITE) == 320
    assert counter.stays_over(CODE_FAILURES_SITE)


def test_spends_and_refunds_at_once_lose_nothing() -> None:
    def spend_and_refund(_: int) -> None:
        counter.spend(REAUTH_FAILURES, "salem@example.com")
        counter.refund(REAUTH_FAILURES, "salem@example.com")

    at_once(160, spend_and_refund, refusals=LimitReached)
    assert counter.total(REAUTH_FAILURES, "salem@example.com") == 0
