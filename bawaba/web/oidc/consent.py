"""The person decides whether a service learns who they are. Remembered for each service until it is withdrawn."""

from django.core.exceptions import BadRequest
from django.core.signing import Signer
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from bawaba.domain.accounts.models import User
from bawaba.web.oidc import actions, authorize, form_action
from bawaba.web.oidc.asked import Asked
from bawaba.web.oidc.claims import SCOPES
from bawaba.web.oidc.library import PARAMETERS
from bawaba.web.ui import acting


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def consent(request: HttpRequest) -> HttpResponse:
    """The address holds what the service asked for; a POST is checked like the first request, and against the page."""
    asked = authorize.read(request)
    if isinstance(asked, HttpResponse):
        return asked
    stopped = authorize.obstacle(request, asked)
    if stopped is not None:
        return stopped
    seal = _seal(request, asked)
    if request.method == "POST":
        if not constant_time_compare(request.POST.get("asked", ""), seal):
            raise BadRequest("not what the page showed")
        return _decide(request, asked)
    context = {
        "asked": asked,
        "seal": seal,
        "acting": acting.of(request) if "company" in asked.scopes else None,
        "learns": [SCOPES[name] for name in asked.scopes],
    }
    return form_action.allow(render(request, "oidc/consent.html", context), asked.redirect_uri)


def _decide(request: HttpRequest, asked: Asked) -> HttpResponse:
    user = request.user
    assert isinstance(user, User)  # noqa: S101 `obstacle` has seen to it
    if "allow" in request.POST:
        actions.agree(user=user, client=asked.client, scopes=asked.scopes)
        return authorize.tell(request, asked)
    actions.refuse_client(client=asked.client.client_id, reason="not_agreed", actor=str(user.pk))
    return HttpResponseRedirect(asked.refused("access_denied").uri, status=303)


def _seal(request: HttpRequest, asked: Asked) -> str:
    """Of everything the page shows and the code will carry: the person, the company acted for, the request."""
    now = acting.of(request)
    shown = [str(request.user.pk), str(now.membership.pk) if now else "", str(now.delegation) if now else ""]
    return Signer(salt="oidc.consent").signature("\n".join(shown + [asked.query.get(name, "") for name in PARAMETERS]))
