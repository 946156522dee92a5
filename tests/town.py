"""Two companies and everybody who may stand before their pages, for tests that walk all pages in all roles."""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import uuid4

from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from bawaba.domain.accounts import credentials
from bawaba.domain.accounts.actions import create_user
from bawaba.domain.accounts.models import Device, User
from bawaba.domain.companies.models import Company, CompanyIdentifier, Delegation, Invitation, Membership
from bawaba.infrastructure import clock
from bawaba.web.ui import session
from tests.identifiers.numbers import civil_id

ROLES = ("stranger", "nobody", "viewer", "submitter", "payer", "administrator", "other administrator")


def routes(patterns: list[Any]) -> Iterator[URLPattern]:
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            if pattern.callback.__module__.startswith("bawaba.web.") and ".oidc." not in pattern.callback.__module__:
                yield pattern
        else:
            yield from routes(pattern.url_patterns)


ROUTES = {pattern.name or "": pattern for pattern in routes(get_resolver().url_patterns)}


class Town:
    """Two companies: in the first one member of each role and one record of each kind; a second with its own head."""

    def __init__(self) -> None:
        self.people: dict[str, User] = {}
        self.ours = Company.objects.create(cr_number="100", cr_match_key="100")
        self.theirs = Company.objects.create(cr_number="200", cr_match_key="200")
        for number, role in enumerate(ROLES[1:], start=1):
            self.people[role] = _person(number)
        members = {
            role: self._join(role, self.ours, role) for role in ("viewer", "submitter", "payer", "administrator")
        }
        self._join("other administrator", self.theirs, "administrator")
        asking = Membership.objects.create(company=self.ours, user=_person(50), state="requested")
        invitation = Invitation.objects.create(
            company=self.ours, email="x@example.com", email_key="x@example.com", roles="viewer", language="ar"
        )
        days = {"starts_on": date(2026, 1, 1), "ends_on": date(2099, 1, 1)}
        given = Delegation.objects.create(company=self.ours, delegate=self.theirs, **days)
        self.third = Company.objects.create(cr_number="300", cr_match_key="300")
        taken = Delegation.objects.create(company=self.third, delegate=self.ours, **days)
        licence = CompanyIdentifier.objects.create(company=self.ours, type="licence", value="1")
        device = Device.objects.create(user=self.people["administrator"], digest="1:x", label="x")
        self.given = {
            "membership": members["viewer"].id,
            "invitation": invitation.id,
            "identifier": licence.id,
            "device_id": device.id,
            "session_id": uuid4(),
            "pk": 1,
            "key": "nothing",
            "token": "nothing",
            "message": uuid4(),
            "form": "register",
            "picture_id": "nothing",
        }
        self.special = {
            "join_request": {"membership": asking.id},
            "my_request": {"membership": members["administrator"].id},
            "withdraw_request": {"membership": members["administrator"].id},
            "answer_delegation": {"delegation": taken.id},
            "revoke_delegation": {"delegation": given.id},
        }

    def _join(self, who: str, company: Company, role: str) -> Membership:
        return Membership.objects.create(company=company, user=self.people[who], state="active", roles=role)

    def address(self, name: str) -> str:
        pattern = ROUTES[name].pattern
        known = self.given | self.special.get(name, {})
        return reverse(name, kwargs={part: known[part] for part in pattern.converters})

    def client(self, role: str) -> Client:
        client = Client(raise_request_exception=False, SERVER_NAME="localhost", SERVER_PORT="8000")
        if role != "stranger":
            client.force_login(self.people[role])
            opened = client.session
            opened[session.BEGAN] = opened[session.SEEN] = int(clock.now().timestamp())
            opened.save()
        return client


def _person(number: int) -> User:
    return create_user(
        email=f"person{number}@example.com",
        password=credentials.DUMMY,
        first_name="شخص",
        last_name="المثال",
        civil_id=next(filter(None, (civil_id(date(1850, 1, day), number) for day in range(1, 29)))),
        mobile="+96550000000",
        language="ar",
    )
