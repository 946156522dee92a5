"""Delegations given and received: which services, from when, until when; accept, refuse, revoke."""

from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from bawaba.domain.catalogue.models import Service
from bawaba.domain.companies import actions
from bawaba.domain.companies.actions import ServiceName
from bawaba.domain.companies.models import Company, Delegation
from bawaba.web.portal import outcome
from bawaba.web.portal.company import managed
from bawaba.web.ui import notices
from bawaba.web.ui.fields import REQUIRED, CrNumberField, today_in_kuwait
from bawaba.web.ui.forms import Form
from bawaba.web.ui.notices import Notice
from bawaba.web.ui.requests import repeatable
from bawaba.web.ui.session import person

SHOWN = 100
A_YEAR = 365
State = Delegation.State
STATES = {
    State.OFFERED: (_("Waiting for acceptance"), "warn"),
    State.ACTIVE: (_("In force"), "ok"),
    State.REFUSED: (pgettext_lazy("delegation", "Refused"), ""),
    State.REVOKED: (_("Revoked"), ""),
    State.ENDED: (_("Ended"), ""),
}
NOT_YET, OVER = (_("Not begun yet"), "warn"), (_("Ended"), "")
DATE = {"type": "date", "dir": "ltr"}
BAD_DATE = {"required": REQUIRED, "invalid": _("Enter a date as year-month-day, such as 2026-12-31.")}


class DelegationForm(Form):
    cr_number = CrNumberField(label=_("Commercial registration number of the other company"))
    services = forms.MultipleChoiceField(
        label=_("Services"), widget=forms.CheckboxSelectMultiple, error_messages={"required": REQUIRED}
    )
    starts_on = forms.DateField(label=_("From"), widget=forms.DateInput(attrs=DATE), error_messages=BAD_DATE)
    ends_on = forms.DateField(label=_("Until"), widget=forms.DateInput(attrs=DATE), error_messages=BAD_DATE)

    def __init__(self, *args: Any, audience: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = {each.key: each for each in Service.objects.shown(audience).filter(delegable=True)}
        services = self.fields["services"]
        assert isinstance(services, forms.MultipleChoiceField)  # noqa: S101 declared above
        services.choices = [(each.key, each.name) for each in self.offered.values()]

    @property
    def chosen(self) -> list[ServiceName]:
        picked = [self.offered[key] for key in self.cleaned_data["services"]]
        return [ServiceName(code=each.key, name_ar=each.name_ar, name_en=each.name_en) for each in picked]


@repeatable("services")
@managed
def delegations(request: HttpRequest, company: Company) -> HttpResponse:
    audience, today = person(request).audience, today_in_kuwait()
    if request.method != "POST":
        days = min(A_YEAR, settings.BAWABA.delegation_days)  # both days included
        initial = {"starts_on": today, "ends_on": today + timedelta(days=days - 1)}
        return _page(request, company, DelegationForm(audience=audience, initial=initial))
    form = DelegationForm(request.POST, audience=audience)
    if not form.is_valid():
        return _page(request, company, form, status=422)
    typed = form.cleaned_data
    try:
        actions.delegate(
            company=company,
            delegate_cr_number=typed["cr_number"],
            services=form.chosen,
            starts_on=typed["starts_on"],
            ends_on=typed["ends_on"],
            by=person(request),
        )
    except actions.NoSuchDelegate:
        form.add_error("cr_number", _("No other company of this number uses the portal."))
    except actions.UnfitPeriod as unfit:
        form.add_error("ends_on", _period(unfit.longest))
    else:
        return notices.redirect(reverse("delegations"), Notice.DELEGATION_OFFERED)
    return _page(request, company, form, status=422)


@managed
@require_POST
def answer_delegation(request: HttpRequest, company: Company, delegation: UUID) -> HttpResponse:
    """Of the company that is to act."""
    found = get_object_or_404(_both_sides(), id=delegation, delegate=company)
    answer = actions.accept_delegation if "accept" in request.POST else actions.refuse_delegation
    return outcome.after(lambda: answer(delegation=found, by=person(request)), reverse("delegations"))


@managed
@require_POST
def revoke_delegation(request: HttpRequest, company: Company, delegation: UUID) -> HttpResponse:
    """Of the company that gave it, at any time."""
    found = get_object_or_404(_both_sides(), id=delegation, company=company)
    revoke = partial(actions.revoke_delegation, delegation=found, by=person(request))
    return outcome.after(revoke, reverse("delegations"))


def _both_sides() -> Any:
    return Delegation.objects.select_related("company", "delegate").prefetch_related("services")


def _period(longest: int) -> str:
    return ngettext(
        "It begins today or later, ends after it begins, and lasts at most {n} day.",
        "It begins today or later, ends after it begins, and lasts at most {n} days.",
        longest,
    ).format(n=longest)


def _page(request: HttpRequest, company: Company, form: DelegationForm, *, status: int = 200) -> HttpResponse:
    language, today = get_language() or "ar", today_in_kuwait()
    given: list[dict[str, Any]] = []
    taken: list[dict[str, Any]] = []
    rows = _both_sides().filter(Q(company=company) | Q(delegate=company)).order_by("-created_at")[:SHOWN]
    for each in rows:
        is_mine = each.company_id == company.id
        state = State(each.state)
        words, look = STATES[state]
        if state is State.ACTIVE and each.starts_on > today:
            words, look = NOT_YET
        if state in {State.ACTIVE, State.OFFERED} and each.ends_on < today:
            words, look, state = *OVER, State.ENDED
        row = {
            "delegation": each,
            "other": (each.delegate if is_mine else each.company).name(language),
            "services": [service.name_en if language == "en" else service.name_ar for service in each.services.all()],
            "words": words,
            "look": look,
            "is_offered": state is State.OFFERED,
            "is_live": state in {State.OFFERED, State.ACTIVE},
        }
        (given if is_mine else taken).append(row)
    context = {"company": company, "given": given, "taken": taken, "form": form}
    return render(request, "portal/delegations.html", context, status=status)
