"""Requests to join: the administrator admits, with the signatory's undertaking before the eyes, or declines."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from bawaba.domain.companies import actions
from bawaba.domain.companies.models import Change, Company, Membership
from bawaba.domain.companies.roles import Role
from bawaba.web.portal.company import managed
from bawaba.web.portal.members import PAGE, RolesForm, last_seen
from bawaba.web.ui import notices
from bawaba.web.ui.notices import Notice
from bawaba.web.ui.requests import repeatable
from bawaba.web.ui.session import person


@managed
@require_safe
def join_requests(request: HttpRequest, company: Company) -> HttpResponse:
    """Who waits longest first; the next page begins after the last of this one, decided meanwhile or not."""
    rows = Membership.objects.requested().filter(company=company).select_related("user")
    last = last_seen(request, company)
    if last is not None:
        rows = rows.filter(created_at__gte=last.created_at).exclude(created_at=last.created_at, id__lte=last.id)
    found = list(rows.order_by("created_at", "id")[: PAGE + 1])
    if last is not None and not found:  # the rest was decided meanwhile; earlier ones may wait
        return redirect("join_requests")
    context = {
        "company": company,
        "rows": found[:PAGE],
        "next": found[PAGE - 1].id if len(found) > PAGE else None,
        "is_first_page": last is None,
    }
    return render(request, "portal/join_requests.html", context)


@repeatable("roles")
@managed
def join_request(request: HttpRequest, company: Company, membership: UUID) -> HttpResponse:
    asked = get_object_or_404(
        Membership.objects.requested().select_related("user", "company"), id=membership, company=company
    )
    if request.method != "POST":
        return _page(request, asked, RolesForm(initial={"roles": [Role.SUBMITTER.value]}))
    declined = "decline" in request.POST
    form = RolesForm(request.POST)
    form.fields["roles"].required = not declined
    if not form.is_valid():
        return _page(request, asked, form, status=422)
    reason = form.cleaned_data["reason"]
    try:
        if declined:
            actions.decline(membership=asked, by=person(request), reason=reason)
        else:
            actions.admit(membership=asked, roles=form.chosen, by=person(request), reason=reason)
    except actions.OutOfDate:
        return notices.redirect(reverse("join_requests"), Notice.CHANGED_MEANWHILE)
    return notices.redirect(reverse("join_requests"), Notice.REQUEST_DECLINED if declined else Notice.MEMBER_ADMITTED)


def _page(request: HttpRequest, asked: Membership, form: RolesForm, *, status: int = 200) -> HttpResponse:
    first = Change.objects.of(asked).first()
    context = {"asked": asked, "form": form, "reason": first.reason if first else ""}
    return render(request, "portal/join_request.html", context, status=status)
