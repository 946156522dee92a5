"""What we take for granted of django-oauth-toolkit, and how it is set. Run at each update; 4.0 moves much of it."""

import inspect
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import pytest
from allauth.account.internal import stagekit
from allauth.account.models import Login
from django.conf import settings
from django.test import Client
from django.urls import NoReverseMatch, reverse
from oauth2_provider.models import AbstractApplication
from oauth2_provider.oauth2_validators import OAuth2Validator
from oauth2_provider.settings import oauth2_settings
from oauthlib.openid import RequestValidator

from bawaba.web.oidc import form_action
from bawaba.web.oidc.claims import CLAIMS, SCOPES
from bawaba.web.oidc.models import Client as Service
from bawaba.web.oidc.validator import Validator

SET: dict[str, Any] = {
    "OIDC_ENABLED": True,
    "PKCE_REQUIRED": True,
    "REFRESH_TOKEN_REUSE_PROTECTION": True,
    "ROTATE_REFRESH_TOKEN": True,
    "REFRESH_TOKEN_GRACE_PERIOD_SECONDS": 0,
    "AUTHORIZATION_CODE_EXPIRE_SECONDS": 60,
    "ACCESS_TOKEN_EXPIRE_SECONDS": 600,
    "ID_TOKEN_EXPIRE_SECONDS": 600,
    "REFRESH_TOKEN_EXPIRE_SECONDS": 43_200,
    "REQUEST_APPROVAL_PROMPT": "force",
    "ALLOWED_REDIRECT_URI_SCHEMES": ["https"],
    "ALLOW_URI_WILDCARDS": False,
    "ALLOW_LOCALHOST_LOOPBACK": False,
    "DCR_ENABLED": False,
    "CIMD_ENABLED": False,
    "OIDC_RESPONSE_TYPES_SUPPORTED": ["code"],
    "OAUTH2_RESPONSE_TYPES_SUPPORTED": ["code"],
    "OAUTH2_GRANT_TYPES_SUPPORTED": ["authorization_code", "refresh_token"],
    "OIDC_RP_INITIATED_LOGOUT_ENABLED": True,
    "OIDC_RP_INITIATED_LOGOUT_ALWAYS_PROMPT": True,
    "OIDC_RP_INITIATED_LOGOUT_STRICT_REDIRECT_URIS": True,
}
NEVER_MOUNTED = (
    "oauth2_provider:authorize",
    "oauth2_provider:token",
    "oauth2_provider:list",
    "oauth2_provider:register",
    "oauth2_provider:device",
    "oauth2_provider:device-authorization",
    "oauth2_provider:dcr-register",
    "oauth2_provider:authorized-token-list",
    "oauth2_provider:introspect",
)
NOT_THERE = (  # where the library would put its pages, under the usual prefixes too
    "/o/authorize/",
    "/o/applications/",
    "/oidc/applications/",
    "/oidc/applications/register/",
    "/oidc/register/",
    "/oidc/device/",
    "/oidc/device-authorization/",
    "/oidc/authorized_tokens/",
    "/oidc/revoke_token/",
    "/oidc/.well-known/openid-configuration",
    "/.well-known/oauth-protected-resource",
    "/.well-known/jwks.json",
)
HOOKS: list[tuple[Callable[..., Any], list[str]]] = [
    (OAuth2Validator._check_secret, ["self", "provided_secret", "stored_secret"]),
    (OAuth2Validator.validate_code, ["self", "client_id", "code", "client", "request", "args", "kwargs"]),
    (OAuth2Validator.save_authorization_code, ["self", "client_id", "code", "request", "args", "kwargs"]),
    (OAuth2Validator.invalidate_authorization_code, ["self", "client_id", "code", "request", "args", "kwargs"]),
    (OAuth2Validator.get_code_challenge, ["self", "code", "request"]),
    (OAuth2Validator.get_code_challenge_method, ["self", "code", "request"]),
    (OAuth2Validator.save_bearer_token, ["self", "token", "request", "args", "kwargs"]),
    (
        OAuth2Validator._create_refresh_token,
        ["self", "request", "refresh_token_code", "access_token", "previous_refresh_token"],
    ),
    (OAuth2Validator.validate_bearer_token, ["self", "token", "scopes", "request"]),
    (OAuth2Validator.validate_refresh_token, ["self", "refresh_token", "client", "request", "args", "kwargs"]),
    (OAuth2Validator.get_oidc_claims, ["self", "token", "token_handler", "request"]),
    (OAuth2Validator.get_id_token_dictionary, ["self", "token", "token_handler", "request"]),
    (OAuth2Validator.get_userinfo_claims, ["self", "request"]),
    (OAuth2Validator._get_key_for_token, ["self", "token"]),
    (OAuth2Validator.validate_user_match, ["self", "id_token_hint", "scopes", "claims", "request"]),
    (RequestValidator.validate_silent_login, ["self", "request"]),
    (RequestValidator.validate_silent_authorization, ["self", "request"]),
    (AbstractApplication.is_usable, ["self", "request"]),
    (AbstractApplication.redirect_uri_allowed, ["self", "uri"]),
    (AbstractApplication.post_logout_redirect_uri_allowed, ["self", "uri"]),
]


def test_the_release_is_one_that_was_read() -> None:
    assert version("django-oauth-toolkit").startswith("3.4.")


@pytest.mark.parametrize("name", SET)
def test_the_library_is_set_as_decided(name: str) -> None:
    assert getattr(oauth2_settings, name) == SET[name]


def test_every_recommendation_of_rfc_9700_is_followed() -> None:
    names = [name for name in oauth2_settings.defaults if name.startswith("COMPLIANT_BCP_RFC9700_")]
    assert len(names) == 10
    assert all(getattr(oauth2_settings, name) is True for name in names)


def test_the_issuer_is_the_origin_whatever_the_host_header_says() -> None:
    assert settings.BAWABA.origin == oauth2_settings.OIDC_ISS_ENDPOINT


def test_the_scopes_are_named_and_the_claims_belong_to_them() -> None:
    assert set(oauth2_settings.SCOPES) == set(SCOPES)
    assert oauth2_settings.DEFAULT_SCOPES == ["openid"]
    assert set(CLAIMS.values()) == set(SCOPES)


def test_ours_is_the_validator_and_the_client() -> None:
    assert oauth2_settings.OAUTH2_VALIDATOR_CLASS is Validator
    assert oauth2_settings.APPLICATION_MODEL == "oidc.Client"
    assert issubclass(Service, AbstractApplication)


@pytest.mark.parametrize(("hook", "parameters"), HOOKS, ids=lambda value: getattr(value, "__name__", None))
def test_what_we_override_is_called_as_we_think(hook: Callable[..., Any], parameters: list[str]) -> None:
    assert list(inspect.signature(hook).parameters) == parameters


@pytest.mark.parametrize("name", NEVER_MOUNTED)
def test_the_librarys_own_pages_have_no_address(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)


@pytest.mark.django_db
@pytest.mark.parametrize("path", NOT_THERE)
def test_nothing_stands_where_the_library_would_put_it(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_the_sign_in_keeps_its_way_back_where_we_look() -> None:
    """Between password and second factor the address of the service is known from there alone."""
    assert stagekit.LOGIN_SESSION_KEY == form_action.STASH
    assert '"redirect_url"' in inspect.getsource(Login.serialize)
