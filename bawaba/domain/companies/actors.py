"""Who acts on a company: one of its members, an officer of the operator, or the portal itself."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from bawaba.domain.accounts.models import User
from bawaba.domain.companies.models import Company, Membership
from bawaba.domain.companies.roles import Permission, StaffPermission, StaffRole


class NotAllowed(Exception):
    """The actor has not this permission here. `permission` names it."""

    def __init__(self, permission: Permission | StaffPermission) -> None:
        super().__init__(permission.value)
        self.permission = permission


@dataclass(frozen=True, kw_only=True)
class Officer:
    """An officer at this moment: the staff door makes it from the signed-in staff account."""

    id: UUID
    roles: frozenset[StaffRole]

    def may(self, permission: StaffPermission) -> bool:
        return any(permission in role.permissions for role in self.roles)


@dataclass(frozen=True)
class Portal:
    """The product itself, where a rule or the calendar decides."""

    id: str = ""


PORTAL = Portal()
Actor = User | Officer | Portal


def actor_id(actor: Actor) -> str:
    return str(actor.id)


def require(
    actor: Actor, company: Company, *, member: Permission = Permission.MANAGE, staff: StaffPermission | None = None
) -> None:
    """Raises `NotAllowed` unless the actor is a member with `member` or an officer with `staff`."""
    if isinstance(actor, Portal):
        return
    if isinstance(actor, Officer):
        if staff is None or not actor.may(staff):
            raise NotAllowed(staff or member)
        return
    if not Membership.objects.acting().of(actor, company).with_permission(member).exists():
        raise NotAllowed(member)


def require_officer(actor: Officer, permission: StaffPermission) -> None:
    """Raises `NotAllowed` unless the officer has the permission."""
    if not actor.may(permission):
        raise NotAllowed(permission)


def may(actor: Actor, company: Company, permission: Permission = Permission.MANAGE) -> bool:
    """Whether a page may offer it. The action asks again."""
    try:
        require(actor, company, member=permission)
    except NotAllowed:
        return False
    return True


def administrators(company: Company) -> QuerySet[User]:
    """The people who can decide in the company now."""
    acting = Membership.objects.acting().administrators().filter(company=company)
    users: QuerySet[User] = User.objects.filter(id__in=acting.values("user"))
    return users
