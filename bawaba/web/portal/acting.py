"""Switching the company one acts for: a form on every signed-in page."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from bawaba.web.portal.adapter import is_local
from bawaba.web.portal.guard import signed_in
from bawaba.web.ui import acting, notices
from bawaba.web.ui.notices import Notice


@signed_in
@require_POST
def act_for(request: HttpRequest) -> HttpResponse:
    """`acting` is the id of a membership, or with a slash that of a delegation to its company."""
    membership, _, delegation = request.POST.get("acting", "").partition("/")
    try:
        chosen = acting.choose(request, UUID(membership), UUID(delegation) if delegation else None)
    except ValueError:
        chosen = False
    back = request.POST.get("back", "")
    return notices.redirect(back if is_local(back) else reverse("home"), None if chosen else Notice.CANNOT_ACT)
