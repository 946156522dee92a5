"""What services call themselves, with their secret or a token: tokens, revocation, introspection, who the person is."""

from base64 import b64decode
from binascii import Error
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import unquote_plus

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST
from oauth2_provider.models import AccessToken, RefreshToken

from bawaba.infrastructure import clock
from bawaba.infrastructure.limits import counter, table
from bawaba.infrastructure.limits.counter import LimitReached
from bawaba.web.oidc import actions, library, rights
from bawaba.web.oidc.models import Authorization, Client
from bawaba.web.oidc.validator import GRANTS
from bawaba.web.ui import source

View = Callable[[HttpRequest], HttpResponse]


def counted(view: View) -> View:
    """Wrong secrets are counted for each client and source; what is over the limit is not even compared."""

    @wraps(view)
    @csrf_exempt  # proven by a secret, never by a cookie
    @never_cache
    @require_POST
    def inner(request: HttpRequest) -> HttpResponse:
        client = _named_client(request)
        key = f"{client}|{source.of(request)}"
        until = counter.peek(table.OIDC_CLIENT_FAILURES, key)
        if until is not None:
            return _too_many((until - clock.now()).total_seconds())
        response = view(request)
        if response.status_code == 401:
            try:
                counter.spend(table.OIDC_CLIENT_FAILURES, key)
            except LimitReached as reached:
                return _too_many((reached.until - clock.now()).total_seconds())
            if Client.objects.filter(client_id=client).exists():
                actions.refuse_client(client=client, reason="wrong_secret")
        return response

    return inner


@counted
def token(request: HttpRequest) -> HttpResponse:
    if request.POST.get("grant_type") not in GRANTS:
        return JsonResponse({"error": "unsupported_grant_type"}, status=400)
    return library.answer(request, "create_token_response")


@counted
def revoke(request: HttpRequest) -> HttpResponse:
    return library.answer(request, "create_revocation_response")


@counted
def introspect(request: HttpRequest) -> HttpResponse:
    """Whether a token of this client still holds. One of another client is as unknown as one that never was."""
    client = library.client_of(request)
    if client is None:
        response = JsonResponse({"error": "invalid_client"}, status=401)
        response["WWW-Authenticate"] = 'Basic realm="oidc"'
        return response
    return JsonResponse(_state(client, request.POST.get("token", "")))


@csrf_exempt  # proven by a token, never by a cookie
@never_cache
@require_http_methods(["GET", "POST"])
def userinfo(request: HttpRequest) -> HttpResponse:
    """A token in the address would stay in logs and histories: it is no token here."""
    if "access_token" in request.GET:
        response = JsonResponse({"error": "invalid_request"}, status=400)
        response["WWW-Authenticate"] = 'Bearer error="invalid_request"'
        return response
    return library.answer(request, "create_userinfo_response")


def _state(client: Client, text: str) -> dict[str, Any]:
    checksum = actions.digest(text)
    access = AccessToken.objects.filter(token_checksum=checksum, application=client).first()
    if access is not None:
        found = rights.behind(access, client)
        live = found is not None and not access.is_expired() and rights.alive(found)
        return _facts(found, access.scope, int(access.expires.timestamp())) if found and live else {"active": False}
    refresh = RefreshToken.objects.filter(token_checksum=checksum, application=client, revoked=None).first()
    found = rights.find(client, pk=refresh.token_family) if refresh else None
    if refresh is None or found is None or refresh.access_token is None or not rights.alive(found):
        return {"active": False}
    return _facts(found, refresh.access_token.scope, int((found.began_at + rights.FAMILY_LIFE).timestamp()))


def _facts(found: Authorization, scope: str, expires: int) -> dict[str, Any]:
    return {
        "active": True,
        "client_id": found.client.client_id,
        "sub": str(found.user_id),
        "scope": " ".join(found.client.allowed(scope.split())),
        "exp": expires,
        "iss": settings.BAWABA.origin,
        "token_type": "Bearer",
    }


def _named_client(request: HttpRequest) -> str:
    """Who a call says it is, proven or not; what is no name of a client counts as one without a name."""
    kind, _, value = request.headers.get("Authorization", "").partition(" ")
    name = request.POST.get("client_id", "")
    if kind == "Basic":
        try:
            name = unquote_plus(b64decode(value).decode().partition(":")[0])
        except (Error, UnicodeDecodeError):
            name = ""
    return name if len(name) <= 40 and name.isascii() and name.isprintable() else ""


def _too_many(seconds: float) -> HttpResponse:
    response = JsonResponse({"error": "slow_down"}, status=429)
    response["Retry-After"] = str(max(1, round(seconds)))
    return response
