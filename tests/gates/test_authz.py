"""Every address in every role, own and other company: who reaches what is written down, and nobody reaches more."""

import tomllib
from http.cookies import SimpleCookie
from pathlib import Path

import pytest
from django.core import serializers
from django.db import transaction
from django.http import HttpResponse

from bawaba.domain.accounts.models import Device
from bawaba.domain.companies.models import Company, CompanyIdentifier, Delegation, Invitation, Membership
from tests.town import ROLES, ROUTES, Town

TABLE: dict[str, str] = tomllib.loads((Path(__file__).parents[2] / "docs/authz.toml").read_text())["routes"]
REFUSED = {403, 404}
WATCHED = (Company, CompanyIdentifier, Membership, Invitation, Delegation, Device)


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
