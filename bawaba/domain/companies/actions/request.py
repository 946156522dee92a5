"""The decision on a request to join a company."""

from collections.abc import Iterable

from django.db import transaction

from bawaba.domain.accounts.models import User
from bawaba.domain.companies import notices
from bawaba.domain.companies.actions.membership import grant, keep_membership
from bawaba.domain.companies.actors import Actor, NotAllowed, require
from bawaba.domain.companies.models import Membership
from bawaba.domain.companies.roles import Permission, Role, StaffPermission, packed
from bawaba.domain.companies.roster import hold, move
from bawaba.infrastructure import clock
from bawaba.infrastructure.audit.events import EventType
from bawaba.infrastructure.messaging.kinds import Kind

State = Membership.State


@transaction.atomic
def admit(
    *, membership: Membership, roles: Iterable[Role], by: Actor, reason: str = "", signatory: str = ""
) -> Membership:
    """Grants a request. Raises `NotAllowed`, `OutOfDate` when it is no longer waiting, `ValueError` without a role."""
    text = packed(roles)
    if not text:
        raise ValueError("a member has at least one role")
    hold(membership.company)
    require(by, membership.company, staff=StaffPermission.DECIDE)
    if isinstance(by, User) and signatory == Membership.Signatory.VERIFIED:
        raise NotAllowed(StaffPermission.DECIDE)
    grant(membership, roles=text, signatory=signatory, by=by, policy="decision", reason=reason)
    notices.tell_member(Kind.MEMBERSHIP_ADMITTED, membership)
    return membership


@transaction.atomic
def decline(*, membership: Membership, by: Actor, reason: str) -> None:
    """Refuses a request. Raises `NotAllowed`, `OutOfDate`."""
    hold(membership.company)
    require(by, membership.company, staff=StaffPermission.DECIDE)
    move(membership, State.REQUESTED, state=State.ENDED, ended_at=clock.now())
    keep_membership(EventType.MEMBERSHIP_REFUSED, membership, by, reason, reason="declined")
    notices.tell_member(Kind.MEMBERSHIP_DECLINED, membership)


@transaction.atomic
def withdraw(*, membership: Membership, by: User) -> None:
    """The person takes the request back. Raises `NotAllowed` for anybody else, `OutOfDate`."""
    if by.pk != membership.user_id:
        raise NotAllowed(Permission.MANAGE)
    hold(membership.company)
    move(membership, State.REQUESTED, state=State.ENDED, ended_at=clock.now())
    keep_membership(EventType.MEMBERSHIP_ENDED, membership, by, "", reason="withdrawn")
