"""A relying party of the tests: a service that knows only what the discovery document says, and checks what it gets."""

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.conf import settings
from django.test import Client as Http
from jwcrypto.jwk import JWK
from jwcrypto.jwt import JWT

from bawaba.web.oidc import actions
from bawaba.web.oidc.models import Client
from tests.client import Browser
from tests.page import Page

REDIRECT = "https://permits.example.com/signed-in"
AFTER = "https://permits.example.com/signed-out"
ALL = "openid profile email phone company"
ALLOW = "السماح"


class Party:
    """One registered service, its secret, and its own HTTP client without cookies."""

    def __init__(self, client_id: str = "permits", *, redirect: str = REDIRECT, scopes: str = ALL) -> None:
        self.client_id = client_id
        self.redirect = redirect
        self.http = Http(SERVER_NAME=urlsplit(settings.BAWABA.origin).hostname or "")
        self.secret = actions.add_client(
            client_id=client_id,
            names=("خدمة التصاريح", "Permits"),
            owners=("الإدارة العامة للجمارك", "General Administration of Customs"),
            redirect_uris=[redirect],
            post_logout_redirect_uris=[AFTER],
            scopes=scopes.split(),
            actor="console",
        )

    @property
    def row(self) -> Client:
        found: Client = Client.objects.get(client_id=self.client_id)
        return found

    # --- asking

    def ask(self, **changes: str | None) -> "Asking":
        """A request with state, nonce and PKCE of its own; a parameter that is None is left out."""
        verifier = secrets.token_urlsafe(48)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
        query: dict[str, str | None] = {
            "client_id": self.client_id,
            "redirect_uri": self.redirect,
            "response_type": "code",
            "scope": ALL,
            "state": secrets.token_urlsafe(16),
            "nonce": secrets.token_urlsafe(16),
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        return Asking({k: v for k, v in {**query, **changes}.items() if v is not None}, verifier)

    def tokens_for(self, browser: Browser, **changes: Any) -> dict[str, Any]:
        """The whole way: asks, the person allows it if asked, the code is exchanged."""
        asking = self.ask(**changes)
        answer = asking.send(browser)
        return self.exchange(answer["code"], asking).json()  # type: ignore[no-any-return]  # JSON

    # --- calling

    def signed_in_by(self, browser: Browser, **changes: Any) -> dict[str, Any]:
        """The claims of the ID token after the whole way."""
        return self.read(self.tokens_for(browser, **changes)["id_token"])

    def exchange(self, code: str, asking: "Asking", **changes: str) -> Any:
        data = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": asking.query["redirect_uri"],
            "code_verifier": asking.verifier,
        }
        return self.call("token", {**data, **changes})

    def refresh(self, token: str, **changes: str) -> Any:
        return self.call("token", {"grant_type": "refresh_token", "refresh_token": token, **changes})

    def call(self, endpoint: str, data: Mapping[str, str], *, secret: str | None = None, basic: bool = True) -> Any:
        secret = self.secret if secret is None else secret
        if not basic:
            data = {**data, "client_id": self.client_id, "client_secret": secret}
            return self.http.post(f"/oidc/{endpoint}/", data)
        return self.http.post(f"/oidc/{endpoint}/", data, headers={"Authorization": self.basic(secret)})

    def basic(self, secret: str) -> str:
        return "Basic " + base64.b64encode(f"{self.client_id}:{secret}".encode()).decode()

    def introspect(self, token: str) -> dict[str, Any]:
        found: dict[str, Any] = self.call("introspect", {"token": token}).json()
        return found

    def userinfo(self, access_token: str, *, method: str = "get") -> Any:
        send = getattr(self.http, method)
        return send("/oidc/userinfo/", headers={"Authorization": f"Bearer {access_token}"})

    def read(self, id_token: str) -> dict[str, Any]:
        """The claims of an ID token, after its signature, issuer, audience and times were checked."""
        keys = {key["kid"]: JWK(**key) for key in self.http.get("/oidc/keys/").json()["keys"]}
        kid = json.loads(base64.urlsafe_b64decode(id_token.split(".")[0] + "=="))["kid"]
        expected = {"iss": settings.BAWABA.origin, "aud": self.client_id, "exp": None, "iat": None, "sub": None}
        token = JWT(jwt=id_token, key=keys[kid], algs=["RS256"], check_claims=expected)
        return json.loads(token.claims)  # type: ignore[no-any-return]  # JSON


class Asking:
    """A request to be told who is signed in, and the secret that proves whose it was."""

    def __init__(self, query: Mapping[str, str], verifier: str) -> None:
        self.query = dict(query)
        self.verifier = verifier

    @property
    def path(self) -> str:
        return f"/oidc/authorize/?{urlencode(self.query)}"

    def open(self, browser: Browser, *, status: int | None = None) -> Page:
        """Sends the browser here; follows redirects inside the portal and stops at a page or at the service."""
        return browser.get(self.path, status=status)

    def send(self, browser: Browser, press: str = ALLOW) -> dict[str, str]:
        """What the service gets at its address."""
        page = self.open(browser)
        if page.status == 200:
            page = browser.submit(press, status=None)
        return arrived(page, self.query["redirect_uri"])


def arrived(page: Page, at: str = REDIRECT) -> dict[str, str]:
    """The parameters with which the browser was sent to the service's address, and to no other."""
    location = page.headers.get("location", "")
    assert location.split("?")[0] == at, f"{page.status} {page.path} leads to {location!r}"
    return dict(parse_qsl(urlsplit(location).query))


def refused(page: Page) -> str:
    """The reason that the service gets."""
    return arrived(page)["error"]
