"""The inbox of demo mode: every e-mail and SMS that the portal sends, on a page. Outside demo mode it is not there."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from bawaba.infrastructure.messaging.models import State
from bawaba.infrastructure.messaging.providers import inbox as provider
from bawaba.infrastructure.messaging.providers.inbox import Item
from bawaba.infrastructure.messaging.rendering import RULE
from bawaba.web.ui import notices

SHOWN = 20  # on the page; a full one weighs as much as a page may
LISTED = 200  # as data
STATES = {
    # the class of the tag, and its words
    State.QUEUED: ("", _("On its way")),
    State.SENDING: ("", _("On its way")),
    State.HANDED_OVER: ("ok", _("Handed over")),
    State.REFUSED: ("err", _("Refused")),
    State.SUPERSEDED: ("", _("Overtaken by a newer one")),
    State.EXPIRED: ("err", _("Not delivered")),
    State.DEAD: ("err", _("Not delivered")),
}
# Inline styles are the way of mails; a sandbox without scripts, forms and an origin of its own goes around them.
MAIL_POLICY = "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; form-action 'none'"


@require_http_methods(["GET", "HEAD", "POST"])
def inbox(request: HttpRequest) -> HttpResponse:
    """The list; with `?format=json` as data. A POST gives the order for the next message."""
    _only_in_demo()
    if request.method == "POST":
        return _order(request)
    if request.GET.get("format") == "json":
        listed = [_data(item) for item in provider.items(LISTED)]
        return JsonResponse(listed, safe=False, json_dumps_params={"ensure_ascii": False})
    shown = [_shown(item) for item in provider.items(SHOWN)]
    return render(request, "portal/inbox.html", {"items": shown, "order": provider.standing_order()})


@require_safe
def inbox_mail(request: HttpRequest, message: UUID) -> HttpResponse:
    """The HTML part of one mail, as a mail program would show it."""
    _only_in_demo()
    item = provider.item(message)
    if item is None or item.letter is None or not item.letter.html:
        raise Http404
    response = HttpResponse(item.letter.html)
    response.headers["Content-Security-Policy"] = MAIL_POLICY
    return response


def _order(request: HttpRequest) -> HttpResponse:
    order = request.POST.get("order", "")
    if order not in (*provider.ORDERS, "none"):
        raise BadRequest("no such order")
    provider.give_order("" if order == "none" else order)
    return notices.redirect(reverse("inbox"))


def _only_in_demo() -> None:
    if not settings.BAWABA.demo:
        raise Http404


def _shown(item: Item) -> dict[str, Any]:
    """What the template says of one message: its text in the halves of its languages, each in its direction."""
    message, letter = item.message, item.letter
    halves = letter.text.split(RULE) if letter else []
    languages = ("ar", "en") if len(halves) > 1 else (message.language,)
    return {
        "message": message,
        "letter": letter,
        "state": STATES[State(message.state)],
        "halves": [
            {"language": language, "lines": [line for line in half.splitlines() if line]}
            for language, half in zip(languages, halves, strict=False)
        ],
    }


def _data(item: Item) -> dict[str, Any]:
    message, letter = item.message, item.letter
    return {
        "channel": message.channel,
        "to": message.address,
        "kind": message.kind,
        "language": message.language,
        "subject": letter.subject if letter else "",
        "text": letter.text if letter else "",
        "status": message.state,
        "created_at": message.created_at.isoformat(),
        "sent_at": message.handed_at.isoformat() if message.handed_at else None,
    }
