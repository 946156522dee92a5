"""Changing, suspending and ending a membership."""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from django.db import transaction

from bawaba.domain.accounts.actions import hold_names
from bawaba.domain.accounts.models import User
from bawaba.domain.companies import notices
from bawaba.domain.companies.actors import PORTAL, Actor, NotAllowed, Officer, Portal, require
from bawaba.domain.companies.models import Company, Membership
from bawaba.domain.companies.roles import Permission, Role, StaffPermission, packed
from bawaba.domain.companies.roster import hold, keep_an_administrator, move, move_all
from bawaba.domain.companies.trail import Line, keep_all
from bawaba.infrastructure import clock
from bawaba.infrastructure.audit.events import EventType
from bawaba.infrastructure.messaging.kinds import Kind

State = Membership.State
SLICE = 200


@transaction.atomic
def change_roles(*, membership: Membership, roles: Iterable[Role], by: Actor, reason: str = "") -> None:
    """Gives a member these roles, at least one, and no others. The same again is no change: nobody is told.

    Raises `NotAllowed`, `LastAdministrator`, `OutOfDate` when the member has ended or was never admitted.
    """
    new = _some(roles)
    hold(membership.company)
    require(by, membership.company, staff=StaffPermission.DECIDE)
    if Role.ADMINISTRATOR.value not in new:
        keep_an_administrator(membership)
    membership.refresh_from_db()
    old = membership.roles
    if new == old and membership.state in (State.ACTIVE, State.SUSPENDED):
        return
    move(membership, State.ACTIVE, State.SUSPENDED, roles=new)
    keep_membership(EventType.MEMBERSHIP_CHANGED, membership, by, reason, from_role=old, role=new)
    notices.tell_member(Kind.ROLES_CHANGED, membership)


@transaction.atomic
def suspend(*, membership: Membership, by: Actor, reason: str = "") -> None:
    """Takes a member's rights away for a while. Raises `NotAllowed`, `LastAdministrator`, `OutOfDate`."""
    hold(membership.company)
    require(by, membership.company, staff=StaffPermission.DECIDE)
    keep_an_administrator(membership)
    move(membership, State.ACTIVE, state=State.SUSPENDED)
    keep_membership(EventType.MEMBERSHIP_SUSPENDED, membership, by, reason, reason=_side(by))
    notices.tell_member(Kind.MEMBERSHIP_SUSPENDED, membership)


@transaction.atomic
def resume(*, membership: Membership, by: Actor, reason: str = "") -> None:
    """Gives a suspended member the rights back. Raises `NotAllowed`, `OutOfDate`."""
    hold(membership.company)
    require(by, membership.company, staff=StaffPermission.DECIDE)
    move(membership, State.SUSPENDED, state=State.ACTIVE)
    keep_membership(EventType.MEMBERSHIP_RESTORED, membership, by, reason, reason=_side(by))
    notices.tell_member(Kind.MEMBERSHIP_RESUMED, membership)


@transaction.atomic
def end(*, membership: Membership, by: Actor, reason: str = "") -> None:
    """Ends a membership for good: a return is a new one. Raises `NotAllowed`, `LastAdministrator`, `OutOfDate`."""
    hold(membership.company)
    require(by, membership.company, staff=StaffPermission.DECIDE)
    keep_an_administrator(membership)
    conclude(membership, by=by, reason=reason, word=_side(by))


@transaction.atomic
def leave(*, membership: Membership, by: User, reason: str = "") -> None:
    """A member goes. Raises `NotAllowed` for anybody else, `LastAdministrator`, `OutOfDate`."""
    if by.pk != membership.user_id:
        raise NotAllowed(Permission.MANAGE)
    hold(membership.company)
    keep_an_administrator(membership)
    conclude(membership, by=by, reason=reason, word="left")


@transaction.atomic
def leave_all(*, user: User) -> None:
    """A person closes the account and goes from every company. Raises `LastAdministrator` where others would be left
    without one; a company that has nobody else is left to the officers.
    """
    mine = Membership.objects.present().filter(user=user)
    for company in Company.objects.filter(memberships__in=mine).order_by("pk"):
        hold(company)
    hold_names(users=[user])  # before the memberships, as a change of the name does: nobody waits in a circle
    for membership in mine.select_related("company", "user"):
        if Membership.objects.present().filter(company=membership.company).exclude(user=user).exists():
            keep_an_administrator(membership)
        conclude(membership, by=user, reason="", word="closed")


