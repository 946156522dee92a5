"""How a courier learns that something was committed: by the database itself, with a poll as the net below.

SQLite counts commits of other connections in `data_version`, which is read without a lock. PostgreSQL carries a
notice inside the transaction and delivers it at commit.
"""

import os
import select
from collections.abc import Sequence
from typing import Any, Protocol

from django.conf import settings
from django.db import connection, connections

NOTICE = "bawaba_messages"


class Watch(Protocol):
    """`seconds` is the longest time between two looks; `sockets` become readable when there is something to see."""

    seconds: float
    sockets: list[int]

    def changed(self) -> bool: ...
    def close(self) -> None: ...


def notify() -> None:
    """Announces, inside the sender's transaction, that a message will be there. Needed on PostgreSQL only."""
    if connection.vendor == "postgresql" and settings.BAWABA.courier_wake == "auto":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, '')", [NOTICE])


def watch() -> Watch:
    """The way that suits the database and the setting `courier_wake`."""
    if connection.vendor == "sqlite":
        return SQLiteWatch()
    return PostgresWatch() if settings.BAWABA.courier_wake == "auto" else Poll()


class Poll:
    """Looks ten times a second: for databases behind a transaction pooler and for very many writes a second."""

    seconds = 0.1

    def __init__(self) -> None:
        self.sockets: list[int] = []

    def changed(self) -> bool:
        return True

    def close(self) -> None:
        pass


class SQLiteWatch:
    """Reads the commit counter on the courier's own connection, so its own commits are not news to it."""

    seconds = 0.02

    def __init__(self) -> None:
        self.sockets: list[int] = []
        self._seen = self._read()

    def changed(self) -> bool:
        last, self._seen = self._seen, self._read()
        return last != self._seen

    def close(self) -> None:
        pass

    def _read(self) -> int:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA data_version")
            return int(cursor.fetchone()[0])


class PostgresWatch:
    """Listens on a connection of its own, which is never in a transaction."""

    seconds = 1.0

    def __init__(self) -> None:
        self._wrapper: Any = connections.create_connection("default")
        with self._wrapper.cursor() as cursor:
            cursor.execute(f"LISTEN {NOTICE}")  # nosemgrep: sql-put-together  a constant; names cannot be parameters
        self.sockets = [self._wrapper.connection.fileno()]

    def changed(self) -> bool:
        return any(True for _ in self._wrapper.connection.notifies(timeout=0))

    def close(self) -> None:
        self._wrapper.close()


class Bell:
    """Lets the sending threads wake the loop: a pipe, so that one `select` waits for results and notices alike."""

    def __init__(self) -> None:
        self._read, self._write = os.pipe()
        os.set_blocking(self._read, False)
        os.set_blocking(self._write, False)

    def ring(self) -> None:
        try:
            os.write(self._write, b"!")
        except BlockingIOError:
            return  # it has rung 65,536 times already and will be heard

    def wait(self, watch: Watch) -> bool:
        """Until a ring, a notice or the watch's time is over. Whether it was a ring."""
        return self.wait_for(watch.seconds, watch.sockets)

    def wait_for(self, seconds: float, sockets: Sequence[int] = ()) -> bool:
        """The same for a time and sockets of one's own."""
        readable, _, _ = select.select([self._read, *sockets], [], [], max(0.0, seconds))
        if self._read not in readable:
            return False
        os.read(self._read, 65536)
        return True

    def close(self) -> None:
        os.close(self._read)
        os.close(self._write)
