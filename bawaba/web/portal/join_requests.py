"""Requests to join: the administrator admits, with the signatory's undertaking before the eyes, or declines."""

from functools import partial
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from bawaba.domain.companies import actions
from bawaba.domain.companies.models import Change, Company, Membership
from bawaba.domain.companies.roles import Role
from bawaba.web.portal import outcome, paging
from bawaba.web.portal.company import managed
from bawaba.web.portal.members import RolesForm
from bawaba.web.ui import notices
from bawaba.web.ui.notices import Notice
from bawaba.web.ui.requests import repeatable
from bawaba.web.ui.session import person


@managed
@require_safe
def join_requests(request: HttpRequest, company: Company) -> HttpResponse:
    """Who waits longest first."""
    rows = Membership.objects.requested().filter(company=company).select_related("user")
    page = paging.page(request, company, rows, by="created_at")
    if not page.rows and not page.is_first:  # the rest was decided meanwhile; earlier ones may wait
        return redirect("join_requests")
    return render(request, "portal/join_requests.html", {"company": company, "page": page})


@repeatable("roles")
@managed
def join_request(request: HttpRequest, company: Company, membership: UUID) -> HttpResponse:
    asked = get_object_or_404(Membership.objects.select_related("user", "company"), id=membership, company=company)
    if asked.state != Membership.State.REQUESTED:  # decided or taken back since the list was read
        return notices.redirect(reverse("join_requests"), Notice.CHANGED_MEANWHILE)
    if request.method != "POST":
        return _page(request, asked, RolesForm(initial={"roles": [Role.SUBMITTER.value]}))
    declined = "decline" in request.POST
    form = RolesForm(request.POST)
    form.fields["roles"].required = not declined
    if not form.is_valid():
        return _page(request, asked, form, status=422)
    decision = {"membership": asked, "by": person(request), "reason": form.cleaned_data["reason"]}
    if declined:
        return outcome.after(partial(actions.decline, **decision), reverse("join_requests"), Notice.REQUEST_DECLINED)
    admit = partial(actions.admit, roles=form.chosen, **decision)
    return outcome.after(admit, reverse("join_requests"), Notice.MEMBER_ADMITTED)


def _page(request: HttpRequest, asked: Membership, form: RolesForm, *, status: int = 200) -> HttpResponse:
    first = Change.objects.of(asked).first()
    context = {"asked": asked, "form": form, "reason": first.reason if first else ""}
    return render(request, "portal/join_request.html", context, status=status)
