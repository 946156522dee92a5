"""Many at once: five compared, one success (F10, F11, RT-06)."""

from dataclasses import replace

import pytest
from django.db import transaction

from bawaba.infrastructure.codes import codes
from bawaba.infrastructure.codes.codes import Challenge, CodeRefused, Purpose, TooManyGuesses, WrongCode
from bawaba.infrastructure.limits.counter import LimitReached
from bawaba.infrastructure.limits.models import Counter
from tests.crowd import at_once
from tests.infrastructure.codes.desk import MARYAM, guess, issued, newest, use, wrong

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_200_wrong_codes_exactly_five_are_compared() -> None:
    challenge = issued()
    outcomes = at_once(
        200,
        lambda index: guess(challenge, wrong(challenge), source=f"198.51.100.{index}"),
        refusals=CodeRefused,
    )
    assert sum(isinstance(outcome, WrongCode) for outcome in outcomes) == 5
    assert sum(isinstance(outcome, TooManyGuesses) for outcome in outcomes) == 195
    assert Counter.objects.get(name="code.consecutive:0").n == 5


def test_of_guesses_at_many_challenges_of_one_address_exactly_ten_are_compared() -> None:
    challenges = [issued(Purpose.RESET) for _ in range(16)]
    outcomes = at_once(
        160,
        lambda index: guess(challenges[index % 16], "00000000", source=f"198.51.100.{index}"),
        refusals=(CodeRefused, LimitReached),
    )
    assert sum(isinstance(outcome, WrongCode) for outcome in outcomes) == 10
    assert sum(Challenge.objects.values_list("attempts", flat=True)) == 10


@pytest.mark.parametrize("round_", range(5))
def test_of_twelve_right_codes_one_succeeds(round_: int) -> None:
    challenge = issued()
    outcomes = at_once(12, lambda _: use(challenge, newest(challenge)), refusals=CodeRefused, threads=12)
    assert sum(isinstance(outcome, codes.Spent) for outcome in outcomes) == 1


@pytest.mark.parametrize("round_", range(5))
def test_of_twelve_who_all_compared_right_one_claims(round_: int) -> None:
    """Each from a network of its own: nothing but the challenge makes them wait for one another."""
    challenge = issued()
    spent = guess(challenge, newest(challenge))
    everybody = [replace(spent, source=f"198.51.100.{index}", site_row=f"site:{index}") for index in range(12)]

    def claims(index: int) -> bool:
        with transaction.atomic():
            codes.claim(everybody[index])
        return True

    assert at_once(12, claims, refusals=CodeRefused, threads=12).count(True) == 1


def test_many_who_ask_at_once_share_one_challenge() -> None:
    made = at_once(
        32,
        lambda _: codes.issue(purpose=Purpose.RESET, subject="", address=MARYAM),
        refusals=CodeRefused,
    )
    assert Challenge.objects.open().count() == 1
    assert {row.purpose for row in made if isinstance(row, Challenge)} == {"reset"}


def test_many_resends_in_the_second_half_make_one_new_generation() -> None:
    challenge = issued()
    Challenge.objects.update(renewed_at=challenge.created_at.replace(year=2000))
    again = at_once(32, lambda _: codes.resend(challenge), refusals=CodeRefused)
    assert {row.generation for row in again if isinstance(row, Challenge)} == {2}
