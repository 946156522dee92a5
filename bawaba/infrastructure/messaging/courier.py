"""The courier: takes due messages, derives the code, renders, hands over, writes down what the provider said.

One loop owns the database. It claims, checks, renders, gives plain values to the sending threads and writes their
results; the threads talk to providers only, so a slow provider holds no connection and no lock.
"""

import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from queue import Empty, SimpleQueue
from threading import Event, Thread

import structlog
from django.db import DatabaseError, InterfaceError, connection

from bawaba.infrastructure import clock
from bawaba.infrastructure.limits.counter import CountersUnavailable
from bawaba.infrastructure.messaging import breaker, chores, outbox, wake
from bawaba.infrastructure.messaging.dispatch import Dispatch, Pending, Result, Task
from bawaba.infrastructure.messaging.kinds import Channel
from bawaba.infrastructure.messaging.models import Heartbeat, Message
from bawaba.infrastructure.messaging.providers.carrier import Receipt
from bawaba.infrastructure.messaging.providers.outcome import Unknown
from bawaba.infrastructure.messaging.routes import Route
from bawaba.infrastructure.messaging.shared_clock import SharedClock
from bawaba.infrastructure.messaging.turn import turn

GRACE_SECONDS = 30.0
LEAVING_SECONDS = 1.0
POLL_SECONDS = 1.0
PULSE_SECONDS = 0.5
SKEW_SECONDS = 60.0
HEARTBEAT_SECONDS = 10.0
FORGOTTEN = timedelta(days=1)
AFTER_DATABASE_ERROR_SECONDS = 0.5
AWAY = (DatabaseError, InterfaceError, CountersUnavailable)

log = structlog.get_logger()


class Hands:
    """The sending threads of one channel."""

    def __init__(self, route: Route, results: "SimpleQueue[Result]", bell: wake.Bell) -> None:
        self.route = route
        self.busy = 0
        self._tasks: SimpleQueue[Task | None] = SimpleQueue()
        self._results = results
        self._bell = bell
        self._threads = [Thread(target=self._work, daemon=True, name=f"send-{route.channel}") for _ in range(self.size)]
        for thread in self._threads:
            thread.start()

    @property
    def size(self) -> int:
        return self.route.threads if self.route.carriers else 1

    @property
    def free(self) -> int:
        return self.size - self.busy

    def give(self, task: Task) -> None:
        self.busy += 1
        self._tasks.put(task)

    def close(self) -> None:
        for _ in self._threads:
            self._tasks.put(None)
        for thread in self._threads:
            thread.join(LEAVING_SECONDS / len(self._threads))
        for carrier in self.route.carriers:
            carrier.close()

    def _work(self) -> None:
        while (task := self._tasks.get()) is not None:
            try:
                outcome = task.carrier.send(task.letter)
            except Exception as problem:  # an adapter's own mistake must not end its thread: treat it as a lost answer
                log.error("provider.fault", provider=task.carrier.name, error=type(problem).__name__)
                outcome = Unknown()
            self._results.put(Result(task.message, task.carrier.name, outcome))
            self._bell.ring()


@dataclass
class Pace:
    """Lets something happen at most once in so many seconds."""

    seconds: float
    next_at: float = 0.0

    def due(self) -> bool:
        now = time.monotonic()
        if now < self.next_at:
            return False
        self.next_at = now + self.seconds
        return True


