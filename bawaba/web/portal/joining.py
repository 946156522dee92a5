"""Coming to a company by asking, and the requests of one's own with number, date and state."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from bawaba.domain.companies import actions
from bawaba.domain.companies.models import Invitation, Membership
from bawaba.web.portal.guard import signed_in
from bawaba.web.portal.members import STATES, State
from bawaba.web.ui import notices
from bawaba.web.ui.fields import CrNumberField, LineField
from bawaba.web.ui.forms import Form
from bawaba.web.ui.notices import Notice
from bawaba.web.ui.session import person


class JoinForm(Form):
    cr_number = CrNumberField(label=_("Company commercial registration number"))
    reason = LineField(
        label=_("Reason"),
        help_text=_("For the administrator of the company: who you are there and what you will do."),
        longest=300,
        required=False,
    )


@signed_in
def join_company(request: HttpRequest) -> HttpResponse:
    form = JoinForm(request.POST or None)
    if request.method != "POST":
        return render(request, "portal/join_company.html", {"form": form})
    if not form.is_valid():
        return render(request, "portal/join_company.html", {"form": form}, status=422)
    typed = form.cleaned_data
    try:
        asked = actions.ask_to_join(user=person(request), cr_number=typed["cr_number"], reason=typed["reason"])
    except actions.AlreadyMember:
        form.add_error("cr_number", _("You are a member of this company already, or your request waits."))
        return render(request, "portal/join_company.html", {"form": form}, status=422)
    return notices.redirect(reverse("my_request", args=[asked.id]), Notice.REQUEST_SENT)


@signed_in
@require_safe
def my_requests(request: HttpRequest) -> HttpResponse:
    user = person(request)
    rows = Membership.objects.filter(user=user).select_related("company").order_by("-created_at")
    context = {
        "rows": [(each, *STATES[State(each.state)]) for each in rows],
        "invitations": Invitation.objects.open().for_user(user).select_related("company"),
    }
    return render(request, "portal/my_requests.html", context)


@signed_in
@require_safe
def my_request(request: HttpRequest, membership: UUID) -> HttpResponse:
    """The dated, numbered receipt of a request and how it stands; it prints on one sheet."""
    found = get_object_or_404(Membership.objects.select_related("company"), id=membership, user=person(request))
    words, look = STATES[State(found.state)]
    context = {
        "membership": found,
        "state": words,
        "look": look,
        "is_waiting": found.state == State.REQUESTED,
        "may_leave": found.state in {State.ACTIVE, State.SUSPENDED},
    }
    return render(request, "portal/my_request.html", context)


@signed_in
@require_POST
def withdraw_request(request: HttpRequest, membership: UUID) -> HttpResponse:
    user = person(request)
    found = get_object_or_404(Membership.objects.select_related("company"), id=membership, user=user)
    try:
        if found.state == State.REQUESTED:
            actions.withdraw(membership=found, by=user)
        else:
            actions.leave(membership=found, by=user)
    except actions.LastAdministrator:
        return notices.redirect(reverse("my_request", args=[found.id]), Notice.LAST_ADMINISTRATOR)
    except actions.OutOfDate:
        return notices.redirect(reverse("my_request", args=[found.id]), Notice.CHANGED_MEANWHILE)
    return notices.redirect(reverse("my_requests"), Notice.SAVED)
