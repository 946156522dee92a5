"""mozilla-django-oidc, what many public bodies have in their Django services, against a running portal."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest
from django.test import RequestFactory
from mozilla_django_oidc.auth import OIDCAuthenticationBackend
from mozilla_django_oidc.views import OIDCAuthenticationRequestView
from pytest_django import Settings

from bawaba.domain.accounts.models import User
from tests.accounts import signed_in
from tests.people import ahmad, example_trading
from tests.web.oidc.live import portal as portal
from tests.web.oidc.live import walk
from tests.web.oidc.party import ALLOW, Party


class Backend(OIDCAuthenticationBackend):  # type: ignore[misc]  # the library has no types
    """The library's whole work, without making an account of its own from what it learnt."""

    def get_or_create_user(self, access_token: str, id_token: str, payload: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = self.get_userinfo(access_token, id_token, payload)
        return {"id_token": payload, "userinfo": found}


def request_to(path: str, session: SessionStore, data: dict[str, str] | None = None) -> HttpRequest:
    request: HttpRequest = RequestFactory(SERVER_NAME="localhost").get(path, data)
    request.session = session
    return request


def test_the_service_learns_who_came(portal: str, owner: User, settings: Settings) -> None:
    party = Party("permits", redirect="http://localhost/guide/")
    settings.OIDC_RP_CLIENT_ID = party.client_id
    settings.OIDC_RP_CLIENT_SECRET = party.secret
    settings.OIDC_RP_SIGN_ALGO = "RS256"
    settings.OIDC_RP_SCOPES = "openid profile email company"
    settings.OIDC_USE_PKCE = True
    settings.OIDC_OP_AUTHORIZATION_ENDPOINT = f"{portal}/oidc/authorize/"
    settings.OIDC_OP_TOKEN_ENDPOINT = f"{portal}/oidc/token/"
    settings.OIDC_OP_USER_ENDPOINT = f"{portal}/oidc/userinfo/"
    settings.OIDC_OP_JWKS_ENDPOINT = f"{portal}/oidc/keys/"
    settings.OIDC_AUTHENTICATION_CALLBACK_URL = "guide"  # any page of ours stands for the service's

    session = SessionStore()
    asked = OIDCAuthenticationRequestView.as_view()(request_to("/", session))
    browser = signed_in(ahmad)
    walk(browser, asked["Location"])
    came = browser.submit(ALLOW, status=None).headers["location"]
    answer = {name: values[0] for name, values in parse_qs(urlsplit(came).query).items()}
    kept = session["oidc_states"][answer["state"]]
    found = Backend().authenticate(
        request_to("/guide/", session, answer), nonce=kept["nonce"], code_verifier=kept["code_verifier"]
    )
    assert found["id_token"]["sub"] == str(owner.pk)
    assert found["userinfo"]["company"]["cr_number"] == example_trading.cr_number
