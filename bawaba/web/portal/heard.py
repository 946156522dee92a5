"""What django-allauth tells while it works: proofs given, factors that came and went. Written down, and acted upon."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth import update_session_auth_hash
from django.db import transaction
from django.http import HttpRequest

from bawaba.domain.accounts import allauth as factors
from bawaba.domain.accounts.models import User
from bawaba.domain.accounts.sessions import actions as sessions
from bawaba.infrastructure.audit.events import EventType
from bawaba.infrastructure.audit.log import record


def on_proof(request: HttpRequest, user: User, method: str, **others: Any) -> None:
    """A signed-in person proved it anew: the session goes on under a new key."""
    if not others.get("reauthenticated"):
        return
    with transaction.atomic():
        record(EventType.REAUTHENTICATION_SUCCEEDED, subject=str(user.pk), method=others.get("type", method))
    renew_key(request)


def on_factor_used(user: User, authenticator: Authenticator, **others: Any) -> None:
    with transaction.atomic():
        record(EventType.FACTOR_ACCEPTED, subject=str(user.pk), factor=authenticator.type)
        if authenticator.type == factors.RECOVERY_CODES:
            factors.tell_recovery_code_used(user, left=factors.recovery_codes_left(user) or 0)


def on_factors_changed(request: HttpRequest, user: User, authenticator: Authenticator, **others: Any) -> None:
    """Another factor, or one less: whoever is signed in elsewhere must sign in anew."""
    sessions.end_all(user=user, reason="factor", keep=request.session.session_key or "")
    stay(request, user)


def stay(request: HttpRequest, user: User) -> None:
    """Lets this session go on after the person's stamp was made anew, under a new key."""
    old = request.session.session_key or ""
    update_session_auth_hash(request, user)
    sessions.renew(old_key=old, new_key=request.session.session_key or "")


def renew_key(request: HttpRequest) -> None:
    old = request.session.session_key or ""
    request.session.cycle_key()
    sessions.renew(old_key=old, new_key=request.session.session_key or "")
