"""Counting against the table of limits: what is refused, given back, forgotten, and told.

Failures are spent before the check and refunded by success. Everything here fails closed: a database that does not
answer is `CountersUnavailable`, and a door turns that into 503, never into "no failures so far".
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import NoReturn

from django.db import Error, connection

from bawaba.infrastructure import clock, sql
from bawaba.infrastructure.limits.light import Change, change_all, light
from bawaba.infrastructure.limits.models import Counter
from bawaba.infrastructure.limits.rows import (
    SECOND,
    Step,
    edge,
    micros,
    moment,
    row_keys,
    row_name,
    rows_of,
    steps_of,
    take,
)
from bawaba.infrastructure.limits.table import IN_A_ROW, LIMITS, NO_WAITS, SITE, Limit, Window

NEVER = datetime(9999, 12, 31, tzinfo=UTC)
# A clock that was wrong by more than this has left rows that begin in the future: they are drawn back to the present.
# Less is the difference between two machines, and drawing those back would let a slow one shorten a fast one's windows.
SKEW = 600 * SECOND

_OVER_NOW = "SELECT 1 FROM limits_counter WHERE key = %s AND name = %s AND not_before > %s AND not_before <= %s"
_TOTAL = "SELECT COALESCE(SUM(n), 0) FROM limits_counter WHERE name = %s AND starts_at > %s AND key IN ({keys})"
_REFUNDABLE = "WHERE key = %s AND name = %s AND n > 0 AND starts_at <= %s"
_REFUND = f"UPDATE limits_counter SET n = n - 1 {_REFUNDABLE}"  # noqa: S608 only constants are put together
_REFUND_WAIT = f"""
UPDATE limits_counter SET n = n - 1, not_before = CASE WHEN n <= %s THEN 0 ELSE %s END {_REFUNDABLE}
"""  # noqa: S608 as above
_CLEAR = "DELETE FROM limits_counter WHERE key IN ({keys}) AND name IN ({names})"


class LimitReached(Exception):
    """Refused by `limit`; it opens again at `until`, or by another proof only when `closed`."""

    def __init__(self, limit: Limit, until: datetime) -> None:
        super().__init__(limit.name)
        self.limit = limit
        self.until = until

    @property
    def closed(self) -> bool:
        """No time opens it again: the count in a row ends only through another proof of the person."""
        return self.until == NEVER


class CountersUnavailable(Exception):
    """The counters cannot be read or written: whatever they guard must be refused for now."""


@contextmanager
def failing_closed() -> Iterator[None]:
    """Turns any error of the database into `CountersUnavailable`."""
    try:
        yield
    except Error as error:
        raise CountersUnavailable from error


@contextmanager
def alone() -> Iterator[None]:
    """A light transaction, or nothing more than the caller's: for what cannot be refused in its middle."""
    with failing_closed():
        if connection.in_atomic_block:
            yield
        else:
            with light():
                yield


def spend(limit: Limit, key: str) -> None:
    """Counts one. Raises `LimitReached` and counts nothing when a window of `limit` is full.

    Written at once, unless the caller has a transaction: a failure that must stay counted is spent outside one.
    """
    _spend([(limit, key)])


def spend_all(*acts: tuple[Limit, str]) -> None:
    """All of `acts` or none, in the order of the table so that two requests cannot wait for each other."""
    _spend(sorted(acts, key=lambda act: LIMITS.index(act[0])))


def take_all(steps: Sequence[Step]) -> list[int]:
    """Counts one in each; what each holds now. Raises `LimitReached`, and what was counted is taken back."""
    with failing_closed():
        held = take(steps, clock.now())
    if len(held) < len(steps):
        _refuse(steps[len(held)], steps[: len(held)])
    return held


def refund(limit: Limit, key: str, *, spent_at: datetime | None = None) -> None:
    """Takes back one. `spent_at` (now) is a moment after it was spent: a window that began later is left alone."""
    at = spent_at or clock.now()
    change(*(back(limit, window, row, at) for window in limit.windows for row in row_keys(limit, key)))


def hit(limit: Limit) -> str:
    """Counts one failure of the whole site without refusing; returns the row's key for `take_back`."""
    (step,) = steps_of(limit, SITE)
    (n,) = take_all([step])
    note_if_over(limit, n)
    return step.row


def take_back(limit: Limit, key: str, *, spent_at: datetime) -> None:
    """Takes back the one that `hit` counted in the row `key`."""
    change(back(limit, limit.windows[0], key, spent_at))


def change(*changes: Change) -> None:
    """Makes these changes, all or none."""
    with failing_closed():
        change_all(*changes)


def back(limit: Limit, window: Window, row: str, spent_at: datetime) -> Change:
    """The change that takes one back from a row; the wait that this one began ends at once."""
    at, name = micros(spent_at), row_name(limit, window)
    if limit.waits == NO_WAITS:
        return _REFUND, (row, name, at)
    return _REFUND_WAIT, (window.most, at, row, name, at)