@transaction.atomic
def set_last_day(*, membership: Membership, last_day: date | None, by: Actor, reason: str = "") -> None:
    """The last day of a membership, or none. Raises `NotAllowed`, `LastAdministrator`, `OutOfDate`."""
    hold(membership.company)
    require(by, membership.company, staff=StaffPermission.DECIDE)
    if last_day is not None:
        keep_an_administrator(membership)
    move(membership, State.ACTIVE, State.SUSPENDED, ends_on=last_day)
    keep_membership(
        EventType.MEMBERSHIP_CHANGED, membership, by, reason, from_role=membership.roles, role=membership.roles
    )


@transaction.atomic
def set_signatory(*, membership: Membership, signatory: str, by: Actor, reason: str = "") -> None:
    """Whether the member may sign for the company: declared by an administrator, verified by an officer only.

    Raises `NotAllowed`, `OutOfDate`.
    """
    hold(membership.company)
    require(by, membership.company, staff=StaffPermission.DECIDE)
    if isinstance(by, User) and Membership.Signatory.VERIFIED in (signatory, membership.signatory):
        raise NotAllowed(StaffPermission.DECIDE)
    move(membership, State.ACTIVE, State.SUSPENDED, signatory=signatory)
    keep_membership(
        EventType.MEMBERSHIP_CHANGED, membership, by, reason, from_role=membership.roles, role=membership.roles
    )


@transaction.atomic
def rename(*, user_id: UUID, search_key: str) -> None:
    """A person is called otherwise: their memberships, also those that ended, stand elsewhere in the lists."""
    Membership.objects.filter(user=user_id).update(search_key=search_key)


def end_overdue_memberships() -> int:
    """Ends those whose last day is over; they have had no rights since. Returns how many."""
    overdue = Membership.objects.overdue().select_related("user", "company")[:SLICE]
    return sum(_end_overdue(membership) for membership in overdue)


def grant(membership: Membership, *, roles: str, signatory: str, by: Actor, policy: str, reason: str = "") -> None:
    """Under `hold`: a requested membership begins. `policy` is the word for what decided. Raises `OutOfDate`."""
    grant_all([membership], roles=roles, signatory=signatory, by=by, policy=policy, reason=reason)


def grant_all(
    memberships: Sequence[Membership], *, roles: str, signatory: str, by: Actor, policy: str, reason: str = ""
) -> None:
    """The same with many."""
    move_all(
        memberships, State.REQUESTED, state=State.ACTIVE, roles=roles, signatory=signatory, active_from=clock.now()
    )
    keep_all(
        _line(EventType.MEMBERSHIP_GRANTED, membership, by, reason, role=roles, policy=policy)
        for membership in memberships
    )


def conclude(membership: Membership, *, by: Actor, reason: str, word: str) -> None:
    """Under `hold`: the end itself, with its trace and its notice. `word` is the reason for the register of events."""
    move(membership, State.REQUESTED, State.ACTIVE, State.SUSPENDED, state=State.ENDED, ended_at=clock.now())
    keep_membership(EventType.MEMBERSHIP_ENDED, membership, by, reason, reason=word, role=membership.roles)
    notices.tell_member(Kind.MEMBERSHIP_ENDED, membership)


@transaction.atomic
def _end_overdue(membership: Membership) -> bool:
    hold(membership.company)
    if not Membership.objects.overdue().filter(pk=membership.pk).exists():  # ended, or given another last day
        return False
    conclude(membership, by=PORTAL, reason="", word="last_day")
    return True


def _some(roles: Iterable[Role]) -> str:
    text = packed(roles)
    if not text:
        raise ValueError("a member has at least one role")
    return text


def _side(by: Actor) -> str:
    if isinstance(by, Portal):
        return "portal"
    return "officer" if isinstance(by, Officer) else "company"


def keep_membership(event: EventType, membership: Membership, by: Actor, why: str, **facts: str) -> None:
    """`keep` for a membership, whose events name the person beside the facts."""
    keep_all([_line(event, membership, by, why, **facts)])


def _line(event: EventType, membership: Membership, by: Actor, why: str, **facts: str) -> Line:
    company, named = membership.company, {"user": str(membership.user_id), **facts}
    return Line(event=event, subject=membership, company=company, by=by, why=why, facts=named)
