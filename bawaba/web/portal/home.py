"""The signed-in home: what is open to this person now, and for the rest what is missing and the way to it."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from bawaba.domain.accounts.models import User
from bawaba.domain.catalogue.access import Missing, missing
from bawaba.domain.catalogue.models import Service
from bawaba.domain.companies.models import Invitation, Membership
from bawaba.domain.companies.roles import Permission
from bawaba.domain.registration import sending
from bawaba.web.portal.guard import signed_in
from bawaba.web.ui import acting
from bawaba.web.ui.acting import Acting
from bawaba.web.ui.session import person


@dataclass(frozen=True)
class Tile:
    """A service that cannot be opened: why, and where the person can do something about it (or nowhere)."""

    service: Service
    reason: str | Promise
    way: str
    words: str | Promise


Reason = tuple[Promise, str, Promise | str]
REASONS: dict[Missing, Reason] = {
    Missing.COMPANY: (_("Needs a company"), "join_company", _("Join a company")),
    Missing.PERMISSION: (_("Needs another role in the company"), "roles", _("Roles and permissions")),
    Missing.DELEGATION: (_("Not covered by the delegation"), "", ""),
    Missing.VERIFIED_COMPANY: (_("Needs a verified company"), "company", _("What this means")),
    Missing.SECOND_FACTOR: (_("Needs a second factor"), "add_factor", _("Add a second factor")),
}

WAITS = (_("Your request waits for a decision"), "my_requests", _("My requests"))
RESTS = (_("Your membership gives no rights now"), "my_requests", _("My requests"))


@signed_in
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    user, now = person(request), acting.of(request)
    standing = acting.standing(request)
    services = [(service, missing(service, standing)) for service in Service.objects.shown(user.audience)]
    waiting, resting = _without_rights(user) if now is None else ([], [])
    instead = WAITS if waiting else RESTS if resting else REASONS[Missing.COMPANY]
    context = {
        "acting": now,
        "counts": _counts(now) if now and now.may(Permission.MANAGE) else None,
        "waiting": waiting,
        "resting": resting,
        "invitations": Invitation.objects.open().for_user(user).select_related("company"),
        "name_company": now is not None
        and now.may(Permission.MANAGE)
        and not (now.company.name_ar or now.company.name_en),
        "prove_mobile": sending.mobile_is_asked() and not user.mobile_proven_at,
        "add_factor": not standing.second_factor,
        "open": [service for service, lacks in services if not lacks],
        "closed": [_tile(service, lacks[0], instead) for service, lacks in services if lacks],
        "last": _last_sign_in(user),
        "catalogue_is_empty": not services,
    }
    return render(request, "portal/home.html", context)


def _tile(service: Service, lack: Missing, no_company: Reason) -> Tile:
    """`no_company`: why this person has none; whoever has asked to join one need not be told to."""
    if lack is Missing.MAINTENANCE:
        return Tile(service, service.closed_text, "", "")
    reason, way, words = no_company if lack is Missing.COMPANY else REASONS[lack]
    return Tile(service, reason, reverse(way) if way else "", words)


def _counts(now: Acting) -> dict[str, int]:
    members = Membership.objects.filter(company=now.company)
    return {
        "members": members.filter(state=Membership.State.ACTIVE).count(),
        "requests": members.requested().count(),
    }


def _without_rights(user: User) -> tuple[list[Membership], list[Membership]]:
    """Of somebody who acts for no company: the requests, and the memberships that rest because they are suspended or
    the company is. Nothing of a company is shown but its number.
    """
    waiting: list[Membership] = []
    resting: list[Membership] = []
    for membership in Membership.objects.present().filter(user=user).select_related("company").order_by("created_at"):
        (waiting if membership.state == Membership.State.REQUESTED else resting).append(membership)
    return waiting, resting


def _last_sign_in(user: User) -> object | None:
    """The sign-in before this one."""
    return user.session_records.order_by("-began_at")[1:2].first()
