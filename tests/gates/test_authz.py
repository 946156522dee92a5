"""Every address in every role, own and other company: who reaches what is written down, and nobody reaches more."""

import tomllib
from collections.abc import Iterator
from datetime import date
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core import serializers
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from bawaba.domain.accounts import credentials
from bawaba.domain.accounts.actions import create_user
from bawaba.domain.accounts.models import Device, User
from bawaba.domain.companies.models import Company, CompanyIdentifier, Delegation, Invitation, Membership
from bawaba.infrastructure import clock
from bawaba.web.ui import session
from tests.identifiers.numbers import civil_id

TABLE: dict[str, str] = tomllib.loads((Path(__file__).parents[2] / "docs/authz.toml").read_text())["routes"]
ROLES = ("stranger", "nobody", "viewer", "submitter", "payer", "administrator", "other administrator")
REFUSED = {403, 404}
WATCHED = (Company, CompanyIdentifier, Membership, Invitation, Delegation, Device)


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


def _outcome(response: HttpResponse) -> str:
    location = response.headers.get("Location", "")
    if response.status_code in {301, 302, 303} and location.startswith("/sign-in/"):
        return "sign in"
    if response.status_code in {301, 302, 303} and location.split("?")[0] == "/home/":
        return "home"
    return str(response.status_code) if response.status_code in REFUSED else "in"


def _expected(who: str, role: str) -> set[str]:
    if who in {"public", "machine"}:
        return {"in", "home", "sign in", "404"}
    if who == "pending":
        return {"sign in"}
    if role == "stranger":
        return {"sign in"}
    if who == "person":
        return {"in", "home", "404"}
    if who == "own":
        return {"in", "home", "404"} if role == "administrator" else {"404", "in"}
    if role == "nobody":
        return {"home"}
    if who == "member":
        return {"in"}
    if role in {"viewer", "submitter", "payer"}:
        return {"403"}
    if who == "manage_own" and role == "other administrator":
        return {"404"}
    return {"in"}


def _records() -> str:
    return "".join(serializers.serialize("json", model.objects.order_by("pk")) for model in WATCHED)


def _may_change(who: str, role: str) -> bool:
    if who in {"manage", "manage_own", "own"}:
        return role in ({"administrator", "other administrator"} if who == "manage" else {"administrator"})
    return who in {"person", "public"} and role != "stranger"


def test_every_address_is_in_the_table_and_nothing_else() -> None:
    assert set(ROUTES) == set(TABLE)


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
def test_nobody_reaches_or_changes_more_than_the_table_says(role: str) -> None:
    town = Town()
    client = town.client(role)
    before, cookies = _records(), client.cookies.output(header="", sep=";")
    wrong = []
    for name, who in TABLE.items():
        for method in ("get", "post"):
            with transaction.atomic():
                response = getattr(client, method)(town.address(name))
                changed = _records() != before
                transaction.set_rollback(True)
            outcome = _outcome(response)
            allowed = _expected(who, role) | ({"in"} if response.status_code == 405 else set())
            broken = response.status_code >= 500 and who != "machine"  # a probe may be red
            if broken or outcome not in allowed or (changed and not _may_change(who, role)):
                wrong.append((name, method, response.status_code, outcome, changed))
            client.cookies = SimpleCookie(cookies)  # signing out is among the addresses; its rows came back already
    assert wrong == []
