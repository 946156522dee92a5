"""One try of a secret: counted in three places at once, and taken back from where it was counted."""

import pytest

from bawaba.infrastructure.limits import attempt, counter
from bawaba.infrastructure.limits.attempt import Attempt
from bawaba.infrastructure.limits.counter import LimitReached
from bawaba.infrastructure.limits.models import Counter
from bawaba.infrastructure.limits.table import FAILURES_SOURCE, REGISTER, SIGN_IN_FAILURES, SIGN_IN_FAILURES_SITE
from tests.infrastructure.limits.tally import at

pytestmark = pytest.mark.django_db
NETWORK, SALEMS_NETWORK = "192.0.2.1", "192.0.2.2"
MARYAM = "public maryam@example.com"


def begin(network: str = NETWORK) -> Attempt:
    return attempt.begin(
        source=(FAILURES_SOURCE, network), waiting=(SIGN_IN_FAILURES, MARYAM), site=SIGN_IN_FAILURES_SITE
    )


def counted() -> tuple[int, int, int]:
    return (
        counter.total(FAILURES_SOURCE, NETWORK),
        counter.total(SIGN_IN_FAILURES, MARYAM),
        counter.total(SIGN_IN_FAILURES_SITE),
    )


def test_an_attempt_is_counted_for_the_network_the_address_and_the_site() -> None:
    with at(0):
        begin()
        begin()
        assert counted() == (2, 2, 2)


def test_an_attempt_that_was_not_compared_never_was() -> None:
    with at(0):
        begin()
        attempt.forgive(begin())
        assert counted() == (1, 1, 1)


def test_what_is_taken_back_stays_in_other_limits_of_the_network() -> None:
    with at(0):
        counter.spend(REGISTER, NETWORK)
        attempt.forgive(begin())
        assert counter.total(REGISTER, NETWORK) == 1


def test_success_takes_its_own_back_and_ends_the_waits_of_the_address() -> None:
    with at(0):
        for _ in range(9):
            begin()
        attempt.succeed(begin())
        assert counted() == (9, 0, 9)
        assert counter.peek(SIGN_IN_FAILURES, MARYAM) is None


def test_a_first_success_leaves_nothing() -> None:
    attempt.succeed(begin())
    assert counted() == (0, 0, 0)


def test_a_refused_attempt_is_counted_nowhere() -> None:
    with at(0):
        for _ in range(10):
            begin()
        with pytest.raises(LimitReached) as refused:
            begin(SALEMS_NETWORK)
        assert refused.value.limit == SIGN_IN_FAILURES
        assert counted() == (10, 10, 10)
        assert counter.total(FAILURES_SOURCE, SALEMS_NETWORK) == 0


def test_a_network_that_is_refused_costs_the_address_nothing() -> None:
    with at(0):
        for _ in range(30):
            counter.spend(FAILURES_SOURCE, NETWORK)
        with pytest.raises(LimitReached) as refused:
            begin()
        assert refused.value.limit == FAILURES_SOURCE
        assert counted() == (30, 0, 0)


def test_what_began_after_the_attempt_is_left_alone() -> None:
    with at(0):
        old = begin()
    with at(600):
        begin()
        attempt.forgive(old)
        assert counted() == (1, 1, counter.total(SIGN_IN_FAILURES_SITE))


def test_taking_back_twice_gives_no_credit() -> None:
    with at(0):
        once = begin()
        for _ in range(3):
            attempt.forgive(once)
    assert set(Counter.objects.values_list("n", flat=True)) == {0}
