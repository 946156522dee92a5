"""The signed-in home: what is open to this person now, and what is missing for the rest."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from bawaba.domain.accounts.models import User
from bawaba.domain.registration import sending


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)  # noqa: S101 the decorator saw to it
    context = {"prove_mobile": sending.mobile_is_asked() and not request.user.mobile_proven_at}
    return render(request, "portal/home.html", context)
