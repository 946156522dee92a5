"""Letting another company act in some services, for a time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from bawaba.domain.accounts.models import User
from bawaba.domain.companies import notices
from bawaba.domain.companies.actors import PORTAL, Actor, require
from bawaba.domain.companies.models import Company, DelegatedService, Delegation
from bawaba.domain.companies.roles import StaffPermission
from bawaba.domain.companies.roster import OutOfDate
from bawaba.domain.companies.trail import keep
from bawaba.infrastructure import clock
from bawaba.infrastructure.audit.events import EventType
from bawaba.infrastructure.limits import counter, table
from bawaba.infrastructure.messaging.kinds import Kind

State = Delegation.State
SLICE = 200


class NoSuchDelegate(Exception):
    """No other company of this number can be delegated to."""


class UnfitPeriod(Exception):
    """The days do not fit: `longest` is the most that may lie between them, in days."""

    def __init__(self, longest: int) -> None:
        super().__init__()
        self.longest = longest


@dataclass(frozen=True, kw_only=True)
class ServiceName:
    """A service of the catalogue: its code, and its names as they are now."""

    code: str
    name_ar: str
    name_en: str


def delegate(
    *,
    company: Company,
    delegate_cr_number: str,
    services: Iterable[ServiceName],
    starts_on: date,
    ends_on: date,
    by: User,
) -> Delegation:
    """Offers another company to act in `services` from one day until another, both included.

    A number nobody has counts against the limit too: it would else tell one after the other who uses the portal.
    Raises `NotAllowed`, `NoSuchDelegate`, `UnfitPeriod`, `LimitReached`, `ValueError` without a service.
    """
    chosen = list(services)
    if not chosen:
        raise ValueError("a delegation names at least one service")
    require(by, company)
    longest = settings.BAWABA.delegation_days
    today = timezone.localdate(clock.now())
    if not today <= starts_on <= ends_on < starts_on + timedelta(days=longest):
        raise UnfitPeriod(longest)
    counter.spend(table.DELEGATE, str(company.id))
    other = Company.objects.open().with_cr_number(delegate_cr_number).exclude(pk=company.pk).first()
    if other is None:
        raise NoSuchDelegate
    return _offer(Delegation(company=company, delegate=other, starts_on=starts_on, ends_on=ends_on), chosen, by)


@transaction.atomic
def _offer(delegation: Delegation, services: list[ServiceName], by: User) -> Delegation:
    require(by, delegation.company)
    delegation.save(force_insert=True)
    DelegatedService.objects.bulk_create(
        DelegatedService(delegation=delegation, code=each.code, name_ar=each.name_ar, name_en=each.name_en)
        for each in services
    )
    _keep(EventType.DELEGATION_GRANTED, delegation, by)
    notices.tell_sides(Kind.DELEGATION_OFFERED, delegation, delegation.delegate)
    return delegation


@transaction.atomic
def accept_delegation(*, delegation: Delegation, by: User) -> None:
    """The other company takes it on. Raises `NotAllowed`, `OutOfDate`."""
    require(by, delegation.delegate)
    _move(delegation, State.ACTIVE, State.OFFERED)
    _keep(EventType.DELEGATION_ACCEPTED, delegation, by)
    notices.tell_sides(Kind.DELEGATION_ACCEPTED, delegation, delegation.company)


@transaction.atomic
def refuse_delegation(*, delegation: Delegation, by: User, reason: str = "") -> None:
    """The other company does not want it. Raises `NotAllowed`, `OutOfDate`."""
    require(by, delegation.delegate)
    _move(delegation, State.REFUSED, State.OFFERED)
    _keep(EventType.DELEGATION_REFUSED, delegation, by, reason, reason="delegate")
    notices.tell_sides(Kind.DELEGATION_REFUSED, delegation, delegation.company)


@transaction.atomic
def revoke_delegation(*, delegation: Delegation, by: Actor, reason: str = "") -> None:
    """Ends it at once, at any time, by the company that gave it or an officer. Raises `NotAllowed`, `OutOfDate`."""
    require(by, delegation.company, staff=StaffPermission.DECIDE)
    _move(delegation, State.REVOKED, State.OFFERED, State.ACTIVE)
    _keep(EventType.DELEGATION_ENDED, delegation, by, reason, reason="revoked")
    notices.tell_sides(Kind.DELEGATION_REVOKED, delegation, delegation.delegate)


def end_overdue_delegations() -> int:
    """Ends those past their last day or of a closed company; they gave no rights since. Returns how many."""
    overdue = Delegation.objects.overdue().select_related("company", "delegate")[:SLICE]
    return sum(_end_overdue(delegation) for delegation in overdue)


@transaction.atomic
def _end_overdue(delegation: Delegation) -> bool:
    try:
        _move(delegation, State.ENDED, State.OFFERED, State.ACTIVE)
    except OutOfDate:
        return False
    _keep(EventType.DELEGATION_ENDED, delegation, PORTAL, reason="over")
    notices.tell_sides(Kind.DELEGATION_ENDED, delegation, delegation.company, delegation.delegate)
    return True


def _move(delegation: Delegation, after: str, *before: str) -> None:
    rows = Delegation.objects.filter(pk=delegation.pk, state__in=before)
    if after == State.ACTIVE:
        rows = rows.filter(ends_on__gte=timezone.localdate(clock.now()))
    changed = rows.update(state=after)
    delegation.refresh_from_db()
    if changed != 1:
        raise OutOfDate(delegation.state)


def _keep(event: EventType, delegation: Delegation, by: Actor, why: str = "", **facts: str) -> None:
    """`keep` for a delegation, whose events name the other company beside the facts."""
    other = str(delegation.delegate_id)
    keep(event, delegation, company=delegation.company, by=by, why=why, delegate=other, **facts)
