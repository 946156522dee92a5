"""Keeping what happened: a line with the reason for the company's own history, an event for the register."""

from bawaba.domain.companies.actors import Actor, Officer, actor_id
from bawaba.domain.companies.models import Change, Company, Delegation, Invitation, Membership, Recovery
from bawaba.infrastructure.audit.events import EventType
from bawaba.infrastructure.audit.log import record as record_event

Subject = Company | Membership | Invitation | Delegation | Recovery


def keep(
    event: EventType, subject: Subject, *, company: Company, by: Actor, why: str = "", **facts: str | int | bool
) -> None:
    """Inside the transaction of the change, after it. `why` is in words and stays out of the register of events."""
    Change.objects.create(
        company=company,
        record=subject.pk,
        event=event.value,
        state=subject.state,
        roles=subject.roles if isinstance(subject, Membership | Invitation) else "",
        by=actor_id(by),
        by_officer=isinstance(by, Officer),
        reason=why,
    )
    record_event(event, subject=str(subject.pk), actor=actor_id(by), company=str(company.pk), **facts)
