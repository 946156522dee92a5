"""Sign-in: waits that double, from a second to an hour."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bawaba.infrastructure.limits import counter
from bawaba.infrastructure.limits.table import SIGN_IN_FAILURES, Window
from tests.infrastructure.limits.tally import MARYAM, START, at, refused_until, spend

pytestmark = pytest.mark.django_db


def test_after_ten_failures_the_waits_double_from_a_second_to_an_hour() -> None:
    moment, waits = 0.0, []
    with at(moment):
        spend(SIGN_IN_FAILURES, MARYAM, 10)
    for _ in range(15):
        with at(moment):
            opens = refused_until(SIGN_IN_FAILURES, MARYAM)
        waits.append((opens - START).total_seconds() - moment)
        moment = (opens - START).total_seconds()
        with at(moment):
            counter.spend(SIGN_IN_FAILURES, MARYAM)
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 3600, 3600, 3600]


def test_waits_of_an_installation_double_up_to_their_longest() -> None:
    strict, moment, waits = replace(SIGN_IN_FAILURES, windows=(Window(2, 300),), waits=(3, 20)), 0.0, []
    with at(0):
        spend(strict, MARYAM, 2)
    for _ in range(5):
        with at(moment):
            opens = (refused_until(strict, MARYAM) - START).total_seconds()
        waits.append(opens - moment)
        moment = opens
        with at(moment):
            counter.spend(strict, MARYAM)
    assert waits == [3, 6, 12, 20, 20]


def test_the_waits_may_begin_with_the_first_failure() -> None:
    strict = replace(SIGN_IN_FAILURES, windows=(Window(1, 300),))
    for begun in (0, 3601):
        with at(begun):
            counter.spend(strict, MARYAM)
            assert refused_until(strict, MARYAM) == START + timedelta(seconds=begun + 1)


def test_failures_below_ten_are_forgotten_after_five_minutes() -> None:
    with at(0):
        spend(SIGN_IN_FAILURES, MARYAM, 9)
    with at(300):
        spend(SIGN_IN_FAILURES, MARYAM, 10)
        refused_until(SIGN_IN_FAILURES, MARYAM)


def test_waits_go_on_growing_until_an_hour_was_quiet() -> None:
    with at(0):
        spend(SIGN_IN_FAILURES, MARYAM, 10)
    with at(3600):
        counter.spend(SIGN_IN_FAILURES, MARYAM)
        assert refused_until(SIGN_IN_FAILURES, MARYAM) == START + timedelta(seconds=3602)
    with at(3602 + 3600):
        spend(SIGN_IN_FAILURES, MARYAM, 10)


def test_success_ends_the_waits() -> None:
    with at(0):
        spend(SIGN_IN_FAILURES, MARYAM, 10)
        counter.clear(SIGN_IN_FAILURES, MARYAM)
        spend(SIGN_IN_FAILURES, MARYAM, 10)


def test_after_a_refund_below_ten_the_others_are_forgotten_in_their_time() -> None:
    with at(0):
        spend(SIGN_IN_FAILURES, MARYAM, 10)
        counter.refund(SIGN_IN_FAILURES, MARYAM)
    with at(300):
        spend(SIGN_IN_FAILURES, MARYAM, 10)


def test_a_wait_that_is_over_is_told_no_more() -> None:
    with at(0):
        spend(SIGN_IN_FAILURES, MARYAM, 10)
    with at(1):
        assert counter.peek(SIGN_IN_FAILURES, MARYAM) is None


def test_a_refunded_attempt_takes_its_wait_with_it() -> None:
    with at(0):
        spend(SIGN_IN_FAILURES, MARYAM, 10)
        counter.refund(SIGN_IN_FAILURES, MARYAM)
        counter.spend(SIGN_IN_FAILURES, MARYAM)
    with at(1):
        counter.spend(SIGN_IN_FAILURES, MARYAM)
        counter.refund(SIGN_IN_FAILURES, MARYAM)
        counter.spend(SIGN_IN_FAILURES, MARYAM)
        assert refused_until(SIGN_IN_FAILURES, MARYAM) == START + timedelta(seconds=3)
