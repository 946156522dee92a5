"""Crowds at one code: five compared, one winner, and nobody waits for somebody who waits for him (F10, F11, F17).

The longest are marked as faults; the others run on PostgreSQL as well, whose locks they are about.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from threading import Event, Thread
from uuid import uuid4

import pytest
from django.db import connection, transaction

from bawaba.infrastructure.codes import codes
from bawaba.infrastructure.codes.codes import Challenge, CodeRefused, Purpose, TooManyGuesses, WrongCode
from bawaba.infrastructure.limits import counter
from bawaba.infrastructure.limits.counter import CountersUnavailable, LimitReached
from bawaba.infrastructure.limits.models import Counter
from bawaba.infrastructure.limits.table import CODE_CONSECUTIVE, CODE_FAILURES, FAILURES_SOURCE, Limit
from tests.crowd import at_once
from tests.infrastructure.codes.desk import MARYAM, guess, issued, newest, use, wrong

pytestmark = pytest.mark.django_db(transaction=True)
REFUSALS = (CodeRefused, LimitReached)


def network(index: int) -> str:
    return f"2001:db8:{index:x}::"


@pytest.mark.faults
@pytest.mark.parametrize("purpose", Purpose)
def test_of_twelve_at_one_code_one_wins_in_every_round(purpose: Purpose) -> None:
    """F10 for activation, SMS, reset and change of e-mail."""
    for _ in range(10):
        challenge = issued(purpose)
        spent = guess(challenge, newest(challenge))
        rivals = [replace(spent, source=network(index), site_row=f"site:{index}") for index in range(12)]

        def claims(index: int, rivals: list[codes.Spent] = rivals) -> bool:
            with transaction.atomic():
                codes.claim(rivals[index])
            return True

        assert at_once(12, claims, refusals=REFUSALS, threads=12).count(True) == 1


def test_a_code_that_is_claimed_and_killed_at_once_ends_in_one_of_the_two() -> None:
    for _ in range(20):
        Counter.objects.all().delete()
        challenge = issued(Purpose.RESET)
        spent = guess(challenge, newest(challenge))

        def acts(index: int, spent: codes.Spent = spent) -> bool:
            if index % 2:
                codes.kill(subject=spent.subject, purpose=spent.purpose)
                return False
            with transaction.atomic():
                codes.claim(spent)
            return True

        won = at_once(8, acts, refusals=REFUSALS, threads=8).count(True)
        challenge.refresh_from_db()
        assert won == (challenge.claimed_at is not None)
        assert (challenge.claimed_at is None) != (challenge.killed_at is None)


@pytest.mark.faults
@pytest.mark.parametrize("clients", [8, 32])
def test_of_200_wrong_codes_five_are_compared_at_each_challenge(clients: int) -> None:
    """F11: where a counter that reads and then writes let 40 and 69 through."""
    for round_ in range(3):
        address = f"maryam{round_}@example.com"
        challenge = issued(address=address)
        typed = wrong(challenge, address)
        outcomes = at_once(
            200,
            lambda index, c=challenge, t=typed, a=address: guess(c, t, a, source=network(index)),  # type: ignore[misc]  # defaults of a lambda
            refusals=REFUSALS,
            threads=clients,
        )
        assert sum(isinstance(outcome, WrongCode) for outcome in outcomes) == 5
        assert sum(isinstance(outcome, TooManyGuesses) for outcome in outcomes) == 195


@pytest.mark.faults
def test_a_hundred_challenges_of_one_address_share_ten_guesses_an_hour() -> None:
    challenges = [issued(Purpose.RESET) for _ in range(100)]
    outcomes = at_once(
        400, lambda index: guess(challenges[index % 100], "00000000", source=network(index)), refusals=REFUSALS
    )
    assert sum(isinstance(outcome, WrongCode) for outcome in outcomes) == 10


def test_whatever_people_do_at_once_nobody_waits_in_a_circle() -> None:
    """A deadlock on PostgreSQL or a lock that SQLite gives up on would come out as `CountersUnavailable`."""
    subjects, lanes = [str(uuid4()) for _ in range(2)], ["public", "device"]

    def acts(index: int) -> str:
        subject, lane = subjects[index % 2], lanes[index // 2 % 2]
        address, source = f"maryam{index // 20}@example.com", network(index // 25)
        challenge = codes.issue(purpose=Purpose.RESET, subject=subject, address=address, lane=lane)
        act = index % 5
        if act == 0:
            codes.resend(challenge)
        elif act == 1:
            codes.kill_address(Purpose.RESET, address)
        elif act == 2:
            guess(challenge, "00000000", address, source)
        else:
            use(challenge, newest(challenge, address), address, source)
        return "done"

    outcomes = at_once(300, acts, refusals=REFUSALS)
    assert outcomes.count("done") > 100
    assert Challenge.objects.filter(claimed_at__isnull=False, killed_at__isnull=False).count() == 0


@contextmanager
def counters_that_do_not_answer() -> Iterator[None]:
    """Another connection holds the rows, and ours waits a tenth of a second at most."""
    held, over = Event(), Event()

    def hold() -> None:
        with transaction.atomic():
            Counter.objects.update(n=0)
            held.set()
            over.wait(30)
        connection.close()

    holder = Thread(target=hold)
    holder.start()
    assert held.wait(30)
    sqlite = connection.vendor == "sqlite"
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 100" if sqlite else "SET statement_timeout = 100")
    try:
        yield
    finally:
        over.set()
        holder.join()
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout = 20000" if sqlite else "SET statement_timeout = 0")


def test_while_the_counters_do_not_answer_everything_is_refused_and_afterwards_nothing() -> None:
    """F17: refused, never unlimited, and well again without a restart."""
    challenge = issued()
    with pytest.raises(WrongCode):
        guess(challenge, wrong(challenge))
    with counters_that_do_not_answer():
        with pytest.raises(CountersUnavailable):
            guess(challenge, newest(challenge))
        for limit in (FAILURES_SOURCE, CODE_FAILURES, CODE_CONSECUTIVE):
            with pytest.raises(CountersUnavailable):
                counter.spend(limit, counter_key(limit))
    challenge.refresh_from_db()
    assert challenge.attempts == 1
    use(challenge, newest(challenge))


def counter_key(limit: Limit) -> str:
    return "192.0.2.1" if limit is FAILURES_SOURCE else f"activate public {MARYAM}"
