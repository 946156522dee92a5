"""One try of a secret: counted as failed before anything is compared, taken back when it was right.

Each of the two is one transaction: a sign-in waits for the disk as seldom as it can.
"""

from dataclasses import dataclass
from datetime import datetime

from bawaba.infrastructure import clock, sql
from bawaba.infrastructure.limits import counter
from bawaba.infrastructure.limits.light import light
from bawaba.infrastructure.limits.rows import micros, row_keys, row_name
from bawaba.infrastructure.limits.table import Limit

_TAKE_BACK = "UPDATE limits_counter SET n = n - 1 WHERE key = %s AND name = %s AND n > 0 AND starts_at <= %s"


@dataclass(frozen=True)
class Attempt:
    """What was counted, and a moment after it. `waiting` is the limit whose waits a success ends."""

    source: tuple[Limit, str]
    waiting: tuple[Limit, str]
    site: Limit
    shard: str
    counted_at: datetime


def begin(*, source: tuple[Limit, str], waiting: tuple[Limit, str], site: Limit) -> Attempt:
    """Counts one failure of a source, of the site and of an address. Raises `LimitReached` and counts nothing.

    The order is that of the table, here and below, so that no two attempts can wait for each other.
    """
    with counter.one_act():
        counter.count(*source)
        shard = counter.count_hit(site)
        counter.count(*waiting)
    return Attempt(source, waiting, site, shard, clock.now())


def forgive(attempt: Attempt) -> None:
    """Nothing was compared: as if it had not been."""
    with counter.failing_closed(), light():
        _take_back(attempt)
        counter.refund(*attempt.waiting, spent_at=attempt.counted_at)


def succeed(attempt: Attempt) -> None:
    """It was right: taken back, and the waits of the address are over."""
    with counter.failing_closed(), light():
        _take_back(attempt)
        counter.clear(*attempt.waiting)


def _take_back(attempt: Attempt) -> None:
    limit, key = attempt.source
    at = micros(attempt.counted_at)
    rows = [(row, row_name(limit, window), at) for window in limit.windows for row in row_keys(limit, key)]
    rows.append((attempt.shard, row_name(attempt.site, attempt.site.windows[0]), at))
    for row in rows:  # quicker than executemany, which speaks in a pipeline of its own
        sql.change(_TAKE_BACK, *row)
