"""Where the notice of a new device leads: "this was not me". The link shows a page; only its button does something."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bawaba.domain.accounts.sessions import actions as sessions
from bawaba.web.ui import session


@never_cache
@require_http_methods(["GET", "POST"])
def not_me(request: HttpRequest, token: str) -> HttpResponse:
    device = sessions.device_disowned_by(token)
    done = request.method == "POST" and device is not None and sessions.disown(device=device)
    if done:
        session.drop_if_ended(request)
    return render(request, "portal/not_me.html", {"device": None if done else device, "done": done})
