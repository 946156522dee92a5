"""What is kept about a person: a page to read in either language, and the same as a file for machines."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from bawaba.domain.accounts import allauth as factors
from bawaba.domain.accounts.models import User
from bawaba.domain.companies.models import Membership
from bawaba.infrastructure.audit.events import EventType
from bawaba.infrastructure.audit.log import record
from bawaba.web.portal.guard import fresh
from bawaba.web.portal.members import STATES, State
from bawaba.web.ui.session import person


@fresh
def my_data(request: HttpRequest) -> HttpResponse:
    user = person(request)
    memberships = [(each, *STATES[State(each.state)]) for each in _memberships(user)]
    return render(request, "portal/my_data.html", {"data": kept_about(user), "memberships": memberships})


@fresh
@require_POST
def my_data_file(request: HttpRequest) -> HttpResponse:
    """The file. That it was taken out is written down."""
    user = person(request)
    with transaction.atomic():
        record(EventType.DATA_EXPORTED, subject=str(user.id), actor=str(user.id))
    response = JsonResponse(kept_about(user), json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return response


def kept_about(user: User) -> dict[str, Any]:
    """Everything of the account. Secrets are named, not shown: the password and the factors only as being there."""
    return {
        "account": {
            "id": str(user.id),
            "first_name": user.first_name,
            "last_name": user.last_name,
            "gender": user.gender,
            "civil_id": user.civil_id,
            "email": user.email,
            "mobile": user.mobile,
            "mobile_proven_at": user.mobile_proven_at,
            "language": user.language,
            "created_at": user.created_at,
            "password_changed_at": user.password_changed_at,
        },
        "consents": list(user.consents.order_by("given_at").values("subject", "version", "given_at")),
        "memberships": [
            {
                "cr_number": each.company.cr_number,
                "state": each.state,
                "roles": list(each.role_list),
                "asked_at": each.created_at,
                "active_from": each.active_from,
                "ended_at": each.ended_at,
            }
            for each in _memberships(user)
        ],
        "second_factors": list(factors.factors(user).values("type", "created_at", "last_used_at")),
        "sessions": list(
            user.session_records.order_by("-began_at").values("label", "method", "began_at", "last_seen_at", "ended_at")
        ),
        "devices": list(user.devices.order_by("-last_seen_at").values("label", "created_at", "last_seen_at")),
        "email_changes": list(user.email_changes.order_by("changed_at").values("old_email", "new_email", "changed_at")),
    }


def _memberships(user: User) -> QuerySet[Membership]:
    """Those of the person, and what was asked for. Of a company only its number: its name is told to members."""
    return Membership.objects.filter(user=user).select_related("company").order_by("-created_at")
