"""Attempts that start in the same moment, each in a thread with a database connection of its own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection


def at_once(attempt: Callable[[], bool], many: int = 12) -> int:
    """How many of `many` attempts in the same moment succeed."""
    start = Barrier(many)

    def run() -> bool:
        try:
            start.wait(10)
            return attempt()
        finally:
            connection.close()

    with ThreadPoolExecutor(many) as threads:
        return sum(future.result() for future in [threads.submit(run) for _ in range(many)])
