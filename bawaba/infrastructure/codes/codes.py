"""One-time codes: issued, sent again, guessed at, claimed once.

A door that sends calls `request`, which spends the sending limits and then finds, renews or makes the challenge, in one
transaction (its own or the caller's). `issue` and `resend` are its parts and spend nothing. A door that receives calls
`check`, which spends a guess and commits before it compares, and then `claim` inside the transaction of the effect.
Every function raises `CountersUnavailable` when the database does not answer.
"""

import hmac
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F
from django.db.transaction import TransactionManagementError

from bawaba.identifiers.digits import clean_number
from bawaba.infrastructure import clock
from bawaba.infrastructure.codes.derivation import PUBLIC, address_digests, derive, lane_mark
from bawaba.infrastructure.codes.models import Challenge, ChallengeQuerySet, Purpose
from bawaba.infrastructure.codes.refusals import AlreadyUsed, CodeExpired, CodeRefused, TooManyGuesses, WrongCode
from bawaba.infrastructure.codes.sending import GUESSES, current, issue, request, resend, under_attack
from bawaba.infrastructure.limits import counter, table
from bawaba.infrastructure.limits.counter import LimitReached, failing_closed

__all__ = [
    "AlreadyUsed",
    "Challenge",
    "CodeExpired",
    "CodeRefused",
    "Purpose",
    "Spent",
    "TooManyGuesses",
    "WrongCode",
    "check",
    "claim",
    "current",
    "derive",
    "issue",
    "kill",
    "kill_address",
    "kill_all",
    "lift",
    "purge",
    "reopen",
    "request",
    "resend",
    "under_attack",
]

KEPT = timedelta(hours=24)
SLICE = 1_000


@dataclass(frozen=True)
class Spent:
    """A right code whose guess is spent and which nobody has claimed yet. Worth nothing until `claim`."""

    challenge_id: UUID
    purpose: Purpose
    subject: str
    generation: int
    good_until: datetime
    at: datetime  # after the counters were spent, or their refund would miss a window that began with them
    source: str = field(repr=False)
    failures_key: str = field(repr=False)
    site_row: str = field(repr=False)


def check(challenge_id: UUID, *, typed: str, address: str, source: str) -> Spent:
    """Spends a guess, commits, and then compares. Never inside a transaction of the caller.

    Raises `WrongCode`, `CodeExpired`, `TooManyGuesses`, or `LimitReached` of the source, the address or the row of
    failures; after all but the first nothing was compared.
    """
    now = clock.now()
    refused: Exception | None = None
    with failing_closed(), transaction.atomic(durable=True):
        counter.spend(table.FAILURES_SOURCE, source)
        try:
            with transaction.atomic():
                site_row = counter.hit(table.CODE_FAILURES_SITE)
                challenge, failures_key = _spend_guess(challenge_id, address, now)
        except (CodeRefused, LimitReached) as reason:
            refused = reason
    if refused:
        raise refused
    generation, good_until = _compare(challenge, clean_number(typed), address, now)
    if not generation:
        raise WrongCode(GUESSES - challenge.attempts)
    return Spent(
        challenge_id=challenge.id,
        purpose=Purpose(challenge.purpose),
        subject=challenge.subject,
        generation=generation,
        good_until=good_until,
        at=clock.now(),
        source=source,
        failures_key=failures_key,
        site_row=site_row,
    )


