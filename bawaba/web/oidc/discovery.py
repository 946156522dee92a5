"""What the portal tells services about itself: addresses, what it speaks, and the keys that prove its ID tokens."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from bawaba.web.oidc import signing
from bawaba.web.oidc.claims import CLAIMS, SCOPES
from bawaba.web.oidc.validator import GRANTS, ONE_FACTOR, TWO_FACTORS

SECRET_IN = ["client_secret_basic", "client_secret_post"]
ID_TOKEN_CLAIMS = ["iss", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr"]


@require_safe
def openid_configuration(request: HttpRequest) -> HttpResponse:
    return _open(
        _common()
        | {
            "userinfo_endpoint": _at("userinfo"),
            "end_session_endpoint": _at("service_end_session"),
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": [signing.ALGORITHM],
            "claim_types_supported": ["normal"],
            "claims_supported": [*CLAIMS, *ID_TOKEN_CLAIMS],
            "claims_parameter_supported": False,
            "request_parameter_supported": False,
            "request_uri_parameter_supported": False,
            "require_request_uri_registration": False,
            "prompt_values_supported": ["none", "login", "consent", "select_account"],
            "acr_values_supported": [ONE_FACTOR, TWO_FACTORS],
        }
    )


@require_safe
def authorization_server(request: HttpRequest) -> HttpResponse:
    return _open(_common())


@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    return _open({"keys": signing.public()})


def _common() -> dict[str, Any]:
    return {
        "issuer": settings.BAWABA.origin,
        "authorization_endpoint": _at("authorize"),
        "token_endpoint": _at("token"),
        "revocation_endpoint": _at("revoke"),
        "introspection_endpoint": _at("introspect"),
        "jwks_uri": _at("jwks"),
        "scopes_supported": list(SCOPES),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": list(GRANTS),
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": SECRET_IN,
        "revocation_endpoint_auth_methods_supported": SECRET_IN,
        "introspection_endpoint_auth_methods_supported": SECRET_IN,
        "authorization_response_iss_parameter_supported": True,
        "ui_locales_supported": ["ar", "en"],
    }


def _at(name: str) -> str:
    return f"{settings.BAWABA.origin}{reverse(name)}"


def _open(document: dict[str, Any]) -> HttpResponse:
    response = JsonResponse(document)
    response["Access-Control-Allow-Origin"] = "*"
    return response
