"""Which provider gets the next message: in the order of the settings, without those that have just failed.

After five failures within a minute a provider is left alone for half a minute; then one message is the probe. Half a
minute, not longer: everything that waited has to be gone sixty seconds after a provider has come back. A fault in its
settings keeps it off until the courier is started anew or an officer says otherwise.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import Case, F, Q, Value, When

from bawaba.infrastructure.audit.events import EventType
from bawaba.infrastructure.audit.log import record
from bawaba.infrastructure.messaging.models import Provider
from bawaba.infrastructure.messaging.providers.carrier import Carrier
from bawaba.infrastructure.messaging.providers.outcome import Busy, Outcome, Reason, Unknown

FAILURES = 5
WITHIN = timedelta(seconds=60)
PAUSE = timedelta(seconds=30)
# What the recipient or his server caused says nothing about the provider.
NOT_ITS_FAULT = frozenset({Reason.LATER, Reason.DELAYED, Reason.SITE_CAP})


def choose(carriers: Sequence[Carrier], *, turn: int, now: datetime, rows: dict[str, Provider]) -> Carrier | None:
    """The first usable one, counted from `turn`; None while all are paused or off. May start the probe of one."""
    for place in range(len(carriers)):
        carrier = carriers[(turn + place) % len(carriers)]
        row = rows.get(carrier.name)
        if row is None or (not row.fault and row.paused_until is None) or _probes(row, now):
            return carrier
    return None


def opens_at(carriers: Sequence[Carrier], rows: dict[str, Provider]) -> datetime | None:
    """When the first of the paused ones may be asked again."""
    times = [rows[carrier.name].paused_until for carrier in carriers if carrier.name in rows]
    return min((time for time in times if time is not None), default=None)


def failed(outcome: Outcome) -> bool:
    """Whether an outcome speaks against the provider itself."""
    return isinstance(outcome, Unknown) or (isinstance(outcome, Busy) and outcome.reason not in NOT_ITS_FAULT)


def count_failure(name: str, outcome: Outcome, *, now: datetime) -> None:
    """Adds a failure; the fifth within a minute pauses the provider. In a transaction."""
    Provider.objects.get_or_create(name=name)
    row = Provider.objects.filter(name=name)
    fresh = Q(counted_since__isnull=True) | Q(counted_since__lt=now - WITHIN)
    row.update(
        failures=Case(When(fresh, then=Value(1)), default=F("failures") + 1),
        counted_since=Case(When(fresh, then=Value(now)), default=F("counted_since")),
    )
    reason = outcome.reason if isinstance(outcome, Busy | Unknown) else ""
    paused = row.filter(failures__gte=FAILURES, paused_until=None).update(paused_until=now + PAUSE)
    off = row.filter(fault="").update(fault=reason) if isinstance(outcome, Busy) and outcome.stays_off else 0
    if paused or off:
        record(EventType.PROVIDER_CLOSED, subject=name, key=name, reason=reason)


def clear(name: str) -> bool:
    """Forgets the failures of a provider that works. Whether there were any. In a transaction."""
    row = Provider.objects.filter(name=name)
    clean: dict[str, object] = {"failures": 0, "counted_since": None, "paused_until": None, "fault": ""}
    if row.exclude(paused_until=None).update(**clean) == 1:
        record(EventType.PROVIDER_OPENED, subject=name, key=name)
        return True
    return row.filter(failures__gt=0).update(**clean) == 1


def trust_again(name: str | None = None) -> None:
    """Asks a provider again that was off because of its settings; all of them at the start of a courier."""
    rows = Provider.objects.exclude(fault="")
    (rows if name is None else rows.filter(name=name)).update(fault="", failures=0, paused_until=None)


def _probes(row: Provider, now: datetime) -> bool:
    """Whether this call wins the one probe after a pause."""
    if row.fault or row.paused_until is None or row.paused_until > now:
        return False
    won = Provider.objects.filter(name=row.name, paused_until=row.paused_until).update(paused_until=now + PAUSE)
    return won == 1
