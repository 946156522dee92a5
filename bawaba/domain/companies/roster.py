"""The rows of a company's members: their lock, how one begins and moves, and that the last administrator stays."""

from typing import Any

from django.db.models import F

from bawaba.domain.accounts.actions import hold_name
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
    return Membership.objects.create(user=user, company=company, search_key=hold_name(user=user), **others)


def move(membership: Membership, *states: str, **changes: Any) -> None:
    """Changes the row if it is still in one of `states`, and the object with it. Raises `OutOfDate`."""
    if Membership.objects.filter(pk=membership.pk, state__in=states).update(**changes) != 1:
        raise OutOfDate(Membership.objects.values_list("state", flat=True).get(pk=membership.pk))
    membership.refresh_from_db()


def keep_an_administrator(membership: Membership) -> None:
    """Under `hold`. Raises `LastAdministrator` unless another acts as administrator without a last day."""
    membership.refresh_from_db()
    if membership.state != Membership.State.ACTIVE or Role.ADMINISTRATOR not in membership.role_list:
        return
    others = Membership.objects.acting().administrators().filter(company=membership.company_id, ends_on=None)
    if not others.exclude(pk=membership.pk).exists():
        raise LastAdministrator
