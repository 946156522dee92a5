"""Attempts that start in the same moment, each in a thread with a database connection of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection

from bawaba.infrastructure.captcha.store import UsedUp


def at_once(attempt: Callable[[], bool], many: int = 12) -> int:
    """How many of `many` attempts in the same moment succeed; the others are told that they come too late, or False."""
    start = Barrier(many)

    def run() -> bool:
        try:
            start.wait(10)
            return attempt()
        except UsedUp:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(many) as threads:
        return sum(future.result() for future in [threads.submit(run) for _ in range(many)])
