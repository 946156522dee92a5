"""Where password hashes run: in a few threads of low priority, with a short queue in front of them.

A hash takes tens of milliseconds of one core and 19 MiB. In a storm of sign-ins the other pages must go on: no more
hashes run than there are cores, they give way to everything else, and a queue that would take the web threads is shut.
"""

import os
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from typing import TypeVar

from django.conf import settings

Result = TypeVar("Result")

PATIENCE = 2.0
RETRY_AFTER = 5
LOWER_PRIORITY = 10
ENTERING = 1  # sign-ins beyond those that hash


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
        self._entrance = threading.BoundedSemaphore(places + ENTERING)
        self._queue = threading.BoundedSemaphore(queue)
        self._threads = ThreadPoolExecutor(places, "hash", initializer=_give_way)

    def run(self, work: Callable[[], Result]) -> Result:
        """The result of `work`, done in a thread of low priority. Raises `HashingBusy`."""
        with self._through(self._places):
            return self._threads.submit(work).result()

    def admitted(self) -> AbstractContextManager[None]:
        """What stands around a hash, for enough people to keep all places busy: the others wait before anything is
        counted or asked of the database, for they would take the interpreter from everybody else. Raises `HashingBusy`.
        """
        return self._through(self._entrance)

    @contextmanager
    def _through(self, gate: threading.BoundedSemaphore) -> Iterator[None]:
        self._wait_for(gate)
        try:
            yield
        finally:
            gate.release()

    def _wait_for(self, gate: threading.BoundedSemaphore) -> None:
        if gate.acquire(blocking=False):
            return
        if not self._queue.acquire(blocking=False):
            raise HashingBusy
        try:
            if not gate.acquire(timeout=PATIENCE):
                raise HashingBusy
        finally:
            self._queue.release()


@cache
def turnstile() -> Turnstile:
    """The one of this process, made at the first hash: a web process that forks must not share threads."""
    ours = max(1, _cores() // settings.BAWABA.web_processes)
    return Turnstile(settings.BAWABA.hashes or ours, max(1, settings.BAWABA.web_threads // 2))


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def _give_way() -> None:
    if sys.platform == "linux":  # elsewhere the call would lower the whole process
        ours = os.getpriority(os.PRIO_PROCESS, 0)
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), ours + LOWER_PRIORITY)
