"""A crowd: many threads that start in the same moment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection

THREADS = 16


def at_once(
    tries: int,
    act: Callable[[int], object],
    *,
    refusals: type[Exception] | tuple[type[Exception], ...],
    threads: int = THREADS,
) -> list[object]:
    """What `act` returned, or which of `refusals` it raised, for each of `tries`. Anything else it raises fails."""
    barrier = Barrier(threads)

    def some(first: int) -> list[object]:
        barrier.wait()
        try:
            return [_outcome(act, index, refusals) for index in range(first, tries, threads)]
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        return [outcome for part in pool.map(some, range(threads)) for outcome in part]


def _outcome(
    act: Callable[[int], object], index: int, refusals: type[Exception] | tuple[type[Exception], ...]
) -> object:
    try:
        return act(index)
    except refusals as refused:
        return refused
