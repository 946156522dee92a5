"""Pages of text: support, terms, privacy, accessibility, roles, guide."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bawaba.domain.accounts.models import Audience
from bawaba.domain.catalogue.models import Service
from bawaba.domain.companies.roles import Permission, Role, StaffPermission, StaffRole
from bawaba.web.portal import texts
from bawaba.web.portal.privacy import data

REVIEWED = date(2026, 11, 22)
"""When the accessibility statement was last compared with the portal."""


class Cell(NamedTuple):
    role: str
    allowed: bool


class Row(NamedTuple):
    permission: str
    cells: list[Cell]


class Matrix(NamedTuple):
    """Roles across, what they may do down."""

    roles: list[str]
    rows: list[Row]


class Telephone(NamedTuple):
    number: str
    extension: str

    @property
    def address(self) -> str:
        """The link that dials it, by RFC 3966."""
        return f"tel:{quote(self.number, safe='+-.()')}" + (f";ext={self.extension}" if self.extension else "")


@require_safe
def support(request: HttpRequest) -> HttpResponse:
    known = settings.BAWABA.support_email or settings.BAWABA.support_phones or settings.BAWABA.support_fax
    return render(request, "portal/support.html", {"known": known, "telephones": list(_telephones())})


@require_safe
def terms(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/terms.html", {"terms": texts.terms()})


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/privacy.html", {"rows": data()})


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/accessibility.html", {"reviewed": REVIEWED})


@require_safe
def roles(request: HttpRequest) -> HttpResponse:
    """Drawn from the tables that the doors themselves ask, so that the page cannot promise anything else."""
    tables = {"company": matrix(Role, Permission), "staff": matrix(StaffRole, StaffPermission)}
    return render(request, "portal/roles.html", {**tables, "services": services()})


@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/guide.html")


def matrix(roles: type[Role] | type[StaffRole], permissions: type[Permission] | type[StaffPermission]) -> Matrix:
    rows = [Row(p.label, [Cell(role.label, p in role.permissions) for role in roles]) for p in permissions]
    return Matrix([role.label for role in roles], rows)


def services() -> list[tuple[Service, str]]:
    """Each service and the permission it asks for, in words: empty where an account is enough."""
    shown = Service.objects.shown(Audience.ORGANIZATION)
    return [(each, Permission(each.permission).label if each.permission else "") for each in shown]


def _telephones() -> Iterator[Telephone]:
    for written in settings.BAWABA.support_phones:
        number, _, extension = written.partition(";ext=")
        yield Telephone(number.strip(), extension.strip())