class Courier:
    """`pulses` are short duties that run between two sends, such as sealing; long ones belong to `ChoreThread`."""

    def __init__(
        self, routes: Sequence[Route], *, pulses: Sequence[chores.Duty] = (), lease_time: timedelta | None = None
    ) -> None:
        self.owner = secrets.token_hex(8)
        self._stopping = False
        self._bell = wake.Bell()
        self._results: SimpleQueue[Result] = SimpleQueue()
        self._unwritten: list[Result] = []
        self._receipts: list[tuple[str, Receipt]] = []
        self._hands = {route.channel: Hands(route, self._results, self._bell) for route in routes}
        self._clock = SharedClock()
        self._dispatch = Dispatch(self.owner, routes, self._clock, lease_time=lease_time)
        self._roster = chores.Roster(pulses, self.owner, self._clock)

    def stop(self) -> None:
        """Asks the loop to end: nothing new is claimed, running sends may finish. Safe in a signal handler."""
        self._stopping = True  # no lock: the loop may be interrupted anywhere
        self._bell.ring()

    def run(self) -> None:
        """Until `stop`. A database that is away is waited for."""
        log.info("courier.started", courier=self.owner)
        started = False
        while not self._stopping:
            try:
                if not started:
                    breaker.trust_again()
                    Heartbeat.objects.filter(at__lt=clock.now() - FORGOTTEN).delete()
                    self._clock.compare()
                    self._roster.enrol()
                    started = True
                self._serve()
            except AWAY as problem:
                log.error("courier.database", error=type(problem).__name__)
                connection.close()
                self._bell.wait_for(AFTER_DATABASE_ERROR_SECONDS)
        self._leave()
        log.info("courier.stopped", courier=self.owner)

    def run_once(self) -> int:
        """Claims and sends until nothing is due and every result is written. Returns how many messages were taken."""
        taken = 0
        while (count := self._round()) or any(hands.busy for hands in self._hands.values()):
            taken += count
            if not count:
                self._bell.wait_for(POLL_SECONDS)
        return taken

    def close(self) -> None:
        for hands in self._hands.values():
            hands.close()

    def _serve(self) -> None:
        watch = wake.watch()
        poll, pulse = Pace(POLL_SECONDS), Pace(PULSE_SECONDS)
        skew, beat = Pace(SKEW_SECONDS), Pace(HEARTBEAT_SECONDS)
        try:
            news = True
            while not self._stopping:
                if skew.due():
                    self._clock.compare()
                if news or poll.due():
                    news = self._round() > 0
                if beat.due():
                    Heartbeat.objects.update_or_create(courier=self.owner, defaults={"at": self._clock.now()})
                if pulse.due():
                    self._roster.run_due()
                    self._note_receipts()
                if not news:
                    news = self._bell.wait(watch) or watch.changed()
        finally:
            watch.close()

    def _round(self) -> int:
        """Writes the results that are there and claims for the free threads, in one transaction. Returns the claims.

        With nothing to write it looks before it asks for a transaction: SQLite has one write lock for all.
        """
        self._collect()
        if not self._unwritten and not self._is_wanted():
            return 0
        with turn():
            self._collect()  # what has come while the turn was another's
            self._dispatch.record(self._unwritten)
            taken, claimed = (0, []) if self._stopping else self._claim()
        self._unwritten.clear()
        for pending in claimed:
            ready = self._dispatch.prepare(pending)
            if isinstance(ready, Result):
                self._unwritten.append(ready)
            else:
                self._hands[Channel(pending.message.channel)].give(ready)
        if self._unwritten:
            self._bell.ring()
        return taken

    def _note_receipts(self) -> None:
        """Writes the reports of the pulse before: one may come earlier than the answer it belongs to is written."""
        for provider, receipt in self._receipts:
            outbox.report(provider, receipt.reference, delivered=receipt.delivered)
        carriers = [carrier for hands in self._hands.values() for carrier in hands.route.carriers]
        self._receipts = [(carrier.name, receipt) for carrier in carriers for receipt in carrier.receipts()]

    def _is_wanted(self) -> bool:
        """Whether a message is due that an idle thread could send."""
        channels = [channel for channel, hands in self._hands.items() if hands.free > 0]
        return bool(channels) and not self._stopping and Message.objects.due(channels, self._clock.now()).exists()

    def _claim(self) -> tuple[int, list[Pending]]:
        taken, claimed = 0, []
        for channel, hands in self._hands.items():
            if hands.free > 0:
                count, pending = self._dispatch.claim(channel, hands.free)
                taken += count
                claimed += pending
        return taken, claimed

    def _collect(self) -> None:
        while True:
            try:
                result = self._results.get_nowait()
            except Empty:
                return
            self._hands[Channel(result.message.channel)].busy -= 1
            self._unwritten.append(result)

    def _leave(self) -> None:
        """Lets running sends end, half a minute at most; what is not written returns with its lease."""
        until = time.monotonic() + GRACE_SECONDS
        try:
            self._round()
            while any(hands.busy for hands in self._hands.values()) and time.monotonic() < until:
                self._bell.wait_for(0.5)
                self._round()
            self._roster.release()
        except AWAY as problem:
            log.error("courier.database", error=type(problem).__name__)
        self.close()


class ChoreThread(Thread):
    """Runs the long chores beside the loop, on a connection of its own."""

    def __init__(self, duties: Sequence[chores.Duty], *, owner: str) -> None:
        super().__init__(daemon=True, name="chores")
        self._clock = SharedClock()
        self._roster = chores.Roster(duties, f"{owner}-chores", self._clock)
        self._stop_event = Event()

    def stop(self) -> None:
        self._stop_event.set()

    def run(self) -> None:
        enrolled, skew = False, Pace(SKEW_SECONDS)
        while not self._stop_event.wait(POLL_SECONDS):
            try:
                if skew.due():
                    self._clock.compare()
                if not enrolled:
                    self._roster.enrol()
                    enrolled = True
                self._roster.run_due()
            except AWAY as problem:
                log.error("chores.database", error=type(problem).__name__)
                connection.close()
        connection.close()
