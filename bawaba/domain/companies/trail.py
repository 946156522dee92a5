"""Keeping what happened: a line with the reason for the company's own history, an event for the register."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bawaba.domain.companies.actors import Actor, Officer, actor_id
from bawaba.domain.companies.models import Change, Company, Delegation, Invitation, Membership, Recovery
from bawaba.infrastructure.audit.events import EventType
from bawaba.infrastructure.audit.log import Happening, record_all

Subject = Company | Membership | Invitation | Delegation | Recovery


@dataclass(frozen=True, kw_only=True)
class Line:
    """One thing that happened to a record of a company. `why` is in words and stays out of the register of events."""

    event: EventType
    subject: Subject
    company: Company
    by: Actor
    why: str = ""
    facts: Mapping[str, str | int | bool] = field(default_factory=dict)


def keep(
    event: EventType, subject: Subject, *, company: Company, by: Actor, why: str = "", **facts: str | int | bool
) -> None:
    """Inside the transaction of the change, after it."""
    keep_all([Line(event=event, subject=subject, company=company, by=by, why=why, facts=facts)])


def keep_all(lines: Iterable[Line]) -> None:
    """The same with many, in their order."""
    happened = list(lines)
    Change.objects.bulk_create(_change(line) for line in happened)
    record_all(_happening(line) for line in happened)


def _change(line: Line) -> Change:
    subject = line.subject
    return Change(
        company=line.company,
        record=subject.pk,
        event=line.event.value,
        state=subject.state,
        roles=subject.roles if isinstance(subject, Membership | Invitation) else "",
        by=actor_id(line.by),
        by_officer=isinstance(line.by, Officer),
        reason=line.why,
    )


def _happening(line: Line) -> Happening:
    return Happening(
        event=line.event,
        subject=str(line.subject.pk),
        actor=actor_id(line.by),
        company=str(line.company.pk),
        facts=line.facts,
    )
