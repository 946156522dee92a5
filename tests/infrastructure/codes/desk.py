"""A small desk for tests of codes: who asks, what was sent, what is typed."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import time_machine
from django.db import transaction

from bawaba.infrastructure.codes import codes
from bawaba.infrastructure.codes.codes import Challenge, Purpose, Spent

START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
MARYAM = "maryam@example.com"
SALEM = "salem@example.com"
MOBILE = "+96550000001"
SOURCE = "192.0.2.1"
SUBJECT = str(uuid4())


def at(seconds: float) -> time_machine.travel:
    """`seconds` after the start of the story; the clock stands still."""
    return time_machine.travel(START + timedelta(seconds=seconds), tick=False)


def issued(purpose: Purpose = Purpose.ACTIVATE, address: str = MARYAM, *, subject: str | None = None) -> Challenge:
    return codes.issue(purpose=purpose, subject=str(uuid4()) if subject is None else subject, address=address)


def asked(purpose: Purpose = Purpose.RESET, address: str = MARYAM, subject: str = SUBJECT) -> Challenge:
    return codes.request(purpose=purpose, subject=subject, address=address, source=SOURCE)


def newest(challenge: Challenge, address: str = MARYAM) -> str:
    return codes.derive(challenge, challenge.generation, address)


def wrong(challenge: Challenge, address: str = MARYAM) -> str:
    """A code that neither generation has."""
    good = {codes.derive(challenge, challenge.generation - back, address) for back in (0, 1)}
    return next(code for number in range(3) if (code := f"{number:0{challenge.digits}d}") not in good)


def guess(challenge: Challenge, typed: str, address: str = MARYAM, source: str = SOURCE) -> Spent:
    return codes.check(challenge.id, typed=typed, address=address, source=source)


def use(challenge: Challenge, typed: str, address: str = MARYAM, source: str = SOURCE) -> Spent:
    """Guesses and claims, as a door does."""
    spent = guess(challenge, typed, address, source)
    with transaction.atomic():
        codes.claim(spent)
    return spent
