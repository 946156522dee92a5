"""Codes, tokens and secrets that get nothing: used, altered, of another service, in the wrong place."""

import base64
import json
from dataclasses import replace
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from jwcrypto.jwk import JWK
from jwcrypto.jws import JWS
from pytest_django import Settings

from bawaba.infrastructure.audit.models import Event
from bawaba.web.oidc import actions, id_tokens
from bawaba.web.oidc.models import Authorization, Client
from tests.client import Browser
from tests.people import ahmad
from tests.web.oidc.party import AFTER, Party

pytestmark = pytest.mark.django_db


@pytest.fixture
def other(db: None) -> Party:
    return Party("licences", redirect="https://licences.example.com/signed-in")


def events(name: str) -> int:
    return Event.objects.filter(event=name).count()


# --- codes


def test_a_code_belongs_to_its_service(party: Party, other: Party, browser: Browser) -> None:
    asking = party.ask()
    code = asking.send(browser)["code"]
    assert other.exchange(code, asking).json() == {"error": "invalid_grant"}
    assert party.exchange(code, asking).status_code == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"code_verifier": "x" * 64},
        {"code_verifier": ""},
        {"redirect_uri": AFTER},
        {"redirect_uri": ""},
        {"code": "x"},
        {"code": ""},
    ],
)
def test_a_code_needs_its_verifier_and_its_address(party: Party, browser: Browser, changes: dict[str, str]) -> None:
    asking = party.ask()
    code = asking.send(browser)["code"]
    response = party.exchange(changes.pop("code", code), asking, **changes)
    assert (response.status_code, "access_token" in response.json()) == (400, False)


def test_a_code_a_second_time_ends_what_came_of_it(party: Party, browser: Browser) -> None:
    asking = party.ask()
    code = asking.send(browser)["code"]
    tokens = party.exchange(code, asking).json()
    assert party.exchange(code, asking).json()["error"] == "invalid_grant"
    assert party.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"
    assert party.introspect(tokens["access_token"]) == {"active": False}
    assert events("oidc.code_reused") == 1


# --- refresh tokens


def test_an_old_refresh_token_ends_its_family(party: Party, browser: Browser) -> None:
    first = party.tokens_for(browser)
    second = party.refresh(first["refresh_token"]).json()
    assert party.userinfo(first["access_token"]).status_code == 401
    assert party.userinfo(second["access_token"]).status_code == 200
    assert party.refresh(first["refresh_token"]).json()["error"] == "invalid_grant"
    assert party.userinfo(second["access_token"]).status_code == 401
    assert party.refresh(second["refresh_token"]).json()["error"] == "invalid_grant"
    assert events("oidc.token_reused") == 1


def test_a_refresh_token_gets_no_wider_scope(party: Party, browser: Browser) -> None:
    tokens = party.tokens_for(browser, scope="openid")
    response = party.refresh(tokens["refresh_token"], scope="openid email")
    assert response.json()["error"] == "invalid_scope"


def test_a_refresh_token_belongs_to_its_service(party: Party, other: Party, browser: Browser) -> None:
    tokens = party.tokens_for(browser)
    assert other.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"
    assert party.refresh(tokens["refresh_token"]).status_code == 200


@pytest.mark.parametrize(
    "grant",
    ["password", "client_credentials", "implicit", "urn:ietf:params:oauth:grant-type:device_code", "", "openid"],
)
def test_there_are_two_grants(party: Party, grant: str) -> None:
    data = {"grant_type": grant, "username": ahmad.email, "password": ahmad.password, "device_code": "x"}
    assert party.call("token", data).json() == {"error": "unsupported_grant_type"}


# --- revoking and asking


