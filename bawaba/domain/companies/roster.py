"""The rows of a company's members: their lock, how one begins and moves, and that the last administrator stays."""

from collections.abc import Sequence
from typing import Any

from django.db.models import F

from bawaba.domain.accounts.actions import hold_names
from bawaba.domain.accounts.models import User
from bawaba.domain.companies.models import Company, Membership
from bawaba.domain.companies.roles import Role


class LastAdministrator(Exception):
    """The only active administrator of a company can neither be suspended nor ended nor lowered by anyone in it."""


class OutOfDate(Exception):
    """Somebody was faster: the record is no longer in a state from which this can be done. `state` is what it is."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state


def hold(company: Company) -> None:
    """Takes the company's row until the transaction ends: changes of its members come one after the other.

    An UPDATE waits for another on both databases, and what is read after it, the actor's own rights too, is what the
    other has left.
    """
    Company.objects.filter(pk=company.pk).update(roster=F("roster") + 1)


def enrol(*, user: User, company: Company, **others: Any) -> Membership:
    """A new row for a person, under the name that they have when the transaction ends."""
    membership = Membership(user=user, company=company, **others)
    enrol_all([membership])
    return membership


def enrol_all(memberships: Sequence[Membership]) -> None:
    """The same for many rows."""
    keys = hold_names(users=[membership.user for membership in memberships])
    for membership in memberships:
        membership.search_key = keys[membership.user_id]
    Membership.objects.bulk_create(memberships)


def move(membership: Membership, *states: str, **changes: Any) -> None:
    """Changes the row if it is still in one of `states`, and the object with it. Raises `OutOfDate`."""
    move_all([membership], *states, **changes)
    membership.refresh_from_db()


def move_all(memberships: Sequence[Membership], *states: str, **changes: Any) -> None:
    """The same with many: all of them or, for it raises, none. The objects take the changes and nothing else."""
    rows = Membership.objects.filter(pk__in=[membership.pk for membership in memberships])
    if rows.filter(state__in=states).update(**changes) != len(memberships):
        new = changes.get("state", "")
        late = rows.exclude(state__in=[*states, new]).values_list("state", flat=True).first()
        raise OutOfDate(late or new)
    for membership in memberships:
        for name, value in changes.items():
            setattr(membership, name, value)


def keep_an_administrator(membership: Membership) -> None:
    """Under `hold`. Raises `LastAdministrator` unless another acts as administrator without a last day."""
    membership.refresh_from_db()
    if membership.state != Membership.State.ACTIVE or Role.ADMINISTRATOR not in membership.role_list:
        return
    others = Membership.objects.acting().administrators().filter(company=membership.company_id, ends_on=None)
    if not others.exclude(pk=membership.pk).exists():
        raise LastAdministrator
