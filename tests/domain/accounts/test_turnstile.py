"""Where hashes run: so many at a time, a short queue before them, and everything else goes first."""

import os
import threading
from dataclasses import replace
from typing import NoReturn

import pytest
from pytest_django import Settings

from bawaba.domain.accounts import turnstile
from bawaba.domain.accounts.turnstile import HashingBusy, Turnstile


def hold(gate: Turnstile, calls: int) -> tuple[threading.Event, list[threading.Thread]]:
    """Takes places with calls that last until the event is set."""
    release, started = threading.Event(), threading.Semaphore(0)

    def work() -> None:
        started.release()
        release.wait(20)

    threads = [threading.Thread(target=gate.run, args=(work,)) for _ in range(calls)]
    for thread in threads:
        thread.start()
    for _ in threads:
        assert started.acquire(timeout=20)
    return release, threads


def test_no_more_hashes_run_than_there_are_places(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turnstile, "PATIENCE", 0.01)
    gate = Turnstile(places=2, queue=4)
    release, threads = hold(gate, 2)
    with pytest.raises(HashingBusy) as caught:
        gate.run(lambda: None)
    assert caught.value.retry_after > 0
    release.set()
    for thread in threads:
        thread.join()
    assert gate.run(lambda: "done") == "done"


def test_a_full_queue_is_refused_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turnstile, "PATIENCE", 20.0)
    gate = Turnstile(places=1, queue=1)
    release, threads = hold(gate, 1)
    waiting = threading.Thread(target=gate.run, args=(lambda: None,))
    waiting.start()
    while gate._queue._value:  # until the second has joined the queue
        pass
    with pytest.raises(HashingBusy):
        gate.run(lambda: None)
    release.set()
    for thread in (*threads, waiting):
        thread.join()


def test_whoever_is_not_admitted_waits_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turnstile, "PATIENCE", 0.01)
    gate = Turnstile(places=1, queue=4)
    with gate.admitted(), gate.admitted():
        with pytest.raises(HashingBusy), gate.admitted():
            pass
        assert gate.run(lambda: "the places are others") == "the places are others"
    with gate.admitted():
        pass


def test_a_failure_gives_its_place_back() -> None:
    def fail() -> NoReturn:
        raise RuntimeError

    gate = Turnstile(places=1, queue=1)
    for _ in range(3):
        with pytest.raises(RuntimeError):
            gate.run(fail)
    assert gate.run(lambda: 1) == 1


def test_hashes_give_way_to_other_threads() -> None:
    def priority() -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    lowest = 19
    assert Turnstile(places=1, queue=1).run(priority) == min(priority() + turnstile.LOWER_PRIORITY, lowest)


def test_places_and_queue_follow_the_settings(settings: Settings) -> None:
    settings.BAWABA = replace(settings.BAWABA, hashes=3, web_threads=10)
    made = turnstile.turnstile.__wrapped__()
    assert (made.places, made.queue) == (3, 5)
    settings.BAWABA = replace(settings.BAWABA, hashes=0)
    assert turnstile.turnstile.__wrapped__().places == len(os.sched_getaffinity(0))