def claim(spent: Spent) -> None:
    """Makes the code count, once, together with the caller's effect. Raises `AlreadyUsed` when another was first.

    The spent failure is refunded, the row of failures of this address ends, and the subject's other challenges of this
    purpose die.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("a code is claimed inside the transaction of its effect")
    with failing_closed(), transaction.atomic():
        counter.refund(table.FAILURES_SOURCE, spent.source, spent_at=spent.at)
        counter.take_back(table.CODE_FAILURES_SITE, spent.site_row, spent_at=spent.at)
        now = clock.now()
        rows = Challenge.objects.open().filter(purpose=spent.purpose, subject=spent.subject).in_order()
        row = rows.filter(id=spent.challenge_id)
        row = row.filter(generation__lte=spent.generation + 1)  # an older generation died meanwhile
        if now >= spent.good_until or row.update(claimed_at=now) != 1:
            raise AlreadyUsed
        rows.update(killed_at=now)
        counter.refund(table.CODE_FAILURES, spent.failures_key, spent_at=spent.at)
        counter.clear(table.CODE_CONSECUTIVE, spent.failures_key)


def kill(*, subject: str, purpose: Purpose) -> None:
    """The open challenges of a subject die: the address or the password has changed, or the subject is gone."""
    if not subject:
        raise ValueError("decoys are killed by their address")
    with failing_closed(), transaction.atomic():
        Challenge.objects.open().filter(purpose=purpose, subject=subject).in_order().update(killed_at=clock.now())


def kill_address(purpose: Purpose, address: str) -> None:
    """The open challenges of an address die, whoever their subject is: another has proven it."""
    with failing_closed(), transaction.atomic():
        rows = Challenge.objects.open().filter(purpose=purpose, address_digest__in=address_digests(address))
        rows.in_order().update(killed_at=clock.now())


def kill_all() -> None:
    """Every open challenge dies: a restored copy would revive codes that were used."""
    Challenge.objects.open().update(killed_at=clock.now())


def lift(*, purpose: Purpose, address: str, lane: str = PUBLIC) -> None:
    """An officer forgets the failures of an address in the last hour and day, never those in a row."""
    counter.lift(table.CODE_FAILURES, _failures_key(purpose, lane_mark(lane), address))


def reopen(*channels: tuple[Purpose, str, str]) -> None:
    """Another proof of the person (a sign-in, two officers) ends the row of failures that closed a channel.

    A channel is a purpose, a lane and an address.
    """
    keys = [_failures_key(purpose, lane_mark(lane), address) for purpose, lane, address in channels]
    counter.clear(table.CODE_CONSECUTIVE, *keys)


def purge() -> int:
    """Deletes challenges a day after their expiry, in slices so that no lock lasts; returns how many there were."""
    rows = Challenge.objects.filter(expires_at__lte=clock.now() - KEPT)
    deleted = 0
    while ids := list(rows.values_list("id", flat=True)[:SLICE]):
        deleted += Challenge.objects.filter(id__in=ids).delete()[0]
    return deleted


def _spend_guess(challenge_id: UUID, address: str, now: datetime) -> tuple[Challenge, str]:
    rows = Challenge.objects.filter(id=challenge_id, address_digest__in=address_digests(address))
    if rows.live(now).filter(attempts__lt=GUESSES).update(attempts=F("attempts") + 1) != 1:
        raise _reason(rows, now)
    challenge = rows.get()
    failures_key = _failures_key(challenge.purpose, challenge.lane, address)
    counter.spend_all((table.CODE_FAILURES, failures_key), (table.CODE_CONSECUTIVE, failures_key))
    return challenge, failures_key


def _reason(rows: ChallengeQuerySet, now: datetime) -> CodeRefused:
    if rows.live(now).exists():
        return TooManyGuesses()
    return AlreadyUsed() if rows.exclude(claimed_at=None, killed_at=None).exists() else CodeExpired()


def _compare(challenge: Challenge, typed: str, address: str, now: datetime) -> tuple[int, datetime]:
    """Which generation `typed` is and until when it lives; generation 0 for none. Derives and compares both, always."""
    generation = challenge.generation
    until = challenge.previous_expires_at
    newest = _equal(typed, derive(challenge, generation, address)) & (now < challenge.expires_at)
    previous = _equal(typed, derive(challenge, generation - 1, address))
    if challenge.decoy:
        return 0, now
    if newest:
        return generation, challenge.expires_at
    return (generation - 1, until) if previous and until and now < until else (0, now)


def _equal(typed: str, code: str) -> bool:
    return hmac.compare_digest(typed.encode(errors="replace"), code.encode())


def _failures_key(purpose: str, lane: str, address: str) -> str:
    return f"{purpose} {lane} {address}"