def test_nobody_ends_or_asks_for_the_tokens_of_another_service(party: Party, other: Party, browser: Browser) -> None:
    tokens = party.tokens_for(browser)
    for name in ("access_token", "refresh_token"):
        assert other.call("revoke", {"token": tokens[name]}).status_code == 200
        assert other.introspect(tokens[name]) == {"active": False}
    assert party.userinfo(tokens["access_token"]).status_code == 200
    assert party.refresh(tokens["refresh_token"]).status_code == 200


@pytest.mark.parametrize("name", ["access_token", "refresh_token"])
def test_a_service_ends_its_own(party: Party, browser: Browser, name: str) -> None:
    tokens = party.tokens_for(browser)
    assert party.introspect(tokens[name])["active"] is True
    assert party.call("revoke", {"token": tokens[name]}).status_code == 200
    for each in ("access_token", "refresh_token"):
        assert party.introspect(tokens[each]) == {"active": False}
    assert party.userinfo(tokens["access_token"]).status_code == 401


def test_introspection_names_nobody(party: Party, browser: Browser) -> None:
    found = party.introspect(party.tokens_for(browser)["access_token"])
    assert set(found) == {"active", "client_id", "sub", "scope", "exp", "iss", "token_type"}
    assert ahmad.email not in json.dumps(found)


def test_the_answer_with_the_tokens_holds_nothing_else(party: Party, browser: Browser) -> None:
    tokens = party.tokens_for(browser)
    named = {"access_token", "token_type", "expires_in", "scope", "refresh_token", "id_token"}
    assert set(tokens) == set(party.refresh(tokens["refresh_token"]).json()) == named


def test_introspection_needs_the_secret_and_a_post(party: Party, browser: Browser) -> None:
    token = party.tokens_for(browser)["access_token"]
    bearer = {"Authorization": f"Bearer {token}"}
    assert party.http.get(f"/oidc/introspect/?token={token}", headers=bearer).status_code == 405
    assert party.http.post("/oidc/introspect/", {"token": token}, headers=bearer).status_code == 401
    assert party.http.post("/oidc/introspect/", {"token": token}).status_code == 401


# --- altered


def altered(token: str) -> list[str]:
    """Every beginning and every end of a token, and some that are longer."""
    cuts = [token[:n] for n in range(len(token))] + [token[n:] for n in range(1, len(token))]
    return [*cuts, token + "A", "A" + token, token + token, token.swapcase(), f" {token} x"]


def test_every_part_of_a_token_is_nothing(party: Party, browser: Browser) -> None:
    tokens = party.tokens_for(browser)
    assert len(tokens["access_token"]) >= 30
    for text in altered(tokens["access_token"]):
        assert party.userinfo(text).status_code == 401, text
    assert party.userinfo(tokens["access_token"]).status_code == 200


def test_every_part_of_a_code_and_of_a_refresh_token_is_nothing(party: Party, browser: Browser) -> None:
    asking = party.ask()
    code = asking.send(browser)["code"]
    for text in altered(code):
        assert party.exchange(text, asking).status_code == 400, text
    tokens = party.exchange(code, asking).json()
    for text in altered(tokens["refresh_token"]):
        assert party.refresh(text).status_code == 400, text
    assert party.refresh(tokens["refresh_token"]).status_code == 200


def test_a_token_in_the_address_is_none(party: Party, browser: Browser) -> None:
    token = party.tokens_for(browser)["access_token"]
    assert party.http.get(f"/oidc/userinfo/?access_token={token}").status_code == 400


def test_an_id_token_and_a_refresh_token_open_nothing(party: Party, browser: Browser) -> None:
    tokens = party.tokens_for(browser)
    for name in ("id_token", "refresh_token"):
        assert party.userinfo(tokens[name]).status_code == 401


