"""A write transaction that gets its turn. SQLite has one write lock, and its own way of waiting for it is unfair.

It looks again after 1, 2, 5 … 100 ms. Beside web processes that write all the time the lock is free for a millisecond
at a time, so the courier would miss it for seconds; it therefore looks every millisecond itself.
"""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from django.db import OperationalError, connection, transaction

PATIENCE_SECONDS = 20.0
LOOK_SECONDS = 0.001


@contextmanager
def turn() -> Iterator[None]:
    """`transaction.atomic`, entered as soon as the lock is free. Raises `OperationalError` after 20 seconds."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        with transaction.atomic():
            yield
        return
    with ExitStack() as stack:
        _enter(stack)
        yield


def _enter(stack: ExitStack) -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    _wait_at_most(0)
    try:
        while True:
            try:
                stack.enter_context(transaction.atomic())
            except OperationalError:
                if time.monotonic() > until:
                    raise
                time.sleep(LOOK_SECONDS)
            else:
                return
    finally:
        _wait_at_most(PATIENCE_SECONDS)


def _wait_at_most(seconds: float) -> None:
    """How long SQLite itself waits for the lock, on this connection."""
    with connection.cursor() as cursor:
        # nosemgrep: sql-put-together  a pragma takes no parameter, and a rounded number holds no text
        cursor.execute(f"PRAGMA busy_timeout = {round(seconds * 1000)}")
