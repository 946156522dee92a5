"""Guessing: as people type it, life to the second, five guesses, and whose code opens what (RT-17, RT-18)."""

from uuid import uuid4

import pytest
from django.db import transaction

from bawaba.infrastructure.codes import codes
from bawaba.infrastructure.codes.codes import AlreadyUsed, Challenge, CodeExpired, Purpose, TooManyGuesses, WrongCode
from bawaba.infrastructure.codes.shapes import SHAPES
from bawaba.infrastructure.limits.models import Counter
from tests.infrastructure.codes.desk import MARYAM, SALEM, SOURCE, at, guess, issued, newest, use, wrong

pytestmark = pytest.mark.django_db
LIVES = {Purpose.ACTIVATE: (6, 3600), Purpose.MOBILE: (6, 600), Purpose.RESET: (8, 600), Purpose.CHANGE_EMAIL: (8, 600)}


@pytest.mark.parametrize("purpose", Purpose)
def test_a_code_is_good_in_the_last_second_of_its_life_and_not_after_it(purpose: Purpose) -> None:
    digits, life = LIVES[purpose]
    with at(0):
        challenge = issued(purpose)
    with at(life - 0.001):
        assert len(newest(challenge)) == digits
        spent = guess(challenge, newest(challenge))
    with at(life), pytest.raises(CodeExpired) as refused:
        guess(challenge, newest(challenge))
    assert refused.type is CodeExpired
    with at(life), transaction.atomic(), pytest.raises(AlreadyUsed):
        codes.claim(spent)
    assert set(SHAPES) == set(LIVES) == set(Purpose)


@pytest.mark.parametrize("typed", ["{}", " {} ", "{0[0]}{0[1]}{0[2]}-{0[3]}{0[4]}{0[5]}", "\u200f{}\u202c"])
def test_a_code_is_read_as_people_type_it(typed: str) -> None:
    challenge = issued()
    assert use(challenge, typed.format(newest(challenge))).challenge_id == challenge.id


@pytest.mark.parametrize("zero", ["٠", "۰", "０"], ids=["arabic", "persian", "full width"])
def test_a_code_is_read_in_other_digits(zero: str) -> None:
    challenge = issued()
    use(challenge, "".join(chr(ord(zero) + int(digit)) for digit in newest(challenge)))


@pytest.mark.parametrize("typed", ["", " ", "²²²²²²", "abcdef", "\x00", "0", "1234567", "\ud800", "١" * 5000])
def test_what_is_no_code_is_a_wrong_code(typed: str) -> None:
    with pytest.raises(WrongCode):
        guess(issued(), typed)


def test_zero_is_no_code_even_for_a_worker_whose_clock_is_behind() -> None:
    with at(60):
        challenge = issued()
    for typed in ("0", "", wrong(challenge)):
        with at(0), pytest.raises(WrongCode):
            guess(challenge, typed)


def test_a_worker_whose_clock_is_a_minute_off_takes_the_code_all_the_same() -> None:
    with at(60):
        challenges = [issued(), issued()]
    for challenge, seconds in zip(challenges, (0, 120), strict=True):
        with at(seconds):
            use(challenge, newest(challenge))


def test_five_guesses_are_compared_and_the_sixth_is_not_even_if_right() -> None:
    challenge = issued()
    for left in (4, 3, 2, 1, 0):
        with pytest.raises(WrongCode) as refused:
            guess(challenge, wrong(challenge))
        assert refused.value.tries_left == left
    with pytest.raises(TooManyGuesses):
        guess(challenge, newest(challenge))


def test_the_fifth_guess_may_be_the_right_one() -> None:
    challenge = issued()
    for _ in range(4):
        with pytest.raises(WrongCode):
            guess(challenge, wrong(challenge))
    use(challenge, newest(challenge))


def test_a_guess_is_never_compared_before_it_is_committed() -> None:
    challenge = issued()
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        guess(challenge, newest(challenge))


def test_a_code_opens_only_its_own_purpose_address_and_subject() -> None:
    people = {MARYAM: str(uuid4()), SALEM: str(uuid4())}
    challenges = {
        (purpose, address, subject): issued(purpose, address, subject=subject)
        for purpose in Purpose
        for address in people
        for subject in people.values()
    }
    # Of two addresses of one subject the later one lives: the first challenge has died with the change of address.
    living = {key: row for key, row in challenges.items() if Challenge.objects.open().filter(id=row.id).exists()}
    assert len(living) == 8
    passed = set()
    for key, challenge in living.items():
        for other, asked in living.items():
            Counter.objects.all().delete()
            Challenge.objects.update(attempts=0)
            typed = newest(challenge, key[1])
            try:
                guess(asked, typed, other[1])
            except WrongCode:
                continue
            passed.add((key, other))
    assert passed == {(key, key) for key in living}


def test_an_address_that_changed_between_code_and_submit_is_refused_and_costs_no_guess() -> None:
    challenge = issued()
    with pytest.raises(CodeExpired):
        guess(challenge, newest(challenge), SALEM)
    challenge.refresh_from_db()
    assert challenge.attempts == 0


def test_an_unknown_challenge_costs_the_source_and_nobody_else() -> None:
    with pytest.raises(CodeExpired):
        codes.check(uuid4(), typed="123456", address=MARYAM, source=SOURCE)
    assert list(Counter.objects.values_list("name", "n")) == [("failures.source:600", 1)]


def test_a_decoy_costs_the_same_and_never_matches() -> None:
    decoy, real = issued(subject="", address=SALEM), issued()
    with pytest.raises(WrongCode) as of_decoy:
        guess(decoy, newest(decoy, SALEM), SALEM)
    with pytest.raises(WrongCode) as of_real:
        guess(real, wrong(real))
    assert of_decoy.value.tries_left == of_real.value.tries_left
    names = list(Counter.objects.filter(name__startswith="code.").values_list("name", "n"))
    assert names.count(("code.failures:3600", 1)) == 2
