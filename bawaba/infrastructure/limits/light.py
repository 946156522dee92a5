"""A transaction that does not wait for the disk: whole and in order like any other, but a power cut may take it back.

For what is acknowledged to nobody, such as counters. Inside another transaction it is that transaction's savepoint,
and then it reaches the disk with it.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from bawaba.stores import wal_is_safe


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


def _execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
