"""Claiming and finishing rows of the queue. The one place with its SQL.

Claiming moves `due_at` to the end of the lease, so the rows of a killed courier come back by themselves. A finish is
fenced by owner and attempt: a courier that slept through its lease changes nothing.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import F, QuerySet

from bawaba.infrastructure.messaging.kinds import Channel
from bawaba.infrastructure.messaging.models import Message, State
from bawaba.infrastructure.messaging.providers.outcome import TO_MEND, Reason

LEASE = timedelta(seconds=60)
SLICE_SECONDS = 0.1
SLICE = 50
# Reasons for waiting that end when a provider works again.
OF_THE_PROVIDER = [reason.value for reason in TO_MEND] + [
    Reason.NO_CONNECTION,
    Reason.TIMED_OUT,
    Reason.THROTTLED,
    Reason.PROVIDER_ERROR,
    Reason.NO_PROVIDER,
]

# ANY(ARRAY(…)): with IN the planner of PostgreSQL may run a subquery with LIMIT more than once.
_PICK = (
    "SELECT id FROM messaging_message WHERE channel = %s AND state IN ('queued', 'sending') AND due_at <= %s"
    " ORDER BY lane, due_at LIMIT %s"
)
_CLAIM = (
    "UPDATE messaging_message SET state = 'sending', attempts = attempts + 1, lease_by = %s, due_at = %s,"
    " unknowns = unknowns + CASE WHEN state = 'sending' THEN 1 ELSE 0 END WHERE id {chosen} RETURNING *"
)
_HAND_OVER = (
    "UPDATE messaging_message SET state = 'handed_over', outcome = '', provider = %s, provider_ref = %s,"
    " handed_at = %s, finished_at = %s WHERE id = %s AND state = 'sending' AND lease_by = %s AND attempts = %s"
)
_CHOSEN = {"sqlite": f"IN ({_PICK})", "postgresql": f"= ANY(ARRAY({_PICK} FOR UPDATE SKIP LOCKED))"}


def claim(channel: Channel, *, owner: str, count: int, now: datetime, lease_time: timedelta = LEASE) -> list[Message]:
    """Takes up to `count` due rows of a channel, codes first, then the oldest. A lease that ran out is an unknown."""
    time = connection.ops.adapt_datetimefield_value
    sql = _CLAIM.format(chosen=_CHOSEN[connection.vendor])
    # nosemgrep: sql-put-together  two constants of this module
    rows = Message.objects.raw(sql, [owner, time(now + lease_time), channel.value, time(now), count])
    return sorted(rows, key=lambda row: (row.lane, row.created_at))


def hand_over(taken: Sequence[tuple[Message, str, str]], *, now: datetime) -> None:
    """The providers have taken these: message, provider and its reference. Where a lease was lost, nothing changes."""
    if not taken:
        return
    moment = connection.ops.adapt_datetimefield_value(now)
    rows = [
        (provider, reference, moment, moment, _id(message), message.lease_by, message.attempts)
        for message, provider, reference in taken
    ]
    with connection.cursor() as cursor:
        cursor.executemany(_HAND_OVER, rows)


def end(message: Message, state: State, *, now: datetime, reason: Reason | None = None, provider: str = "") -> bool:
    """A final state other than handed over."""
    return _held(message).update(state=state, outcome=reason or "", provider=provider, finished_at=now) == 1


def put_back(message: Message, *, due_at: datetime, reason: Reason, provider: str = "", unknown: bool = False) -> bool:
    """To be tried again at a time."""
    return (
        _held(message).update(
            state=State.QUEUED, outcome=reason, provider=provider, due_at=due_at, unknowns=F("unknowns") + int(unknown)
        )
        == 1
    )


def hasten(channel: Channel, *, now: datetime) -> None:
    """Makes what waits for a provider due at once, in slices of 50 a tenth of a second: it has accepted again."""
    waiting = Message.objects.filter(channel=channel, state=State.QUEUED, due_at__gt=now, outcome__in=OF_THE_PROVIDER)
    ids = list(waiting.order_by("lane", "created_at").values_list("id", flat=True)[:5000])
    for start in range(0, len(ids), SLICE):
        due_at = now + timedelta(seconds=start / SLICE * SLICE_SECONDS)
        Message.objects.filter(id__in=ids[start : start + SLICE], state=State.QUEUED).update(due_at=due_at)


def _held(message: Message) -> QuerySet[Message]:
    return Message.objects.filter(
        id=message.id, state=State.SENDING, lease_by=message.lease_by, attempts=message.attempts
    )


def _id(message: Message) -> Any:
    """The id as this database holds it."""
    return Message._meta.pk.get_db_prep_value(message.id, connection)  # noqa: SLF001 Django's own way to its fields
