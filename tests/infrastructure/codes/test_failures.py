"""What wrong codes cost an address, a lane and a network, over any number of challenges."""

from uuid import uuid4

import pytest

from bawaba.infrastructure.codes import codes
from bawaba.infrastructure.codes.codes import Challenge, Purpose, WrongCode
from bawaba.infrastructure.codes.derivation import PUBLIC
from bawaba.infrastructure.limits import counter
from bawaba.infrastructure.limits.counter import LimitReached
from bawaba.infrastructure.limits.table import CODE_CONSECUTIVE, CODE_FAILURES, FAILURES_SOURCE, Limit
from tests.infrastructure.codes.desk import MARYAM, SOURCE, at, guess, issued, newest, use, wrong

pytestmark = pytest.mark.django_db


def right_code_is_not_compared(limit: Limit) -> None:
    """Because of this limit: nothing is counted against the code itself."""
    challenge = issued()
    with pytest.raises(LimitReached) as refused:
        guess(challenge, newest(challenge))
    assert refused.value.limit == limit
    challenge.refresh_from_db()
    assert challenge.attempts == 0


def test_the_eleventh_failure_within_an_hour_is_not_compared_over_any_number_of_challenges() -> None:
    for round_ in range(2):
        challenge = issued()
        for index in range(5):
            with pytest.raises(WrongCode):
                guess(challenge, wrong(challenge), source=f"198.51.100.{round_ * 5 + index}")
    right_code_is_not_compared(CODE_FAILURES)


def test_a_hundred_failures_in_a_row_close_the_channel_until_another_proof() -> None:
    moment = 0
    for day in range(10):
        moment = day * 90_000
        with at(moment):
            challenge = issued()
        for index in range(10):
            if index == 5:
                with at(moment):
                    challenge = issued()
            with at(moment), pytest.raises(WrongCode):
                guess(challenge, wrong(challenge), source=f"198.51.100.{index}")
    with at(moment + 90_000):
        challenge = issued()
        with pytest.raises(LimitReached) as refused:
            guess(challenge, newest(challenge))
        assert refused.value.limit == CODE_CONSECUTIVE
        assert refused.value.closed
        codes.lift(purpose=Purpose.ACTIVATE, address=MARYAM)
        with pytest.raises(LimitReached):
            guess(challenge, newest(challenge))
        codes.reopen((Purpose.ACTIVATE, PUBLIC, MARYAM))
        use(challenge, newest(challenge))


def test_an_officer_opens_the_hour_again() -> None:
    for index in range(10):
        challenge = issued()
        with pytest.raises(WrongCode):
            guess(challenge, wrong(challenge), source=f"198.51.100.{index}")
    challenge = issued()
    with pytest.raises(LimitReached):
        guess(challenge, newest(challenge))
    codes.lift(purpose=Purpose.ACTIVATE, address=MARYAM)
    use(challenge, newest(challenge))


def test_a_thousand_flows_for_one_address_have_twenty_guesses_a_day() -> None:
    """RT-08: counters of a session or challenge alone would let 5,000 through."""
    compared = 0
    for flow in range(1000):
        with at(flow * 86):
            challenge = issued(Purpose.RESET)
            try:
                guess(challenge, wrong(challenge), source=f"198.51.100.{flow % 250}")
            except WrongCode:
                compared += 1
            except LimitReached:
                continue
    assert compared == 20


def test_a_network_with_too_many_failures_is_refused_before_anything_else() -> None:
    for _ in range(30):
        counter.spend(FAILURES_SOURCE, SOURCE)
    right_code_is_not_compared(FAILURES_SOURCE)


def test_each_lane_has_its_own_challenge_and_failures() -> None:
    subject = str(uuid4())
    public = issued(Purpose.RESET, subject=subject)
    known = codes.issue(purpose=Purpose.RESET, subject=subject, address=MARYAM, lane="device-of-maryam")
    for index in range(10):
        if index == 5:
            public = issued(Purpose.RESET, subject=subject)
        with pytest.raises(WrongCode):
            guess(public, wrong(public), source=f"198.51.100.{index}")
    with pytest.raises(LimitReached):
        guess(issued(Purpose.RESET, subject=subject), "12345678")
    use(known, newest(known))
    assert not Challenge.objects.open().exists()
    assert "device-of-maryam" not in str(list(Challenge.objects.values()))
