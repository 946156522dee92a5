"""Security of the account: password, second factors, sessions, known devices, and the history of sign-ins."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from bawaba.domain.accounts import allauth as factors
from bawaba.domain.accounts.sessions import actions as sessions
from bawaba.web.portal import device, enrolment, heard
from bawaba.web.portal.guard import signed_in
from bawaba.web.ui import notices
from bawaba.web.ui.notices import Notice
from bawaba.web.ui.session import person

HISTORY = 20  # sign-ins shown


@signed_in
@require_safe
def security(request: HttpRequest) -> HttpResponse:
    user = person(request)
    rows = list(factors.factors(user))
    context = {
        "authenticator": next((row for row in rows if row.type == factors.TOTP), None),
        "passkeys": [row for row in rows if row.type == factors.PASSKEY],
        "codes_left": (factors.recovery_codes_left(user) or 0) if rows else None,
        "demanded": enrolment.demanded(user),
        "sessions": user.session_records.running(),
        "here": request.session.session_key,
        "devices": user.devices.alive(),
        "this_device": device.digests(request),
        "history": user.session_records.order_by("-began_at")[:HISTORY],
    }
    return render(request, "portal/security.html", context)


@signed_in
@require_POST
def end_session(request: HttpRequest, session_id: UUID) -> HttpResponse:
    sessions.end_one(user=person(request), session_id=session_id)
    return notices.redirect(reverse("security"), Notice.SESSION_ENDED)


@signed_in
@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    user = person(request)
    sessions.end_all(user=user, reason="owner", keep=request.session.session_key or "")
    heard.stay(request, user)
    return notices.redirect(reverse("security"), Notice.SESSIONS_ENDED)


@signed_in
@require_POST
def forget_device(request: HttpRequest, device_id: UUID) -> HttpResponse:
    sessions.forget_device(user=person(request), device_id=device_id)
    return notices.redirect(reverse("security"), Notice.DEVICE_REMOVED)
