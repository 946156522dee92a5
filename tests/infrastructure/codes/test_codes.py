"""Guessing and claiming: life to the second, generations, five guesses, one success."""

from uuid import uuid4

import pytest
from django.db import transaction
from django.db.transaction import TransactionManagementError

from bawaba.infrastructure.codes import codes
from bawaba.infrastructure.codes.codes import (
    AlreadyUsed,
    Challenge,
    CodeExpired,
    Purpose,
    TooManyGuesses,
    WrongCode,
)
from bawaba.infrastructure.codes.derivation import PUBLIC
from bawaba.infrastructure.codes.shapes import SHAPES
from bawaba.infrastructure.limits import counter
from bawaba.infrastructure.limits.counter import LimitReached
from bawaba.infrastructure.limits.models import Counter
from bawaba.infrastructure.limits.table import CODE_CONSECUTIVE, CODE_FAILURES, CODE_FAILURES_SITE, FAILURES_SOURCE
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


def test_a_code_counts_once() -> None:
    challenge = issued()
    use(challenge, newest(challenge))
    with pytest.raises(AlreadyUsed):
        guess(challenge, newest(challenge))
    challenge.refresh_from_db()
    assert (challenge.claimed_at is not None, challenge.killed_at) == (True, None)


def test_a_guess_is_never_compared_before_it_is_committed() -> None:
    challenge = issued()
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        guess(challenge, newest(challenge))


def test_of_two_who_both_compared_right_the_second_gets_nothing_and_no_refund() -> None:
    challenge = issued()
    first, second = guess(challenge, newest(challenge)), guess(challenge, newest(challenge))
    with transaction.atomic():
        codes.claim(first)
    with transaction.atomic(), pytest.raises(AlreadyUsed):
        codes.claim(second)
    assert counter.total(FAILURES_SOURCE, SOURCE) == counter.total(CODE_FAILURES_SITE) == 1


def test_a_code_is_claimed_only_within_the_transaction_of_its_effect(monkeypatch: pytest.MonkeyPatch) -> None:
    challenge = issued()
    spent = guess(challenge, newest(challenge))
    monkeypatch.setattr(transaction.get_connection(), "in_atomic_block", False)
    with pytest.raises(TransactionManagementError, match=r"^a code is claimed inside the transaction of its effect$"):
        codes.claim(spent)


def test_what_the_effect_rolls_back_is_not_claimed() -> None:
    challenge = issued()
    spent = guess(challenge, newest(challenge))

    def effect_that_fails() -> None:
        with transaction.atomic():
            codes.claim(spent)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        effect_that_fails()
    assert counter.total(FAILURES_SOURCE, SOURCE) == 1
    with transaction.atomic():
        codes.claim(spent)


def test_a_late_claim_takes_nothing_from_the_windows_that_began_after_the_guess() -> None:
    with at(0), pytest.raises(WrongCode):
        guess(other := issued(), wrong(other))
    with at(1800):
        challenge = issued()
        spent = guess(challenge, newest(challenge))
    with at(3700), pytest.raises(WrongCode):
        guess(other := issued(), wrong(other))
    with at(3800):
        with transaction.atomic():
            codes.claim(spent)
        assert counter.total(FAILURES_SOURCE, SOURCE) == counter.total(CODE_FAILURES_SITE) == 1
    assert Counter.objects.get(name="code.failures:3600").n == 1
    assert Counter.objects.get(name="code.failures:86400").n == 2


# --- generations (RT-09)


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


def test_a_code_whose_generation_died_after_the_comparison_is_not_claimed() -> None:
    with at(0):
        challenge = issued()
        spent = guess(challenge, newest(challenge))
    with at(1800):
        codes.resend(challenge)
        with transaction.atomic():
            sid = transaction.savepoint()
            codes.claim(spent)
            transaction.savepoint_rollback(sid)
        Challenge.objects.update(generation=3)
        with transaction.atomic(), pytest.raises(AlreadyUsed):
            codes.claim(spent)


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


# --- whose code for what (RT-17, RT-18)


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


# --- counters of the address


