"""A service asks us to sign the person out. The person is always asked; only registered addresses are returned to."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from bawaba.web.oidc import form_action, id_tokens, library
from bawaba.web.oidc.authorize import wished_language
from bawaba.web.oidc.models import Client
from bawaba.web.ui import notices, session
from bawaba.web.ui.notices import Notice

PARAMETERS = ("id_token_hint", "client_id", "post_logout_redirect_uri", "state", "ui_locales")


class Unanswerable(Exception):
    """The request is not one of a service that we know."""


@dataclass(frozen=True)
class Wish:
    """`client` is None when nobody says who asks; `uri` is where to go afterwards, empty for our own front."""

    client: Client | None
    uri: str


@csrf_exempt  # only leads on to the page that asks the person
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def end_session(request: HttpRequest) -> HttpResponse:
    """The address in the discovery document."""
    given = request.POST if request.method == "POST" else request.GET
    query = {name: given[name] for name in PARAMETERS if name in given}
    with translation.override(wished_language(query)):
        return HttpResponseRedirect(f"{reverse('service_sign_out')}?{urlencode(query)}", status=303)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def service_sign_out(request: HttpRequest) -> HttpResponse:
    try:
        wish = checked_wish(request.GET)
    except Unanswerable:
        return render(request, "oidc/unanswerable.html", status=400)
    if request.method == "POST" and "stay" in request.POST:
        return HttpResponseRedirect(reverse("home"), status=303)
    if request.method != "POST" and request.user.is_authenticated:
        page = render(request, "oidc/sign_out.html", {"client": wish.client})
        return form_action.allow(page, wish.uri) if wish.uri else page
    session.sign_out(request)
    response = HttpResponseRedirect(wish.uri, status=303) if wish.uri else _front()
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response


def _front() -> HttpResponseRedirect:
    return notices.redirect(reverse("front"), Notice.SIGNED_OUT)


def checked_wish(query: Mapping[str, str]) -> Wish:
    """Raises `Unanswerable` for a hint that is not ours, and for an address that is not the client's own."""
    hint, client_id = query.get("id_token_hint", ""), query.get("client_id", "")
    claims = id_tokens.read(hint) if hint else None
    if hint and claims is None:
        raise Unanswerable
    client = id_tokens.client(claims) if claims else Client.objects.filter(client_id=client_id).first()
    if (claims or client_id) and client is None:
        raise Unanswerable
    if client and client_id and client.client_id != client_id:
        raise Unanswerable
    uri = query.get("post_logout_redirect_uri", "")
    if not uri:
        return Wish(client, "")
    if client is None or not client.post_logout_redirect_uri_allowed(uri):
        raise Unanswerable
    return Wish(client, library.with_parameters(uri, state=query["state"]) if query.get("state") else uri)
