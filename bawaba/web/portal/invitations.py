"""Invitations: what an administrator sends, and the page on which the invited person answers, on any device."""

from functools import partial
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from bawaba.domain.accounts.models import User
from bawaba.domain.companies import actions
from bawaba.domain.companies.models import Company, Invitation
from bawaba.domain.companies.roles import Role
from bawaba.web.portal import outcome
from bawaba.web.portal.company import managed
from bawaba.web.portal.guard import signed_in
from bawaba.web.portal.members import RolesForm
from bawaba.web.ui import acting, notices
from bawaba.web.ui.fields import EmailField
from bawaba.web.ui.notices import Notice
from bawaba.web.ui.requests import repeatable
from bawaba.web.ui.session import person

State = Invitation.State
STATES = {
    State.OPEN: (_("Waiting for an answer"), "warn"),
    State.ACCEPTED: (_("Accepted"), "ok"),
    State.DECLINED: (_("Declined"), ""),
    State.WITHDRAWN: (_("Withdrawn"), ""),
    State.EXPIRED: (_("Expired"), ""),
}
SHOWN = 50


class InviteForm(RolesForm):
    email = EmailField(label=_("E-mail"), help_text=_("Only the owner of this address can accept the invitation."))
    language = forms.ChoiceField(label=_("Language of the message"), choices=[("ar", "العربية"), ("en", "English")])
    reason = None  # type: ignore[assignment]  # Django's way to leave out an inherited field
    field_order = ("email", "roles", "language")


@repeatable("roles")
@managed
def invitations(request: HttpRequest, company: Company) -> HttpResponse:
    if request.method != "POST":
        initial = {"roles": [Role.SUBMITTER.value], "language": get_language()}
        return _page(request, company, InviteForm(initial=initial))
    form = InviteForm(request.POST)
    if not form.is_valid():
        return _page(request, company, form, status=422)
    try:
        actions.invite(
            company=company,
            email=form.cleaned_data["email"],
            roles=form.chosen,
            by=person(request),
            language=form.cleaned_data["language"],
        )
    except actions.AlreadyMember:
        form.add_error("email", _("The owner of this address is a member already."))
        return _page(request, company, form, status=422)
    except actions.AlreadyInvited:
        form.add_error("email", _("An invitation to this address waits already. You can withdraw it below."))
        return _page(request, company, form, status=422)
    return notices.redirect(reverse("invitations"), Notice.INVITED)


@managed
@require_POST
def withdraw_invitation(request: HttpRequest, company: Company, invitation: UUID) -> HttpResponse:
    found = get_object_or_404(Invitation.objects.select_related("company"), id=invitation, company=company)
    withdraw = partial(actions.withdraw_invitation, invitation=found, by=person(request))
    return outcome.after(withdraw, reverse("invitations"))


@managed
@require_POST
def resend_invitation(request: HttpRequest, company: Company, invitation: UUID) -> HttpResponse:
    """The old one is withdrawn and a new one with a life of its own takes its place."""
    found = get_object_or_404(Invitation.objects.select_related("company"), id=invitation, company=company)
    again = partial(actions.invite_again, invitation=found, by=person(request))
    return outcome.after(again, reverse("invitations"), Notice.INVITED)


@require_safe
def invitation(request: HttpRequest, invitation: UUID) -> HttpResponse:
    """What the message leads to. Nobody but the owner of the address is told which company it is."""
    found = Invitation.objects.select_related("company").filter(id=invitation).first()
    user = request.user if isinstance(request.user, User) else None
    if user is None:
        return render(request, "portal/invitation_stranger.html", {"back": request.path})
    if found is None or found.email_key != user.email_key:
        return render(request, "portal/invitation_other.html", status=404)
    context = {
        "invitation": found,
        "company": found.company.name(get_language() or "ar"),
        "is_open": Invitation.objects.open().filter(id=found.id).exists(),
        "state": STATES[State.EXPIRED if found.state == State.OPEN else State(found.state)][0],
    }
    return render(request, "portal/invitation.html", context)


@signed_in
@require_POST
def answer_invitation(request: HttpRequest, invitation: UUID) -> HttpResponse:
    """Who accepts acts for that company from now on, and the page that follows says so."""
    user = person(request)
    found = get_object_or_404(Invitation.objects.for_user(user).select_related("company"), id=invitation)
    try:
        if "decline" in request.POST:
            actions.decline_invitation(invitation=found, by=user)
            return notices.redirect(reverse("home"), Notice.SAVED)
        membership = actions.accept_invitation(invitation=found, by=user)
    except (actions.OutOfDate, actions.AlreadyMember):
        return notices.redirect(reverse("invitation", args=[found.id]), Notice.CHANGED_MEANWHILE)
    acting.choose(request, membership.id, None)
    return notices.redirect(reverse("home"), Notice.JOINED)


def _page(request: HttpRequest, company: Company, form: InviteForm, *, status: int = 200) -> HttpResponse:
    sent = company.invitations.order_by("-created_at")[:SHOWN]
    open_ids = set(Invitation.objects.open().filter(company=company).values_list("id", flat=True))
    rows = []
    for each in sent:
        state = State(each.state) if each.state != State.OPEN or each.id in open_ids else State.EXPIRED
        rows.append((each, *STATES[state], state is State.OPEN, state is State.EXPIRED))
    return render(request, "portal/invitations.html", {"company": company, "rows": rows, "form": form}, status=status)
