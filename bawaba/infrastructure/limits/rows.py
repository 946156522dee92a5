"""How counts stand in the database, and the one statement that decides, so that no race lets one through too many.

A row is a window of a limit for one key. `starts_at` and `not_before` are microseconds since 1970.
"""

from datetime import UTC, datetime, timedelta
from math import ceil, log2

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet

from bawaba.infrastructure.limits.models import Counter
from bawaba.infrastructure.limits.table import IN_A_ROW, SITE, KeyKind, Limit, Window

SECOND = 1_000_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_TAKE = """
INSERT INTO limits_counter AS c (key, name, starts_at, n, not_before) VALUES (%(key)s, %(name)s, %(now)s, 1, 0)
ON CONFLICT (key, name) DO UPDATE SET
  n = CASE WHEN c.starts_at > %(edge)s THEN c.n + 1 ELSE 1 END,
  starts_at = CASE WHEN c.starts_at > %(edge)s THEN c.starts_at ELSE %(now)s END
WHERE c.n < %(most)s OR c.starts_at <= %(edge)s
RETURNING n
"""
_OVER = "((c.not_before = 0 AND c.starts_at <= %(edge)s) OR (c.not_before > 0 AND c.not_before <= %(calm)s))"
_WAIT = f"""
INSERT INTO limits_counter AS c (key, name, starts_at, n, not_before) VALUES (%(key)s, %(name)s, %(now)s, 1, %(begin)s)
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
"""  # noqa: S608 only constants are put together


def take(limit: Limit, window: Window, row: str, now: datetime) -> int:
    """Counts one in the row of this key. How many it holds now, 0 when it is full and nothing was counted."""
    return _execute(_TAKE, limit, window, row, now, {})


def wait(limit: Limit, window: Window, row: str, now: datetime) -> int:
    """The same for a limit that makes wait; 0 while a wait lasts."""
    first, longest = limit.waits
    steps = ceil(log2(longest / first))
    calm = micros(now) - longest * SECOND
    begin = 0 if window.most > 1 else micros(now) + first * SECOND
    waits = {"first": first * SECOND, "longest": longest * SECOND, "steps": steps, "calm": calm, "begin": begin}
    return _execute(_WAIT, limit, window, row, now, waits)


def _execute(statement: str, limit: Limit, window: Window, row: str, now: datetime, waits: dict[str, int]) -> int:
    given: dict[str, str | int] = {"key": row, "name": row_name(limit, window), "most": window.most, **waits}
    given |= {"now": micros(now), "edge": edge(window, now)}
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        row_now = cursor.fetchone()
    return int(row_now[0]) if row_now else 0


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