def stays_over(limit: Limit) -> bool:
    """Whether the site's `limit` is passed, or was within one period before now."""
    now = micros(clock.now())
    latest = now + limit.windows[0].seconds * SECOND + SKEW
    with failing_closed():
        return sql.holds(_OVER_NOW, SITE, _latch(limit), now, latest)


def total(limit: Limit, key: str = SITE) -> int:
    """How many are counted in the first window of `limit` for `key`."""
    window = limit.windows[0]
    with failing_closed():
        keys = row_keys(limit, key)
        statement = _TOTAL.format(keys=sql.marks(keys))
        [(n,)] = sql.rows(statement, row_name(limit, window), edge(window, clock.now()), *keys)
    return int(n)


def warned(limit: Limit, key: str = SITE) -> bool:
    """Whether `limit` has passed the figure from which doors and alarms act."""
    return total(limit, key) > limit.warn_above


def peek(limit: Limit, key: str) -> datetime | None:
    """When `limit` will allow another one: None for at once, `NEVER` when only another proof opens it."""
    with failing_closed():
        ends = [end for window in limit.windows if (end := _end(limit, window, key, clock.now())) is not None]
    return max(ends, default=None)


def clear(limit: Limit, *keys: str) -> None:
    """Success: forgets the failures in a row and the waits of `keys`, and no period's count."""
    change(forgotten(limit, *keys))


def forgotten(limit: Limit, *keys: str) -> Change:
    """The change that `clear` makes."""
    names = [row_name(limit, each) for each in limit.windows if each.seconds == IN_A_ROW or limit.waits != NO_WAITS]
    rows = [row for key in keys for row in row_keys(limit, key)]
    return _CLEAR.format(keys=sql.marks(rows), names=sql.marks(names)), (*rows, *names)


def lift(limit: Limit, key: str) -> None:
    """An officer opens it again: forgets the periods and waits of `key`, never its failures in a row."""
    with failing_closed():
        for window in limit.windows:
            if window.seconds != IN_A_ROW:
                rows_of(limit, key, window).delete()


def _spend(acts: Sequence[tuple[Limit, str]]) -> None:
    steps = [step for limit, key in acts for step in steps_of(limit, key)]
    take_all(steps)
    for step in steps:
        if step.limit.shards > 1 and total(step.limit) > step.limit.windows[0].most:
            _refuse(step, steps)


def note_if_over(limit: Limit, n: int) -> None:
    """After a hit: `n` is what its row holds now."""
    # The sum is asked for only when this one of the equally likely rows holds a quarter of what it would at the limit:
    # at half, one hit in a hundred would pass the limit unseen.
    if 4 * n * limit.shards > limit.windows[0].most and total(limit) > limit.windows[0].most:
        _stay_over(limit, clock.now())


def _refuse(step: Step, counted: Sequence[Step]) -> NoReturn:
    """Takes back what was counted before this one, and raises `LimitReached`."""
    now = clock.now()
    if counted:
        change(*(back(one.limit, one.window, one.row, now) for one in counted))
    raise LimitReached(step.limit, peek(step.limit, step.key) or now)


def _stay_over(limit: Limit, now: datetime) -> None:
    """Notes that the hour which must stay below begins anew; at most once a minute, for it is one row."""
    until = micros(now) + limit.windows[0].seconds * SECOND
    row, made = Counter.objects.get_or_create(
        key=SITE, name=_latch(limit), defaults={"starts_at": micros(now), "n": 1, "not_before": until}
    )
    if not made and row.not_before < until - 60 * SECOND:
        Counter.objects.filter(key=SITE, name=_latch(limit), not_before__lt=until).update(not_before=until)


def _end(limit: Limit, window: Window, key: str, now: datetime) -> datetime | None:
    rows = [_drawn_back(limit, row, now) for row in rows_of(limit, key, window)]
    if limit.waits != NO_WAITS:
        waits = [row.not_before for row in rows if row.not_before > micros(now)]
        return moment(max(waits)) if waits else None
    live = [row for row in rows if row.starts_at > edge(window, now)]
    if sum(row.n for row in live) < window.most:
        return None
    if window.seconds == IN_A_ROW:
        return NEVER
    return moment(min(row.starts_at for row in live) + window.seconds * SECOND)


def _drawn_back(limit: Limit, row: Counter, now: datetime) -> Counter:
    present = micros(now)
    if row.starts_at > present + SKEW or row.not_before > present + limit.waits[1] * SECOND + SKEW:
        row.starts_at, row.not_before = min(row.starts_at, present), 0
        Counter.objects.filter(pk=row.pk).update(starts_at=row.starts_at, not_before=row.not_before)
    return row


def _latch(limit: Limit) -> str:
    return f"{limit.name}:over"
