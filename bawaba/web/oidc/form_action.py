"""Where the forms of a running authorisation may lead.

Chromium applies `form-action` to the redirects that follow a form as well: without the service's origin on the sign-in
page, the person would be stuck there.
"""

from collections.abc import Callable
from urllib.parse import parse_qsl, urlsplit

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from bawaba.web.oidc.models import Client

STASH = "account_login"  # where the library of the sign-in keeps the way back between password and second factor


def allow(response: HttpResponse, uri: str) -> HttpResponse:
    """The page with the origin of this address, which must be a registered one, added to its policy."""
    parts = urlsplit(uri)
    mark = {"form-action": [f"{parts.scheme}://{parts.netloc}"]}
    response._csp_update = mark  # type: ignore[attr-defined]  # noqa: SLF001 what django-csp's decorator does
    return response


URLS = "bawaba.urls"  # also where a test looks at a few addresses of its own


class Middleware:
    """Adds the origin to the pages on the way: sign-in, second factor, confirmation."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 200 or not response.headers.get("Content-Type", "").startswith("text/html"):
            return response
        path = _way_back(request)
        uri = _way_out(path) if path else ""
        return allow(response, uri) if uri else response


def _way_back(request: HttpRequest) -> str:
    stash = request.session.get(STASH) or {}
    return request.GET.get("next") or request.POST.get("next") or str(stash.get("redirect_url") or "")


def _way_out(path: str) -> str:
    """The address of the service to which this path of ours will lead; empty unless it is registered."""
    place, _, rest = path.partition("?")
    query = dict(parse_qsl(rest))
    if place != reverse("authorize", urlconf=URLS) or not "".join(query.values()).isprintable():
        return ""
    client = Client.objects.filter(client_id=query.get("client_id", "")).first()
    uri = query.get("redirect_uri", "")
    return uri if client is not None and client.redirect_uri_allowed(uri) else ""
