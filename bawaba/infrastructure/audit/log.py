"""Writing an event: inside the transaction of what happened, or not at all."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial

from django.db import transaction

from bawaba.infrastructure import sql
from bawaba.infrastructure.audit.events import FACTS, EventType, Kind
from bawaba.infrastructure.audit.models import Event
from bawaba.infrastructure.audit.request import request_id as request_id

log = logging.getLogger(__name__)


class OutsideTransaction(Exception):
    """An event would be kept although what it tells may yet be undone."""


class UnfitEvent(Exception):
    """An event with a part that does not belong into the register: `part` names it. The value is never shown."""

    def __init__(self, event: EventType, part: str) -> None:
        super().__init__(f"{event.value}: {part}")
        self.event = event
        self.part = part


@dataclass(frozen=True, kw_only=True)
class Happening:
    """One event: `subject` is whom or what it happened to, `actor` who did it; both are ids."""

    event: EventType
    subject: str
    actor: str = ""
    company: str = ""
    facts: Mapping[str, str | int | bool] = field(default_factory=dict)


def record(event: EventType, *, subject: str, actor: str = "", company: str = "", **facts: str | int | bool) -> None:
    """Add an event to the register, and a line to the log once it is certain.

    Raises `OutsideTransaction`, and `UnfitEvent` for a fact the event does not declare or a value that is not of
    the declared kind (an address, a name, a civil number).
    """
    row = _row(Happening(event=event, subject=subject, actor=actor, company=company, facts=facts))
    sql.insert(row)
    _say(row)


def record_all(happenings: Iterable[Happening]) -> None:
    """The same with many, in their order and in one statement; with one unfit event none is kept."""
    rows = [_row(happening) for happening in happenings]
    Event.objects.bulk_create(rows)
    for row in rows:
        _say(row)


def _row(happening: Happening) -> Event:
    event = happening.event
    if not transaction.get_connection().in_atomic_block:
        raise OutsideTransaction(event.value)
    for name in ("subject", "actor", "company"):
        identifier = getattr(happening, name)
        if identifier and not Kind.ID.value.fullmatch(identifier):
            raise UnfitEvent(event, name)
    for name, value in happening.facts.items():
        if name not in event.facts or not _fits(FACTS[name], value):
            raise UnfitEvent(event, name)
    plain = {name: str(value) if isinstance(value, str) else value for name, value in happening.facts.items()}
    return Event(
        event=event.value,
        subject=happening.subject,
        actor=happening.actor,
        company=happening.company,
        request_id=request_id.get(),
        facts=plain,
    )


def _say(row: Event) -> None:
    line = {"subject": row.subject, "actor": row.actor, "company": row.company} | row.facts
    transaction.on_commit(partial(log.info, row.event, extra={"facts": line}), robust=True)


def _fits(kind: Kind, value: str | int | bool) -> bool:
    type_of_kind = {Kind.FLAG: bool, Kind.NUMBER: int}.get(kind, str)
    if isinstance(value, bool) != (type_of_kind is bool) or not isinstance(value, type_of_kind):
        return False
    return value == "" or kind.value.fullmatch(str(value)) is not None
