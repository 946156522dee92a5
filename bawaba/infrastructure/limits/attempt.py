"""One try of a secret: counted as failed before anything is compared, taken back when it was right.

Each of the two is one statement or one transaction: a sign-in waits for others as seldom as it can.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bawaba.infrastructure import clock
from bawaba.infrastructure.limits import counter
from bawaba.infrastructure.limits.counter import back
from bawaba.infrastructure.limits.light import Change
from bawaba.infrastructure.limits.rows import Step, steps_of
from bawaba.infrastructure.limits.table import SITE, Limit


@dataclass(frozen=True)
class Attempt:
    """What was counted, and a moment after it. `waiting` is the limit whose waits a success ends."""

    counted: Sequence[Step]
    waiting: tuple[Limit, str]
    counted_at: datetime


def begin(*, source: tuple[Limit, str], waiting: tuple[Limit, str], site: Limit) -> Attempt:
    """Counts one failure of a source, of the site and of an address. Raises `LimitReached` and counts nothing.

    The order is that of the table, here and below, so that no two attempts can wait for each other.
    """
    own, (of_site,) = steps_of(*source), steps_of(site, SITE)
    counted = [*own, of_site, *steps_of(*waiting)]
    held = counter.take_all(counted)
    counter.note_if_over(site, held[len(own)])
    return Attempt(counted, waiting, clock.now())


def forgive(attempt: Attempt) -> None:
    """Nothing was compared: as if it had not been."""
    counter.change(*_taken_back(attempt, attempt.counted))


def succeed(attempt: Attempt) -> None:
    """It was right: taken back, and the waits of the address are over."""
    others = [step for step in attempt.counted if step.limit != attempt.waiting[0]]
    counter.change(*_taken_back(attempt, others), counter.forgotten(*attempt.waiting))


def _taken_back(attempt: Attempt, steps: Sequence[Step]) -> list[Change]:
    return [back(step.limit, step.window, step.row, attempt.counted_at) for step in steps]
