"""The one place that calls the library for a request to be told who is signed in, and for the clients' own calls.

It is given only the parameters named here, in an address made anew: `prompt` or `approval_prompt` in an address would
let it skip the consent by itself, and `claims`, `resource` and `request` are not ours to grant.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from oauth2_provider.oauth2_backends import OAuthLibCore, get_oauthlib_core
from oauthlib.common import Request
from oauthlib.oauth2.rfc6749.errors import OAuth2Error

from bawaba.web.oidc.models import Authorization, Client

PARAMETERS = (
    "client_id",
    "redirect_uri",
    "response_type",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
)


def check(query: Mapping[str, str]) -> tuple[list[str], dict[str, Any]]:
    """Scopes and parameters of a request. Raises oauthlib's errors; fatal ones must not be sent to any address."""
    scopes, credentials = _core().server.validate_authorization_request(_address(query), http_method="GET", headers={})
    return scopes, credentials


def code(query: Mapping[str, str], *, scopes: list[str], authorization: Authorization) -> str:
    """Makes the code and gives the address that carries it to the service. Raises oauthlib's errors."""
    credentials = {"user": authorization.user, "authorization": authorization}
    headers, _, _ = _core().server.create_authorization_response(
        _address(query), http_method="GET", headers={}, scopes=scopes, credentials=credentials
    )
    return with_parameters(headers["Location"], iss=settings.BAWABA.origin)


def with_parameters(uri: str, **parameters: str) -> str:
    """The address with these added to its query; empty ones are left out."""
    query = urlencode({name: value for name, value in parameters.items() if value})
    return f"{uri}{'&' if urlsplit(uri).query else '?'}{query}"


def client_of(request: HttpRequest) -> Client | None:
    """The client that proved itself by its secret, in the header or in the body."""
    core = _core()
    uri, method, body, headers = core._extract_params(request)  # noqa: SLF001 the library has no other door to it
    asked = Request(uri, method, body, headers)
    found = core.server.request_validator.authenticate_client(asked)
    return asked.client if found else None


def answer(request: HttpRequest, act: str) -> HttpResponse:
    """What the library answers at an endpoint of the clients: `act` is one of its methods."""
    try:
        _, headers, body, status = getattr(_core(), act)(request)
    except OAuth2Error as error:
        headers, body, status = error.headers, error.json, error.status_code
    response = HttpResponse(body or "", status=status, content_type="application/json")
    for name, value in headers.items():
        response[name] = value
    return response


def _core() -> OAuthLibCore:
    return get_oauthlib_core()


def _address(query: Mapping[str, str]) -> str:
    known = {name: query[name] for name in PARAMETERS if name in query}
    return f"{settings.BAWABA.origin}/oidc/authorize/?{urlencode(known)}"
