"""What django-allauth asks during a sign-in, answered in our terms: limits, blocked people, sessions, safe paths."""

from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core.exceptions import ImmediateHttpResponse
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.http import url_has_allowed_host_and_scheme

from bawaba.domain.accounts import allauth as factors
from bawaba.domain.accounts import credentials, lanes
from bawaba.domain.accounts.models import User
from bawaba.domain.accounts.sessions import actions as sessions
from bawaba.domain.accounts.turnstile import HashingBusy
from bawaba.domain.registration.models import Registration
from bawaba.infrastructure import clock
from bawaba.infrastructure.audit.events import EventType
from bawaba.infrastructure.audit.log import record
from bawaba.infrastructure.limits import attempt as attempts
from bawaba.infrastructure.limits import counter, table
from bawaba.web.portal import device
from bawaba.web.ui import agent, session, source

FACTORS = "allauth.mfa"
TERMS = "bawaba.web.portal.new_terms.NewTerms"
FIRST_FACTOR = {"mfa_activate_totp", "mfa_add_webauthn", "mfa_view_recovery_codes"}
BEGAN_WITH = "sign_in_began_with"  # in the session, until it opens: the person's stamp at the password
WITHOUT_FACTOR = "without_factor"  # in the session: the person had no second factor when it began


def is_local(url: str) -> bool:
    """Whether an address is a path of our own, so that nobody is sent elsewhere after signing in."""
    if not url.startswith("/") or not url.isprintable() or "\\" in url or url.startswith("//"):
        return False
    return url_has_allowed_host_and_scheme(url, allowed_hosts=None) and not urlsplit(url).netloc


def sign_in_note(request: HttpRequest) -> User | Registration | None:
    """Whom the right password belonged to when it opened no session: a blocked person or a request to register."""
    return getattr(request, "bawaba_sign_in_note", None)


def leave_sign_in_note(request: HttpRequest, whom: User | Registration) -> None:
    request.bawaba_sign_in_note = whom  # type: ignore[attr-defined]  # lives for this request only


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # the library has no types
    def get_login_stages(self) -> list[str]:
        """Between the password and the session stand the second factor and, where they are new, the terms."""
        factor = [stage for stage in super().get_login_stages() if stage.startswith(f"{FACTORS}.")]
        return [*factor, TERMS]

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return source.of(request)

    def is_safe_url(self, url: str | None) -> bool:
        return url is not None and is_local(url)

    def is_ajax(self, request: HttpRequest) -> bool:
        """Only the question of a passkey's script for its challenge; forms are never answered as data."""
        return request.method == "GET" and request.headers.get("Accept") == "application/json"

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Nothing: our pages say themselves what happened, without a cookie or a session row."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Never: every message is queued by an action."""
        raise NotImplementedError

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Nothing: the actions and `domain/accounts/allauth.py` queue the notices with the change itself."""

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Nothing: `authenticate` counts by our own table, which is narrower than the library's."""

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """One attempt: counted as failed before anything is compared, taken back when the password was right.

        The password of a request to register is nobody's proof for the address: it ends no waits.
        """
        email, here = credentials["email"], source.of(request)
        address = lanes.key(device.lane(request, email), email)
        attempt = attempts.begin(
            source=(table.FAILURES_SOURCE, here),
            waiting=(table.SIGN_IN_FAILURES, address),
            site=table.SIGN_IN_FAILURES_SITE,
        )
        try:
            user: AbstractBaseUser | None = super().authenticate(request, **credentials)
        except HashingBusy:
            attempts.forgive(attempt)
            raise
        note = sign_in_note(request)
        if user or isinstance(note, User):
            attempts.succeed(attempt)
        elif note:
            attempts.forgive(attempt)
        return user

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Noted once for each attempt, with the address as its keyed digest, whether or not somebody has it."""
        note = sign_in_note(request)
        subject = settings.KEYS.digest("address", credentials["email"])
        with transaction.atomic():
            if note is None:
                record(EventType.SIGN_IN_FAILED, subject=subject, method="password", reason="credentials")
            elif isinstance(note, User):
                record(EventType.SIGN_IN_BLOCKED, subject=str(note.id), method="password")
            else:
                record(EventType.SIGN_IN_PENDING, subject=str(note.id))

    def reauthenticate(self, user: User, password: str) -> bool:
        """The password once more, of a person who is signed in."""
        key, here = str(user.id), source.of(self.request)
        counter.spend_all((table.FAILURES_SOURCE, here), (table.REAUTH_FAILURES, key))
        spent_at = clock.now()
        if not credentials.verify_password(password, user.password):
            with transaction.atomic():
                record(EventType.REAUTHENTICATION_FAILED, subject=key, method="password")
            return False
        with counter.alone():
            counter.refund(table.FAILURES_SOURCE, here, spent_at=spent_at)
            counter.refund(table.REAUTH_FAILURES, key, spent_at=spent_at)
        return True

    def is_reauthentication_required(self, *, app: str, **others: Any) -> bool:
        """Not for the first factor right after signing in: the password was typed a moment ago and is all there is."""
        page = self.request.resolver_match.url_name
        first = page in FIRST_FACTOR and self.request.session.get(WITHOUT_FACTOR)
        return not (first and session.is_young(self.request))

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        """A passkey opens no account that is blocked, closed, or waiting for a new password."""
        response: HttpResponse | None = super().pre_login(request, user, **kwargs)
        if response:
            return response
        if not user.has_usable_password():
            return redirect("reset_password")
        request.session[BEGAN_WITH] = user.get_session_auth_hash()
        return None

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:
        return redirect("blocked")

    def login(self, request: HttpRequest, user: User) -> None:
        """The session begins, is noted, and its browser becomes known: all or nothing.

        Whoever was blocked or closed since the password is stopped here, and so is a sign-in that waited for its next
        step while the password was reset or all sessions ended: the library does not ask again.
        """
        began_with = request.session.pop(BEGAN_WITH, "")
        proofs = get_authentication_records(request, user)
        first = user.last_login is None
        with transaction.atomic():
            if not constant_time_compare(began_with, user.get_session_auth_hash()) or not sessions.enter(user=user):
                raise ImmediateHttpResponse(self._turned_away(request, user))
            super().login(request, user)
            session.begin(request)
            request.session[WITHOUT_FACTOR] = not factors.has_factor(user)
            sessions.begin(
                user=user,
                key=request.session.session_key or "",
                device=device.digests(request),
                label=agent.label(request),
                method=proofs[-1].get("type", proofs[-1]["method"]) if proofs else "activation",
                first=first,
            )
            request.session.set_expiry(0)  # the library does so afterwards; now it is written with the rest
            request.session.save()

    def _turned_away(self, request: HttpRequest, user: User) -> HttpResponse:
        if User.objects.open().filter(pk=user.pk).exists():
            return redirect("sign_in")
        return self.respond_user_inactive(request, user)

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponseBase:
        response: HttpResponseBase = super().post_login(request, user, **kwargs)
        device.give(request, response)
        return response

    def logout(self, request: HttpRequest) -> None:
        sessions.end(key=request.session.session_key or "", reason="sign_out")
        super().logout(request)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        return reverse("home")

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        return reverse("front")
