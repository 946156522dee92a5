"""A transaction that does not wait for the disk: whole and in order like any other, but a power cut may take it back.

For what is acknowledged to nobody, such as counters. Inside another transaction it is that transaction's savepoint,
and then it reaches the disk with it.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache

from django.db import connection, transaction

from bawaba.infrastructure import sql
from bawaba.stores import wal_is_safe

_NO_WAIT = "set_config('synchronous_commit', 'off', true)"

Change = tuple[str, tuple[object, ...]]
"""A statement that changes rows, and its values."""


@contextmanager
def light() -> Iterator[None]:
    """`transaction.atomic()` without the wait. On an SQLite that cannot write ahead it waits all the same."""
    if connection.in_atomic_block or (connection.vendor == "sqlite" and not wal_is_safe()):
        with transaction.atomic():
            yield
    elif connection.vendor == "sqlite":
        _execute("PRAGMA synchronous = NORMAL")
        try:
            with transaction.atomic():
                yield
        finally:
            _execute("PRAGMA synchronous = FULL")
    else:
        with transaction.atomic():
            _execute("SET LOCAL synchronous_commit TO OFF")
            yield


def change_all(*changes: Change) -> None:
    """Makes these changes in this order and in a light transaction: one statement on PostgreSQL."""
    if connection.vendor == "postgresql":
        text = _joined(tuple(statement for statement, _ in changes), alone=not connection.in_atomic_block)
        sql.first(text, *(value for _, given in changes for value in given))
        return
    with light():
        for statement, given in changes:
            sql.change(statement, *given)


@cache
def _joined(statements: tuple[str, ...], *, alone: bool) -> str:
    return at_once([f"{statement} RETURNING 1" for statement in statements], "count(*)", alone=alone)


def at_once(statements: Sequence[str], told: str, *, alone: bool) -> str:
    """One statement of PostgreSQL made of these, `s0` and so on, and what is `told` of each; `alone` it is light.

    PostgreSQL runs a part where its answer is first asked for: here in their order.
    """
    parts = [f"s{place} AS ({statement})" for place, statement in enumerate(statements)]
    answers = [f"(SELECT {told} FROM s{place})" for place in range(len(statements))]  # noqa: S608 only constants
    return f"WITH {', '.join(parts)} SELECT {', '.join([*answers, _NO_WAIT] if alone else answers)}"


def _execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
