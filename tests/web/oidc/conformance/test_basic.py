"""The modules of the OpenID Foundation's basic profile for providers, ported. Each test has its module's name.

The official suite sends no PKCE in some of them; here every request has it, as the portal demands.
"""

import json
import secrets
from base64 import urlsafe_b64decode
from typing import Any

import pytest

from tests.client import Browser
from tests.people import ahmad
from tests.web.oidc.party import ALL, REDIRECT, Party, arrived, refused

pytestmark = pytest.mark.django_db


def header(id_token: str) -> dict[str, Any]:
    return json.loads(urlsafe_b64decode(id_token.split(".")[0] + "=="))  # type: ignore[no-any-return]  # JSON


# --- signing in


def test_oidcc_server(party: Party, browser: Browser) -> None:
    claims = party.signed_in_by(browser)
    assert claims["aud"] == party.client_id


def test_oidcc_response_type_missing(party: Party, browser: Browser) -> None:
    assert refused(party.ask(response_type=None).open(browser)) == "invalid_request"


def test_oidcc_idtoken_signature(party: Party, browser: Browser) -> None:
    token = party.tokens_for(browser)["id_token"]
    keys = party.http.get("/oidc/keys/").json()["keys"]
    assert header(token)["alg"] == "RS256"
    assert header(token)["kid"] in {key["kid"] for key in keys}
    party.read(token)


def test_oidcc_idtoken_unsigned(party: Party, browser: Browser) -> None:
    configuration = party.http.get("/.well-known/openid-configuration").json()
    assert "none" not in configuration["id_token_signing_alg_values_supported"]
    assert header(party.tokens_for(browser)["id_token"])["alg"] != "none"


def test_oidcc_ensure_request_without_nonce_succeeds_for_code_flow(party: Party, browser: Browser) -> None:
    assert "nonce" not in party.signed_in_by(browser, nonce=None)


def test_oidcc_alternate_happy_flow(party: Party, browser: Browser) -> None:
    """A long state of odd characters, and a second time without the page that asks."""
    party.tokens_for(browser)
    asking = party.ask(state=secrets.token_urlsafe(96) + " +&=?/~é")
    answer = arrived(asking.open(browser))
    assert answer["state"] == asking.query["state"]
    assert party.exchange(answer["code"], asking).status_code == 200


def test_oidcc_ensure_request_with_valid_pkce_succeeds(party: Party, browser: Browser) -> None:
    asking = party.ask()
    answer = asking.send(browser)
    assert party.exchange(answer["code"], asking).status_code == 200


def test_oidcc_server_client_secret_post(party: Party, browser: Browser) -> None:
    asking = party.ask()
    code = asking.send(browser)["code"]
    data = {"grant_type": "authorization_code", "code": code, "redirect_uri": REDIRECT}
    response = party.call("token", {**data, "code_verifier": asking.verifier}, basic=False)
    assert response.status_code == 200


def test_oidcc_refresh_token(party: Party, browser: Browser) -> None:
    before = party.tokens_for(browser)
    after = party.refresh(before["refresh_token"]).json()
    assert after["access_token"] != before["access_token"]
    assert after["refresh_token"] != before["refresh_token"]
    old, new = party.read(before["id_token"]), party.read(after["id_token"])
    assert [old[name] for name in ("iss", "sub", "aud", "auth_time")] == [
        new[name] for name in ("iss", "sub", "aud", "auth_time")
    ]
    assert party.userinfo(after["access_token"]).status_code == 200


# --- userinfo and scopes


def test_oidcc_userinfo_get(party: Party, browser: Browser) -> None:
    tokens = party.tokens_for(browser)
    found = party.userinfo(tokens["access_token"]).json()
    assert found["sub"] == party.read(tokens["id_token"])["sub"]


def test_oidcc_userinfo_post_header(party: Party, browser: Browser) -> None:
    tokens = party.tokens_for(browser)
    assert party.userinfo(tokens["access_token"], method="post").json()["email"] == ahmad.email


def test_oidcc_userinfo_post_body(party: Party, browser: Browser) -> None:
    tokens = party.tokens_for(browser)
    response = party.http.post("/oidc/userinfo/", {"access_token": tokens["access_token"]})
    assert response.json()["email"] == ahmad.email


def learnt(party: Party, browser: Browser, scope: str) -> set[str]:
    return set(party.userinfo(party.tokens_for(browser, scope=scope)["access_token"]).json())


def test_oidcc_scope_profile(party: Party, browser: Browser) -> None:
    assert learnt(party, browser, "openid profile") == {"sub", "name", "given_name", "family_name", "locale"}


def test_oidcc_scope_email(party: Party, browser: Browser) -> None:
    assert learnt(party, browser, "openid email") == {"sub", "email", "email_verified"}


def test_oidcc_scope_address(party: Party, browser: Browser) -> None:
    """The portal knows no address: it does not offer the scope, and says so."""
    assert "address" not in party.http.get("/.well-known/openid-configuration").json()["scopes_supported"]
    assert refused(party.ask(scope="openid address").open(browser)) == "invalid_scope"


def test_oidcc_scope_phone(party: Party, browser: Browser) -> None:
    assert learnt(party, browser, "openid phone") == {"sub", "phone_number", "phone_number_verified"}


def test_oidcc_scope_all(party: Party, browser: Browser) -> None:
    offered = party.http.get("/.well-known/openid-configuration").json()["scopes_supported"]
    assert set(offered) == set(ALL.split())
    assert {"sub", "name", "email", "phone_number", "company"} <= learnt(party, browser, " ".join(offered))


def test_oidcc_claims_essential(party: Party, browser: Browser) -> None:
    """A claim is asked for by its scope; the parameter is no error."""
    wish = json.dumps({"userinfo": {"name": {"essential": True}}})
    tokens = party.tokens_for(browser, scope="openid profile", claims=wish)
    assert party.userinfo(tokens["access_token"]).json()["name"] == ahmad.full_name
