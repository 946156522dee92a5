"""How long a session lives: fifteen minutes without use, twelve hours in all. Every door has this middleware."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any

from django.contrib import auth
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.cache import never_cache

from bawaba.domain.accounts.models import SESSION_IDLE, SESSION_LIFE, SessionRecord, User
from bawaba.domain.accounts.sessions import actions as sessions
from bawaba.infrastructure import clock
from bawaba.infrastructure.limits import table

View = Callable[..., HttpResponseBase]
NOTE_EVERY = timedelta(seconds=60)  # a use is written down at most once a minute
BEGAN, SEEN = "began", "seen"  # in the session: seconds since 1970


def begin(request: HttpRequest) -> None:
    """Starts both clocks of a session that has just been opened."""
    request.session[BEGAN] = request.session[SEEN] = int(clock.now().timestamp())


def began_at(request: HttpRequest) -> datetime:
    return _moment(request, BEGAN)


def ends_at(request: HttpRequest) -> datetime:
    """When this session ends if it is not used again."""
    return min(_moment(request, SEEN) + SESSION_IDLE, life_ends_at(request))


def life_ends_at(request: HttpRequest) -> datetime:
    """When this session ends however much it is used."""
    return _moment(request, BEGAN) + SESSION_LIFE


def is_young(request: HttpRequest) -> bool:
    """Whether the session began within the time in which a proof of the person counts as fresh."""
    return clock.now() < _moment(request, BEGAN) + timedelta(seconds=table.REAUTH_FRESH.value)


def sign_out(request: HttpRequest) -> None:
    """Ends the session at the person's wish, on the server."""
    sessions.end(key=request.session.session_key or "", reason="sign_out")
    auth.logout(request)


def drop_if_ended(request: HttpRequest) -> None:
    """Lets go of a session that this request itself has ended on the server: writing it once more would fail."""
    key = request.session.session_key
    if request.user.is_authenticated and not SessionRecord.objects.filter(key=key, ended_at=None).exists():
        request.session.flush()


def ended(request: HttpRequest) -> str:
    """Why the session that came with this request has just ended: "idle", "life", or "" when none did."""
    return getattr(request, "bawaba_session_ended", "")


def needed(view: View) -> View:
    """A page for people who are signed in: others are led to the sign-in page, and back when they came to look."""

    @wraps(view)
    @never_cache
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        return to_sign_in(request, request.get_full_path() if request.method == "GET" else "")

    return inner


def to_sign_in(request: HttpRequest, back: str) -> HttpResponseRedirect:
    """To the sign-in page, which says why a session has ended and leads to `back` afterwards."""
    query = {name: text for name, text in {"next": back, "ended": ended(request)}.items() if text}
    return HttpResponseRedirect(reverse("sign_in", query=query), status=303)


def person(request: HttpRequest) -> User:
    """Who is signed in, on a page that only signed-in people reach."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


class Lifetime:
    """Ends a session whose time is over before any view sees its person."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated:
            _check(request)
        return self.get_response(request)


def _check(request: HttpRequest) -> None:
    now = clock.now()
    if now >= _moment(request, BEGAN) + SESSION_LIFE:
        _end(request, "life")
    elif now >= _moment(request, SEEN) + SESSION_IDLE:
        _end(request, "idle")
    elif now >= _moment(request, SEEN) + NOTE_EVERY:
        request.session[SEEN] = int(now.timestamp())
        sessions.see(key=request.session.session_key or "")


def _end(request: HttpRequest, reason: str) -> None:
    sessions.end(key=request.session.session_key or "", reason=reason)
    auth.logout(request)
    request.bawaba_session_ended = reason  # type: ignore[attr-defined]  # lives for this request only


def _moment(request: HttpRequest, name: str) -> datetime:
    """A session without its clocks is one nobody opened here: it counts as long over."""
    return datetime.fromtimestamp(request.session.get(name, 0), tz=clock.now().tzinfo)
