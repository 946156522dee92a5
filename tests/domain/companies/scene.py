"""The people and companies that these tests begin with."""

from typing import Any
from uuid import uuid4

from bawaba.domain.accounts.actions import create_user
from bawaba.domain.accounts.models import User
from bawaba.domain.companies import actions
from bawaba.domain.companies.actors import Officer
from bawaba.domain.companies.models import Company, Membership
from bawaba.domain.companies.roles import Role, StaffRole
from bawaba.infrastructure.audit.models import Event
from bawaba.infrastructure.messaging.models import Message
from tests import people
from tests.people import Person

CR_NUMBER = people.example_trading.cr_number
BROKER = "777001"


def account(person: Person, **changes: Any) -> User:
    return create_user(
        email=person.email,
        password="!",
        first_name=person.first_name,
        last_name=person.last_name,
        civil_id=person.civil_id,
        mobile=person.mobile,
        **{"language": "ar", **changes},
    )


def numbered(number: int) -> Person:
    """One of many people who differ only in what must be their own."""
    return Person(
        first_name="سالم",
        last_name="المثال",
        gender="m",
        civil_id=f"1800101{number:05d}",
        mobile="+96550000199",
        email=f"n{number}@example.com",
        password="-",
    )


def officer(*roles: StaffRole) -> Officer:
    return Officer(id=uuid4(), roles=frozenset(roles or {StaffRole.REVIEWER}))


def firm(founder: User, cr_number: str = CR_NUMBER) -> Company:
    """A declared company; its founder administers it under the default policy."""
    return actions.admit_registrant(user=founder, cr_number=cr_number).company


def join(user: User, company: Company, *roles: Role, by: User) -> Membership:
    asked = actions.admit_registrant(user=user, cr_number=company.cr_number)
    return actions.admit(membership=asked, roles=roles or [Role.SUBMITTER], by=by)


def membership_of(user: User) -> Membership:
    return Membership.objects.present().get(user=user)


def messages_to(user: User) -> list[str]:
    """The kinds of the messages waiting for a person, oldest first."""
    return list(Message.objects.filter(subject=str(user.id)).order_by("created_at").values_list("kind", flat=True))


def events_of(subject: object) -> list[str]:
    return list(Event.objects.filter(subject=str(subject)).order_by("pk").values_list("event", flat=True))
