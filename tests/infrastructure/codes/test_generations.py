"""Codes that were sent again: the newest and the one before it are good, and nothing is forgotten (RT-09)."""

import pytest

from bawaba.infrastructure.codes import codes
from bawaba.infrastructure.codes.codes import WrongCode
from bawaba.infrastructure.limits.models import Counter
from tests.infrastructure.codes.desk import at, guess, issued, newest, wrong

pytestmark = pytest.mark.django_db


def test_the_newest_and_the_previous_code_are_good_and_the_third_newest_is_not() -> None:
    with at(0):
        challenge = issued()
        first = newest(challenge)
    with at(1800):
        challenge = codes.resend(challenge)
        second = newest(challenge)
    with at(3590):
        assert guess(challenge, first).generation == 1
        assert guess(challenge, second).generation == 2
    with at(3600), pytest.raises(WrongCode):
        guess(challenge, first)
    with at(3610):
        challenge = codes.resend(challenge)
        third = newest(challenge)
        assert guess(challenge, second).generation == 2
        assert guess(challenge, third).generation == 3


def test_two_resends_within_the_life_of_the_first_code_end_it() -> None:
    with at(0):
        challenge = issued()
        first = newest(challenge)
    with at(1800):
        codes.resend(challenge)
    with at(3599):
        challenge = codes.resend(codes.resend(challenge))
        assert challenge.generation == 2
    with at(3600):
        challenge = codes.resend(challenge)
        with pytest.raises(WrongCode):
            guess(challenge, first)


def test_a_resend_forgets_no_failure() -> None:
    with at(0):
        challenge = issued()
        for _ in range(3):
            with pytest.raises(WrongCode):
                guess(challenge, wrong(challenge))
    for moment in (10, 1800, 3700):
        with at(moment):
            challenge = codes.resend(challenge)
            with pytest.raises(WrongCode) as refused:
                guess(challenge, wrong(challenge))
        if moment == 1800:
            assert refused.value.tries_left == 0
    assert Counter.objects.get(name="code.failures:86400").n == 6
    assert Counter.objects.get(name="code.consecutive:0").n == 6