def test_the_eleventh_failure_within_an_hour_is_not_compared_over_any_number_of_challenges() -> None:
    for round_ in range(2):
        challenge = issued()
        for index in range(5):
            with pytest.raises(WrongCode):
                guess(challenge, wrong(challenge), source=f"198.51.100.{round_ * 5 + index}")
    challenge = issued()
    with pytest.raises(LimitReached) as refused:
        guess(challenge, newest(challenge))
    assert refused.value.limit == CODE_FAILURES
    challenge.refresh_from_db()
    assert challenge.attempts == 0


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


def test_success_leaves_the_counters_of_others_and_of_the_network() -> None:
    """RT-11."""
    victim, own = issued(address=SALEM), issued()
    for _ in range(3):
        with pytest.raises(WrongCode):
            guess(victim, wrong(victim, SALEM), SALEM)
    with pytest.raises(WrongCode):
        guess(own, wrong(own))
    use(own, newest(own))
    assert counter.total(FAILURES_SOURCE, SOURCE) == 4
    assert counter.total(CODE_FAILURES_SITE) == 4
    rows = Counter.objects.filter(name__startswith="code.")
    assert sorted(rows.exclude(key__startswith="site").values_list("name", "n")) == [
        ("code.consecutive:0", 3),
        ("code.failures:3600", 1),
        ("code.failures:3600", 3),
        ("code.failures:86400", 1),
        ("code.failures:86400", 3),
    ]


def test_a_network_with_too_many_failures_is_refused_before_anything_else() -> None:
    for _ in range(30):
        counter.spend(FAILURES_SOURCE, SOURCE)
    challenge = issued()
    with pytest.raises(LimitReached) as refused:
        guess(challenge, newest(challenge))
    assert refused.value.limit == FAILURES_SOURCE
    challenge.refresh_from_db()
    assert challenge.attempts == 0


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


# --- kills and the purge


def test_success_kills_every_other_challenge_of_that_purpose_for_the_subject() -> None:
    subject = str(uuid4())
    one = codes.issue(purpose=Purpose.RESET, subject=subject, address=MARYAM, lane="device")
    two = issued(Purpose.RESET, subject=subject)
    other_purpose, other_subject = issued(Purpose.ACTIVATE, subject=subject), issued(Purpose.RESET)
    use(one, newest(one))
    with pytest.raises(AlreadyUsed):
        guess(two, newest(two))
    use(other_purpose, newest(other_purpose))
    use(other_subject, newest(other_subject))


def test_a_killed_challenge_proves_nothing_even_after_the_comparison() -> None:
    challenge, other = issued(), issued()
    spent = guess(challenge, newest(challenge))
    reset = issued(Purpose.RESET, subject=challenge.subject)
    codes.kill(subject=challenge.subject, purpose=Purpose.ACTIVATE)
    use(reset, newest(reset))
    with transaction.atomic(), pytest.raises(AlreadyUsed):
        codes.claim(spent)
    with pytest.raises(AlreadyUsed):
        codes.resend(challenge)
    use(other, newest(other))


def test_decoys_cannot_be_killed_by_a_subject_they_do_not_have() -> None:
    with pytest.raises(ValueError, match=r"^decoys are killed by their address$"):
        codes.kill(subject="", purpose=Purpose.RESET)


def test_an_address_that_was_proven_kills_its_rivals() -> None:
    rival, salems = issued(), issued(address=SALEM)
    reset = issued(Purpose.RESET)
    codes.kill_address(Purpose.ACTIVATE, MARYAM)
    with pytest.raises(AlreadyUsed):
        guess(rival, newest(rival))
    use(salems, newest(salems, SALEM), SALEM)
    use(reset, newest(reset))


def test_a_restored_copy_revives_no_code() -> None:
    challenge = issued()
    codes.kill_all()
    with pytest.raises(AlreadyUsed):
        guess(challenge, newest(challenge))


def test_the_purge_waits_a_day_after_the_expiry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codes, "SLICE", 2)
    with at(0):
        for _ in range(5):
            issued(Purpose.RESET)
    with at(600 + 86_400 - 1):
        issued()
        assert codes.purge() == 0
    with at(600 + 86_400):
        assert codes.purge() == 5
    assert Challenge.objects.count() == 1
