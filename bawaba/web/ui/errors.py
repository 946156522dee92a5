"""Pages for what went wrong. They know neither session nor person, so they still come when the database does not.

A door answers a full limit with `limited`. What a door lets through becomes a page here: a limit 429, an overloaded or
unreachable part 503 with the time to come back, anything else 500 with the number under which it stands in the log.
"""

import logging
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bawaba.domain.accounts.turnstile import HashingBusy
from bawaba.infrastructure import clock
from bawaba.infrastructure.audit.log import request_id
from bawaba.infrastructure.limits.counter import CountersUnavailable, LimitReached
from bawaba.web.ui import language

log = logging.getLogger(__name__)

UNAVAILABLE = (CountersUnavailable, HashingBusy, OperationalError, InterfaceError)
TOO_BIG = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)
PAUSE = timedelta(minutes=1)
"""When to come back after a 503."""
NOTHING_WORKS = (
    '<!doctype html><html lang="ar" dir="rtl"><meta charset="utf-8"><title>حدث خطأ لدينا</title>'
    "<h1>حدث خطأ لدينا</h1><p>حاول مرة أخرى بعد قليل.</p>"
    '<p lang="en" dir="ltr">Something went wrong on our side. Try again in a little while.</p>'
)


class WayOut(NamedTuple):
    """What a person can do instead of waiting: the words of a link and where it leads."""

    words: str | Promise
    address: str


class Message(NamedTuple):
    heading: Promise
    text: Promise


BAD_REQUEST = Message(_("The request could not be read"), _("Go back, load the page again and try once more."))
TOO_LARGE = Message(_("Too much was sent at once"), _("Shorten what you entered and try again."))
FORBIDDEN = Message(
    _("You may not open this page"),
    _("It needs a permission that your account does not have. Ask the administrator of your company."),
)
TOO_LONG_OPEN = Message(
    _("The page was open too long"),
    _(
        "For your safety nothing was sent. Open the page again and fill it in once more. "
        "If this happens again, allow this site to keep cookies."
    ),
)
NOT_FOUND = Message(
    _("The page was not found"),
    _("If you typed the address, check it. If you followed a link, the page may have moved."),
)
WRONG_WAY = Message(_("This address cannot be opened directly"), _("Start from the page that has the button."))
TOO_MANY = Message(
    _("Too many attempts"), _("To protect the accounts of the portal, this is closed for you for a while.")
)
BROKEN = Message(
    _("Something went wrong on our side"),
    _("We have recorded the fault. Try again in a little while."),
)
BUSY = Message(_("The portal cannot answer just now"), _("What you asked for may not have been done."))

AGAIN = _("Open the page again")


def limited(request: HttpRequest, until: datetime | None, way_out: WayOut | None = None) -> HttpResponse:
    """429: closed until then; `None` means that no time opens it, only the way out."""
    return _page(request, 429, TOO_MANY, until=until, way_out=way_out)


def unavailable(request: HttpRequest) -> HttpResponse:
    return _page(request, 503, BUSY, until=clock.now() + PAUSE)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if isinstance(exception, TOO_BIG):
        return _page(request, 413, TOO_LARGE)
    return _page(request, 400, BAD_REQUEST)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, 403, FORBIDDEN)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, 404, NOT_FOUND)


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _page(request, 403, TOO_LONG_OPEN, way_out=WayOut(AGAIN, f"/{request.path.lstrip('/')}"))


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 when the exception in flight says that a part did not answer."""
    try:
        if isinstance(sys.exc_info()[1], UNAVAILABLE):
            return unavailable(request)
        return _page(request, 500, BROKEN, reference=request_id.get())
    except Exception:  # the page of last resort may not depend on what has just failed
        log.exception("error_page_failed")
        return HttpResponse(NOTHING_WORKS, status=500)


class ErrorsMiddleware:
    """Pages for what Django would answer bare, or not at all."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 405 and not response.content:
            allowed = response.headers["Allow"]
            response = _page(request, 405, WRONG_WAY)
            response.headers["Allow"] = allowed
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if isinstance(exception, LimitReached):
            return limited(request, None if exception.closed else exception.until)
        if isinstance(exception, UNAVAILABLE):
            log.error("unavailable", extra={"reason": type(exception).__name__})
            return unavailable(request)
        return None


def _page(
    request: HttpRequest,
    status: int,
    message: Message,
    *,
    until: datetime | None = None,
    way_out: WayOut | None = None,
    reference: str = "",
) -> HttpResponse:
    spoken = language.of(request)
    with translation.override(spoken):
        # Without the request no context processor runs: the person would be read from the session, which is a row.
        parts = {"message": message, "until": until, "way_out": way_out, "reference": reference}
        response = HttpResponse(render_to_string("ui/error.html", parts), status=status)
    if until is not None:
        response["Retry-After"] = str(max(1, round((until - clock.now()).total_seconds())))
    response["Content-Language"] = spoken
    return response
