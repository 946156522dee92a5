"""Where password hashes run: in a few threads of low priority, with a short queue in front of them.

A hash takes tens of milliseconds of one core and 19 MiB. In a storm of sign-ins the other pages must go on: no more
hashes run than there are cores, they give way to everything else, and a queue that would take the web threads is shut.
"""

import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

from django.conf import settings

Result = TypeVar("Result")

PATIENCE = 2.0
RETRY_AFTER = 5
LOWER_PRIORITY = 10


class HashingBusy(Exception):
    """No turn within two seconds, or too many waiting. `retry_after` in seconds."""

    def __init__(self, retry_after: int = RETRY_AFTER) -> None:
        super().__init__()
        self.retry_after = retry_after


class Turnstile:
    """Lets `places` calls run at a time and as many as `queue` wait for it, each up to two seconds."""

    def __init__(self, places: int, queue: int) -> None:
        self.places = places
        self.queue = queue
        self._places = threading.BoundedSemaphore(places)
        self._queue = threading.BoundedSemaphore(queue)
        self._threads = ThreadPoolExecutor(places, "hash", initializer=_give_way)

    def run(self, work: Callable[[], Result]) -> Result:
        """The result of `work`, done in a thread of low priority. Raises `HashingBusy`."""
        self._take_place()
        try:
            return self._threads.submit(work).result()
        finally:
            self._places.release()

    def refuse_when_full(self) -> None:
        """Raises `HashingBusy` when `run` would at this moment: before anything is counted or asked of the database."""
        if self._queue.acquire(blocking=False):
            self._queue.release()
            return
        raise HashingBusy

    def _take_place(self) -> None:
        if self._places.acquire(blocking=False):
            return
        if not self._queue.acquire(blocking=False):
            raise HashingBusy
        try:
            if not self._places.acquire(timeout=PATIENCE):
                raise HashingBusy
        finally:
            self._queue.release()


@cache
def turnstile() -> Turnstile:
    """The one of this process, made at the first hash: a web process that forks must not share threads."""
    return Turnstile(settings.BAWABA.hashes or _cores(), max(1, settings.BAWABA.web_threads // 2))


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def _give_way() -> None:
    if sys.platform == "linux":  # elsewhere the call would lower the whole process
        ours = os.getpriority(os.PRIO_PROCESS, 0)
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), ours + LOWER_PRIORITY)