def forged(party: Party, token: str) -> dict[str, str]:
    """The claims of a real ID token under signatures that are not ours."""
    public = party.http.get("/oidc/keys/").json()["keys"][0]
    claims = base64.urlsafe_b64decode(token.split(".")[1] + "==")
    own = JWK.generate(kty="RSA", size=2048)
    pem = JWK(**public).export_to_pem()
    secret = JWK(kty="oct", k=base64.urlsafe_b64encode(pem).decode().rstrip("="))
    head = {"alg": "RS256", "kid": public["kid"]}
    there = "https://evil.example.com/keys"
    return {
        "none": _part({"alg": "none"}) + "." + token.split(".")[1] + ".",
        "HS256 with the public key": _signed(claims, secret, {"alg": "HS256", "kid": public["kid"]}),
        "another key": _signed(claims, own, head),
        "jku": _signed(claims, own, head | {"jku": there}),
        "jwk": _signed(claims, own, head | {"jwk": json.loads(own.export_public())}),
        "x5u": _signed(claims, own, head | {"x5u": there}),
        "unknown kid": _signed(claims, own, {"alg": "RS256", "kid": own.thumbprint()}),
    }


def _part(value: dict[str, str]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def _signed(claims: bytes, key: JWK, head: dict[str, Any]) -> str:
    made = JWS(claims)
    made.add_signature(key, None, json.dumps(head), None)
    return str(made.serialize(compact=True))


def test_only_our_own_signature_is_one(party: Party, browser: Browser) -> None:
    token = party.tokens_for(browser)["id_token"]
    assert id_tokens.read(token) is not None
    for how, text in forged(party, token).items():
        assert id_tokens.read(text) is None, how


# --- secrets and clients


def test_wrong_secrets_are_counted_and_then_not_compared(party: Party, other: Party) -> None:
    data = {"grant_type": "refresh_token", "refresh_token": "x"}
    for _ in range(10):
        assert party.call("token", data, secret="wrong").status_code == 401
    refused = party.call("token", data)
    assert refused.status_code == 429
    assert int(refused["Retry-After"]) > 0
    assert party.call("introspect", {"token": "x"}).status_code == 429
    assert other.call("token", data).status_code == 400
    assert events("oidc.refused") == 10


def test_a_new_secret_ends_the_old_one(party: Party) -> None:
    fresh = actions.rotate_secret(client=party.row, actor="console")
    assert party.call("introspect", {"token": "x"}).status_code == 401
    assert party.call("introspect", {"token": "x"}, secret=fresh).json() == {"active": False}


def test_a_secret_is_long_and_lies_only_as_a_digest(party: Party) -> None:
    assert len(base64.urlsafe_b64decode(party.secret + "=")) == 32
    stored = Client.objects.values_list("client_secret", flat=True).get()
    assert stored == actions.digest(party.secret)
    assert party.call("introspect", {"token": "x"}, secret=stored).status_code == 401


@pytest.mark.parametrize(
    "changes",
    [
        {"algorithm": "HS256"},
        {"client_type": "public"},
        {"authorization_grant_type": "implicit"},
        {"authorization_grant_type": "password"},
        {"skip_authorization": True},
    ],
)
def test_no_client_is_of_another_kind(party: Party, changes: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Client.objects.filter(client_id=party.client_id).update(**changes)


def test_nothing_is_taken_that_came_without_tls(party: Party, settings: Settings) -> None:
    settings.BAWABA = replace(settings.BAWABA, origin="https://portal.example.com", proxy_count=1)
    settings.ALLOWED_HOSTS = ["portal.example.com"]
    data = {"grant_type": "refresh_token", "refresh_token": "x"}
    for scheme, status in (("http", 400), ("https", 401)):
        headers = {"X-Forwarded-Proto": scheme, "X-Forwarded-For": "203.0.113.5"}
        response = party.http.post("/oidc/token/", data, headers=headers, SERVER_NAME="portal.example.com")
        assert response.status_code == status


def test_tokens_and_codes_do_not_lie_readable(party: Party, browser: Browser) -> None:
    tokens = party.tokens_for(browser)
    row = Authorization.objects.get()
    assert row.used_at is not None
    for model in (row, row.client):
        for value in vars(model).values():
            assert tokens["access_token"] != value
