"""Which challenge a code is sent for: the living one, its next generation, or a new one."""

import secrets
from contextlib import suppress
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q

from bawaba.infrastructure import clock
from bawaba.infrastructure.codes.derivation import PUBLIC, address_digest, address_digests, lane_mark
from bawaba.infrastructure.codes.models import Challenge, ChallengeQuerySet, Purpose
from bawaba.infrastructure.codes.refusals import AlreadyUsed
from bawaba.infrastructure.codes.shapes import SHAPES
from bawaba.infrastructure.limits import counter, table
from bawaba.infrastructure.limits.counter import failing_closed

GUESSES = table.CODE_GUESSES.value


def request(*, purpose: Purpose, subject: str, address: str, source: str, lane: str = PUBLIC) -> Challenge:
    """The challenge whose newest code is to be sent now: the living one, its next generation, or a new one.

    Spends the sending limits of source, address and site, and raises `LimitReached` with nothing spent or changed.
    """
    shape = SHAPES[purpose]
    with failing_closed(), transaction.atomic():
        counter.spend_all((shape.by_source, source), (shape.by_address, address), (shape.by_site, table.SITE))
        digests = address_digests(address)
        known = _rivals(purpose, subject, digests[-1], lane_mark(lane)).filter(address_digest__in=digests).first()
        with suppress(AlreadyUsed):  # another request may claim or kill it in this moment
            if known:
                return resend(known)
        return issue(purpose=purpose, subject=subject, address=address, lane=lane)


def issue(*, purpose: Purpose, subject: str, address: str, lane: str = PUBLIC) -> Challenge:
    """A new challenge; the open one of the same subject, purpose and lane dies. `subject` is empty for a decoy."""
    with failing_closed():
        return _make(purpose, subject, address_digest(address), lane_mark(lane))


def resend(challenge: Challenge) -> Challenge:
    """In the first half of the newest code's life the same code, in the second half the next one; both stay good.

    A new challenge when the guesses are spent or everything has expired. Raises `AlreadyUsed` when it was claimed or
    killed. No failure is forgotten.
    """
    with failing_closed(), transaction.atomic():
        now = clock.now()
        known = Challenge.objects.filter(id=challenge.id).first() or challenge
        if known.claimed_at or known.killed_at:
            raise AlreadyUsed
        if known.attempts >= GUESSES or known.expires_at <= now:
            return _make(Purpose(known.purpose), known.subject, known.address_digest, known.lane)
        if now < known.renewed_at + (known.expires_at - known.renewed_at) / 2:
            return known
        return _renew(known, now)


def current(*, purpose: Purpose, address: str, lane: str = PUBLIC) -> Challenge | None:
    """The newest living challenge of an address, for a door that knows no more than the address: reset."""
    with failing_closed():
        rows = Challenge.objects.live(clock.now()).filter(address_digest__in=address_digests(address))
        return rows.filter(purpose=purpose, lane=lane_mark(lane)).order_by("-created_at").first()


def under_attack() -> bool:
    """Whether the whole site has met too many wrong codes: new codes are long, and doors check for a human first."""
    return counter.stays_over(table.CODE_FAILURES_SITE)


def _make(purpose: Purpose, subject: str, digest: str, lane: str) -> Challenge:
    now = clock.now()
    rivals = _rivals(purpose, subject, digest, lane)
    try:
        with transaction.atomic():  # undone, it gives its locks back: two rounds of them are in no order
            rivals.in_order().update(killed_at=now)
            return Challenge.objects.create(
                purpose=purpose,
                subject=subject,
                address_digest=digest,
                lane=lane,
                nonce=secrets.token_bytes(16),
                key_id=settings.KEYS.newest("code").id,
                digits=_digits(purpose),
                created_at=now,
                renewed_at=now,
                expires_at=now + SHAPES[purpose].life,
            )
    except IntegrityError:  # another request made one in this moment: both send the same code
        return rivals.filter(address_digest=digest).first() or _make(purpose, subject, digest, lane)


def _renew(known: Challenge, now: datetime) -> Challenge:
    purpose = Purpose(known.purpose)
    Challenge.objects.live(now).filter(id=known.id, generation=known.generation, attempts__lt=GUESSES).update(
        generation=known.generation + 1,
        digits=_digits(purpose),
        renewed_at=now,
        expires_at=now + SHAPES[purpose].life,
        previous_digits=known.digits,
        previous_expires_at=known.expires_at,
    )
    return resend(known)  # in its first half now, by this request or another, or spent, or claimed


def _rivals(purpose: Purpose, subject: str, digest: str, lane: str) -> ChallengeQuerySet:
    """The open challenge beside which there may be no other."""
    same = Q(subject=subject) if subject else Q(subject="", address_digest=digest)
    return Challenge.objects.open().filter(same, purpose=purpose, lane=lane)


def _digits(purpose: Purpose) -> int:
    return table.CODE_LONG_DIGITS.value if settings.BAWABA.long_codes and under_attack() else SHAPES[purpose].digits
