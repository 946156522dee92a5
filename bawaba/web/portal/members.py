"""The members of a company: found by name, a page at a time, each with a page of what may be done."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from bawaba.domain.companies import actions
from bawaba.domain.companies.models import Company, Membership
from bawaba.domain.companies.roles import Role
from bawaba.identifiers.names import search_key
from bawaba.web.portal import outcome, paging
from bawaba.web.portal.company import managed
from bawaba.web.ui import notices
from bawaba.web.ui.fields import REQUIRED, LineField
from bawaba.web.ui.forms import Form
from bawaba.web.ui.requests import repeatable
from bawaba.web.ui.session import person

State = Membership.State
STATES = {
    State.REQUESTED: (_("Waiting for approval"), "warn"),
    State.ACTIVE: (_("Active"), "ok"),
    State.SUSPENDED: (_("Suspended"), "err"),
    State.ENDED: (_("Ended"), ""),
}


class RolesForm(Form):
    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        choices=[(role.value, role.label) for role in Role],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": REQUIRED},
    )
    reason = LineField(label=_("Reason"), longest=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = self.fields["roles"]
        assert isinstance(roles, forms.MultipleChoiceField)  # noqa: S101 declared above
        roles.choices = [(role.value, role.label) for role in Role]  # in the language of the page

    @property
    def chosen(self) -> list[Role]:
        return [Role(value) for value in self.cleaned_data["roles"]]


@managed
@require_safe
def members(request: HttpRequest, company: Company) -> HttpResponse:
    """By name, with those who have left if they are asked for."""
    asked, with_ended = request.GET.get("q", "").strip()[:100], request.GET.get("ended") == "1"
    rows = Membership.objects.filter(company=company).exclude(state=State.REQUESTED).select_related("user")
    if not with_ended:
        rows = rows.exclude(state=State.ENDED)
    if "@" in asked:
        rows = rows.filter(user__email_key=asked.casefold())
    elif asked:
        rows = rows.filter(search_key__contains=search_key(asked))
    page = paging.page(request, company, rows, by="search_key")
    context = {
        "company": company,
        "page": page,
        "rows": [(each, *STATES[State(each.state)]) for each in page.rows],
        "asked": asked,
        "with_ended": with_ended,
        "kept": urlencode({"q": asked} | ({"ended": "1"} if with_ended else {})),
    }
    return render(request, "portal/members.html", context)


@managed
@require_safe
def member(request: HttpRequest, company: Company, membership: UUID) -> HttpResponse:
    return _page(request, _find(company, membership))


@repeatable("roles")
@managed
def change_roles(request: HttpRequest, company: Company, membership: UUID) -> HttpResponse:
    found = _find(company, membership)
    if request.method != "POST":
        return notices.redirect(reverse("member", args=[found.id]))
    form = RolesForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    reason = form.cleaned_data["reason"]
    return outcome.after(
        lambda: actions.change_roles(membership=found, roles=form.chosen, by=person(request), reason=reason),
        reverse("member", args=[found.id]),
    )


@managed
def suspend_member(request: HttpRequest, company: Company, membership: UUID) -> HttpResponse:
    return _press(request, _find(company, membership), actions.suspend)


@managed
def resume_member(request: HttpRequest, company: Company, membership: UUID) -> HttpResponse:
    return _press(request, _find(company, membership), actions.resume)


@managed
def end_member(request: HttpRequest, company: Company, membership: UUID) -> HttpResponse:
    return _press(request, _find(company, membership), actions.end)


def _find(company: Company, membership: UUID) -> Membership:
    """404 for a membership of another company, as for one that does not exist."""
    return get_object_or_404(Membership.objects.select_related("user", "company"), id=membership, company=company)


def _press(request: HttpRequest, membership: Membership, action: Callable[..., None]) -> HttpResponse:
    address = reverse("member", args=[membership.id])
    if request.method != "POST":
        return notices.redirect(address)
    return outcome.after(lambda: action(membership=membership, by=person(request)), address)


def _page(
    request: HttpRequest, membership: Membership, form: RolesForm | None = None, *, status: int = 200
) -> HttpResponse:
    words, look = STATES[State(membership.state)]
    context = {
        "membership": membership,
        "state": words,
        "look": look,
        "is_active": membership.state == State.ACTIVE,
        "is_suspended": membership.state == State.SUSPENDED,
        "is_present": membership.state in {State.ACTIVE, State.SUSPENDED},
        "form": form or RolesForm(initial={"roles": [role.value for role in membership.role_list]}),
    }
    return render(request, "portal/member.html", context, status=status)
