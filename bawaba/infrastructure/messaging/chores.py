"""The courier's chores: purges, sealing, backups. Each is claimed in the database, so any number of couriers may run.

The functions belong to others; the command hands over one list. Chores of a few seconds' period keep their lease
between runs, so that a run which finds nothing to do writes nothing.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from django.db import DatabaseError, close_old_connections, transaction

from bawaba.infrastructure.audit.events import EventType
from bawaba.infrastructure.audit.log import record
from bawaba.infrastructure.messaging.models import Chore
from bawaba.infrastructure.messaging.shared_clock import SharedClock

HELD_BELOW = timedelta(seconds=5)
HELD_LEASE = timedelta(seconds=9)
LONGEST_ERROR = 80

log = structlog.get_logger()


@dataclass(frozen=True)
class Duty:
    """A chore: its name, its period, what it does, and how long it may take before another courier tries.

    One that `erases` gives the number of rows whose time was over: the log tells each run of it, and the register each
    that found any.
    """

    name: str
    every: timedelta
    act: Callable[[], object]
    lease: timedelta = timedelta(minutes=10)
    erases: bool = False


@dataclass
class Roster:
    """The duties as one courier sees them. `owner` names the courier."""

    duties: Sequence[Duty]
    owner: str
    clock: SharedClock = field(default_factory=SharedClock)
    _held_until: dict[str, datetime] = field(default_factory=dict)

    def enrol(self) -> None:
        """Makes the rows of new duties, due now, and notes the periods for the alarm on late ones."""
        for duty in self.duties:
            every = {"every_seconds": duty.every.total_seconds()}
            new = every | {"due_at": self.clock.now()}
            Chore.objects.update_or_create(name=duty.name, defaults=every, create_defaults=new)

    def run_due(self) -> None:
        """Runs once what is due and not in another courier's hands. A failing duty is noted and tried next time."""
        now = self.clock.now()
        due = dict(Chore.objects.values_list("name", "due_at"))
        for duty in self.duties:
            if duty.every < HELD_BELOW:
                self._run_held(duty, now)
            elif duty.name in due and due[duty.name] <= now:
                self._run_claimed(duty, now)

    def release(self) -> None:
        """Gives back the held leases, so that another courier goes on at once."""
        for duty in self.duties:
            if duty.every < HELD_BELOW:
                Chore.objects.filter(name=duty.name, lease_by=self.owner).update(due_at=self.clock.now(), lease_by="")

    def _run_claimed(self, duty: Duty, now: datetime) -> None:
        row = Chore.objects.filter(name=duty.name, due_at__lte=now)
        if row.update(lease_by=self.owner, due_at=now + duty.lease) != 1:
            return
        error, milliseconds = _timed(duty)
        self._note(duty, due_at=now + duty.every, error=error, milliseconds=milliseconds)

    def _run_held(self, duty: Duty, now: datetime) -> None:
        if self._held_until.get(duty.name, now) - now < HELD_LEASE / 3 and not self._hold(duty, now):
            return
        error, milliseconds = _timed(duty)
        if error:
            self._note(duty, due_at=now + HELD_LEASE, error=error, milliseconds=milliseconds)

    def _hold(self, duty: Duty, now: datetime) -> bool:
        """Takes or renews the lease of a held duty; also the sign that it was alive."""
        mine = Chore.objects.filter(name=duty.name, lease_by=self.owner)
        free = Chore.objects.filter(name=duty.name, due_at__lte=now)
        claim = {"lease_by": self.owner, "due_at": now + HELD_LEASE, "last_ok_at": now, "last_error": ""}
        if mine.update(**claim) != 1 and free.update(**claim) != 1:
            self._held_until.pop(duty.name, None)
            return False
        self._held_until[duty.name] = now + HELD_LEASE
        return True

    def _note(self, duty: Duty, *, due_at: datetime, error: str, milliseconds: int) -> None:
        values: dict[str, object] = {"due_at": due_at, "last_ms": milliseconds, "last_error": error}
        if not error:
            values["last_ok_at"] = self.clock.now()
        Chore.objects.filter(name=duty.name, lease_by=self.owner).update(**values)


def late(now: datetime) -> list[Chore]:
    """Chores that have not succeeded for three times their period: an alarm."""
    rows = Chore.objects.exclude(last_ok_at=None)
    return [row for row in rows if row.last_ok_at and now - row.last_ok_at > timedelta(seconds=3 * row.every_seconds)]


def _timed(duty: Duty) -> tuple[str, int]:
    """Runs a duty. Returns the name of what it raised, or nothing, and the milliseconds it took."""
    started = time.monotonic()
    error = ""
    try:
        found = duty.act()
        if duty.erases:
            _tell(duty, found)
    except Exception as problem:  # whatever a chore raises must not stop the others; the row and the log tell
        error = type(problem).__name__[:LONGEST_ERROR]
        log.error("chore.failed", chore=duty.name, error=error)  # never its text: it may quote personal data
        if isinstance(problem, DatabaseError):
            close_old_connections()
    return error, round((time.monotonic() - started) * 1000)


def _tell(duty: Duty, rows: object) -> None:
    if not isinstance(rows, int):
        raise TypeError(f"{duty.name} does not say how many rows it erased")
    log.info("chore.erased", chore=duty.name, rows=rows)
    if rows:
        with transaction.atomic():
            record(EventType.RETENTION_APPLIED, subject="installation", kind=duty.name, rows=rows)
