"""Many at once: a counter lets exactly as many through as it says (RT-06)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from bawaba.infrastructure.limits import counter
from bawaba.infrastructure.limits.table import (
    CODE_FAILURES,
    CODE_FAILURES_SITE,
    REAUTH_FAILURES,
    SEND_SMS_SITE,
    SIGN_IN_FAILURES,
    Limit,
    Window,
)

pytestmark = pytest.mark.django_db(transaction=True)
THREADS = 16


def at_once(tries: int, act: Callable[[int], object]) -> list[object]:
    """What `act` returned or raised for each of `tries`, done by 16 threads that start together."""
    barrier = Barrier(THREADS)

    def some(first: int) -> list[object]:
        barrier.wait()
        try:
            return [_outcome(act, index) for index in range(first, tries, THREADS)]
        finally:
            connection.close()

    with ThreadPoolExecutor(THREADS) as pool:
        return [outcome for part in pool.map(some, range(THREADS)) for outcome in part]


def _outcome(act: Callable[[int], object], index: int) -> object:
    try:
        return act(index)
    except counter.LimitReached as refused:
        return refused


@pytest.mark.parametrize("limit", [REAUTH_FAILURES, CODE_FAILURES, SIGN_IN_FAILURES], ids=lambda limit: limit.name)
def test_of_320_tries_by_16_threads_exactly_ten_pass(limit: Limit) -> None:
    outcomes = at_once(320, lambda _: counter.spend(limit, "maryam@example.com"))
    assert outcomes.count(None) == 10


def test_the_sites_sms_cap_is_exact() -> None:
    small = Limit(SEND_SMS_SITE.name, SEND_SMS_SITE.key, (Window(25, 86400),))
    assert at_once(160, lambda _: counter.spend(small, counter.SITE)).count(None) == 25


def test_no_failure_of_the_site_is_lost() -> None:
    at_once(320, lambda _: counter.hit(CODE_FAILURES_SITE))
    assert counter.total(CODE_FAILURES_SITE) == 320
    assert counter.stays_over(CODE_FAILURES_SITE)


def test_spends_and_refunds_at_once_lose_nothing() -> None:
    def spend_and_refund(_: int) -> None:
        counter.spend(REAUTH_FAILURES, "salem@example.com")
        counter.refund(REAUTH_FAILURES, "salem@example.com")

    at_once(160, spend_and_refund)
    assert counter.total(REAUTH_FAILURES, "salem@example.com") == 0
