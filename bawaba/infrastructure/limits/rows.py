"""How counts stand in the database, and the one statement that decides, so that no race lets one through too many.

A row is a window of a limit for one key. `starts_at` and `not_before` are microseconds since 1970. Several rows of one
act are counted by one statement on PostgreSQL, for each way there and back costs as much as the statement itself.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import takewhile
from math import ceil, log2

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet

from bawaba.infrastructure.limits.light import at_once, light
from bawaba.infrastructure.limits.models import Counter
from bawaba.infrastructure.limits.table import IN_A_ROW, NO_WAITS, SITE, KeyKind, Limit, Window

SECOND = 1_000_000
UNLIMITED = 2**31 - 1
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_ROW = "%(key)s, %(name)s, %(now)s, 1, %(begin)s"
_TAKE = """
INSERT INTO limits_counter AS c (key, name, starts_at, n, not_before) {row}
ON CONFLICT (key, name) DO UPDATE SET
  n = CASE WHEN c.starts_at > %(edge)s THEN c.n + 1 ELSE 1 END,
  starts_at = CASE WHEN c.starts_at > %(edge)s THEN c.starts_at ELSE %(now)s END
WHERE c.n < %(most)s OR c.starts_at <= %(edge)s
RETURNING n
"""
_OVER = "((c.not_before = 0 AND c.starts_at <= %(edge)s) OR (c.not_before > 0 AND c.not_before <= %(calm)s))"
_WAIT = f"""
INSERT INTO limits_counter AS c (key, name, starts_at, n, not_before) {{row}}
ON CONFLICT (key, name) DO UPDATE SET
  n = CASE WHEN {_OVER} THEN 1 ELSE c.n + 1 END,
  starts_at = CASE WHEN {_OVER} THEN %(now)s ELSE c.starts_at END,
  not_before = CASE
    WHEN {_OVER} THEN %(begin)s
    WHEN c.n + 1 < %(most)s THEN 0
    WHEN c.n + 1 - %(most)s >= %(steps)s THEN %(now)s + %(longest)s
    ELSE %(now)s + %(first)s * (CAST(1 AS bigint) << (c.n + 1 - %(most)s)) END
WHERE c.not_before <= %(now)s
RETURNING n
"""


@dataclass(frozen=True)
class Step:
    """One window of `limit` in which `key` is counted, in this row."""

    limit: Limit
    window: Window
    key: str
    row: str


def steps_of(limit: Limit, key: str) -> list[Step]:
    """All windows of a limit; of one with shards, one row at random, which is never full by itself."""
    if limit.shards > 1:
        row = f"{SITE}:{secrets.randbelow(limit.shards)}"
        return [Step(limit, replace(limit.windows[0], most=UNLIMITED), key, row)]
    return [Step(limit, window, key, newest_row(limit, key, window)) for window in limit.windows]


def take(steps: Sequence[Step], now: datetime) -> list[int]:
    """Counts one in each row, in this order, up to the first that is full or makes wait. What those hold now."""
    if connection.vendor == "postgresql":
        return _take_at_once(steps, now)
    with light():
        return list(takewhile(bool, (_take_one(step, now) for step in steps)))


def _take_one(step: Step, now: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_one(_statement(step)), _given(step, now))
        held = cursor.fetchone()
    return int(held[0]) if held else 0


def _take_at_once(steps: Sequence[Step], now: datetime) -> list[int]:
    text = _chain(tuple(_statement(step) for step in steps), alone=not connection.in_atomic_block)
    given = {f"{name}{place}": value for place, step in enumerate(steps) for name, value in _given(step, now).items()}
    with connection.cursor() as cursor:
        cursor.execute(text, given)
        held = cursor.fetchone()[: len(steps)]
    return [int(n) for n in takewhile(bool, held)]


@cache
def _one(statement: str) -> str:
    return statement.format(row=f"VALUES ({_ROW})")


@cache
def _chain(statements: tuple[str, ...], *, alone: bool) -> str:
    """One statement of several, each of which counts only where the one before it has; `alone` in its transaction."""
    parts = []
    for place, statement in enumerate(statements):
        after = statement.format(row=f"SELECT {_ROW} FROM s{place - 1}")  # noqa: S608 only constants
        parts.append((after if place else _one(statement)).replace(")s", f"{place})s"))
    return at_once(parts, "n", alone=alone)


def _statement(step: Step) -> str:
    return _TAKE if step.limit.waits == NO_WAITS else _WAIT


def _given(step: Step, now: datetime) -> dict[str, str | int]:
    limit, window = step.limit, step.window
    given: dict[str, str | int] = {"key": step.row, "name": row_name(limit, window), "most": window.most, "begin": 0}
    given |= {"now": micros(now), "edge": edge(window, now)}
    if limit.waits != NO_WAITS:
        first, longest = (seconds * SECOND for seconds in limit.waits)
        given |= {"first": first, "longest": longest, "steps": ceil(log2(longest / first))}
        given |= {"calm": micros(now) - longest, "begin": 0 if window.most > 1 else micros(now) + first}
    return given


def newest_row(limit: Limit, key: str, window: Window) -> str:
    """The key of the row to count in; a row under an older key of the installation moves to the newest."""
    newest, *older = reversed(row_keys(limit, key))
    if older:
        rows = Counter.objects.filter(name=row_name(limit, window))
        if not rows.filter(key=newest).exists():
            any(rows.filter(key=old).update(key=newest) for old in older)
    return newest


def rows_of(limit: Limit, key: str, window: Window) -> QuerySet[Counter]:
    """Whatever is counted for `key`, under every key of the installation that is still here."""
    return Counter.objects.filter(key__in=row_keys(limit, key), name=row_name(limit, window))


def row_keys(limit: Limit, key: str) -> list[str]:
    """Oldest first."""
    if limit.shards > 1:
        return [f"{SITE}:{shard}" for shard in range(limit.shards)]
    if limit.key == KeyKind.SITE:
        return [SITE]
    versions = settings.KEYS.versions("index").values()
    return [settings.KEYS.digest_with(version, f"counter.{limit.key}", key) for version in versions]


def row_name(limit: Limit, window: Window) -> str:
    return f"{limit.name}:{window.seconds}"


def edge(window: Window, now: datetime) -> int:
    """Windows that began at this moment or before it are over."""
    return 0 if window.seconds == IN_A_ROW else micros(now) - window.seconds * SECOND


def micros(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(microseconds=1)


def moment(at: int) -> datetime:
    return _EPOCH + timedelta(microseconds=at)
