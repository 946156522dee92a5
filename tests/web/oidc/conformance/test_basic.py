"""The modules of the OpenID Foundation's basic profile for providers, ported. Each test has its module's name.

The official suite sends no PKCE in some of them; here every request has it, as the portal demands.
"""

import json
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from bawaba.infrastructure import clock
from tests.accounts import enter
from tests.client import Browser
from tests.people import ahmad
from tests.web.oidc.party import AFTER, ALL, ALLOW, REDIRECT, Asking, Party, arrived

pytestmark = pytest.mark.django_db


def header(id_token: str) -> dict[str, Any]:
    return json.loads(urlsafe_b64decode(id_token.split(".")[0] + "=="))  # type: ignore[no-any-return]  # JSON


def signed_in_by(party: Party, browser: Browser, **changes: Any) -> dict[str, Any]:
    """The claims of the ID token after the whole way."""
    return party.read(party.tokens_for(browser, **changes)["id_token"])


def proves_anew(browser: Browser, asking: Asking) -> dict[str, str]:
    """The person is asked for the password again and gives it; what the service gets in the end."""
    page = asking.open(browser)
    assert page.path == "/confirm/", page.path
    page = browser.submit("متابعة", password=ahmad.password, status=None)
    if page.status == 200:
        page = browser.submit(ALLOW, status=None)
    return arrived(page)


def refused(page: Any) -> str:
    """The reason that the service gets."""
    return arrived(page)["error"]


# --- signing in


def test_oidcc_server(party: Party, browser: Browser) -> None:
    claims = signed_in_by(party, browser)
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
    assert "nonce" not in signed_in_by(party, browser, nonce=None)


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


# --- how the person is asked


@pytest.mark.parametrize("display", ["page"])
def test_oidcc_display_page(party: Party, browser: Browser, display: str) -> None:
    signed_in_by(party, browser, display=display)


@pytest.mark.parametrize("display", ["popup"])
def test_oidcc_display_popup(party: Party, browser: Browser, display: str) -> None:
    signed_in_by(party, browser, display=display)


def test_oidcc_prompt_login(party: Party, browser: Browser) -> None:
    before = signed_in_by(party, browser)
    with time_machine.travel(clock.now() + timedelta(seconds=2), tick=True):
        asking = party.ask(prompt="login")
        answer = proves_anew(browser, asking)
        after = party.read(party.exchange(answer["code"], asking).json()["id_token"])
    assert after["auth_time"] > before["auth_time"]
    assert after["sub"] == before["sub"]


def test_oidcc_prompt_none_not_logged_in(party: Party, db: None) -> None:
    assert refused(party.ask(prompt="none").open(Browser())) == "login_required"


def test_oidcc_prompt_none_logged_in(party: Party, browser: Browser) -> None:
    before = signed_in_by(party, browser)
    asking = party.ask(prompt="none")
    answer = arrived(asking.open(browser))
    after = party.read(party.exchange(answer["code"], asking).json()["id_token"])
    assert (after["sub"], after["auth_time"]) == (before["sub"], before["auth_time"])


def test_oidcc_max_age_1(party: Party, browser: Browser) -> None:
    before = signed_in_by(party, browser)
    with time_machine.travel(clock.now() + timedelta(seconds=3), tick=True):
        asking = party.ask(max_age="1")
        answer = proves_anew(browser, asking)
        after = party.read(party.exchange(answer["code"], asking).json()["id_token"])
    assert after["auth_time"] > before["auth_time"]


def test_oidcc_max_age_10000(party: Party, browser: Browser) -> None:
    before = signed_in_by(party, browser, max_age="10000")
    asking = party.ask(max_age="10000")
    answer = arrived(asking.open(browser))
    after = party.read(party.exchange(answer["code"], asking).json()["id_token"])
    assert after["auth_time"] == before["auth_time"]


def test_oidcc_id_token_hint(party: Party, browser: Browser) -> None:
    tokens = party.tokens_for(browser)
    asking = party.ask(prompt="none", id_token_hint=tokens["id_token"])
    answer = arrived(asking.open(browser))
    after = party.read(party.exchange(answer["code"], asking).json()["id_token"])
    assert after["sub"] == party.read(tokens["id_token"])["sub"]


def test_oidcc_login_hint(party: Party, browser: Browser) -> None:
    signed_in_by(party, browser, login_hint="somebody@example.org")


def test_oidcc_ui_locales(party: Party, browser: Browser) -> None:
    page = party.ask(ui_locales="fr en-GB ar").open(browser)
    assert page.path == "/en/consent/"
    assert page.html["lang"] == "en"


def test_oidcc_claims_locales(party: Party, browser: Browser) -> None:
    signed_in_by(party, browser, claims_locales="se")


def test_oidcc_ensure_request_with_acr_values_succeeds(party: Party, browser: Browser) -> None:
    offered = party.http.get("/.well-known/openid-configuration").json()["acr_values_supported"]
    claims = signed_in_by(party, browser, acr_values=" ".join(offered))
    assert claims["acr"] in offered


def test_oidcc_ensure_request_with_unknown_parameter_succeeds(party: Party, browser: Browser) -> None:
    signed_in_by(party, browser, extra="foobar")


def test_oidcc_ensure_post_request_succeeds(party: Party, db: None, owner: Any) -> None:
    """From a form of the service: no cookie of ours comes with it, so it is led to the same by GET, and signs in."""
    asking = party.ask(login_hint=ahmad.email)
    browser = Browser(ahmad)
    response = browser.client.post("/oidc/authorize/", asking.query)
    assert response.status_code == 303
    assert "login_hint" not in response["Location"]
    page = browser.get(response["Location"])
    assert page.path == "/sign-in/"
    page = browser.submit("تسجيل الدخول", login=ahmad.email, password=ahmad.password)
    answer = arrived(browser.submit(ALLOW, status=None))
    assert party.exchange(answer["code"], asking).status_code == 200


# --- what is refused


def test_oidcc_codereuse(party: Party, browser: Browser) -> None:
    asking = party.ask()
    code = asking.send(browser)["code"]
    tokens = party.exchange(code, asking).json()
    again = party.exchange(code, asking)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert party.userinfo(tokens["access_token"]).status_code == 401


def test_oidcc_codereuse_30seconds(party: Party, browser: Browser) -> None:
    asking = party.ask()
    code = asking.send(browser)["code"]
    tokens = party.exchange(code, asking).json()
    with time_machine.travel(clock.now() + timedelta(seconds=30), tick=True):
        assert party.exchange(code, asking).json()["error"] == "invalid_grant"
        assert party.userinfo(tokens["access_token"]).status_code == 401
        assert party.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"


def test_oidcc_ensure_registered_redirect_uri(party: Party, browser: Browser) -> None:
    page = party.ask(redirect_uri=AFTER).open(browser, status=400)
    assert "location" not in page.headers


def unsigned(claims: dict[str, str]) -> str:
    parts = ({"alg": "none"}, claims)
    return ".".join(urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts) + "."


def test_oidcc_request_uri_unsigned_supported_correctly_or_rejected_as_unsupported(
    party: Party, browser: Browser
) -> None:
    asking = party.ask(request_uri="https://permits.example.com/request.jwt")
    assert refused(asking.open(browser)) == "request_uri_not_supported"


def test_oidcc_unsigned_request_object_supported_correctly_or_rejected_as_unsupported(
    party: Party, browser: Browser
) -> None:
    asking = party.ask(request=unsigned({"state": "another"}))
    assert refused(asking.open(browser)) == "request_not_supported"


def test_oidcc_ensure_request_object_with_redirect_uri(party: Party, browser: Browser) -> None:
    """An address inside a request object is not followed: the whole object is refused, at the registered address."""
    asking = party.ask(request=unsigned({"redirect_uri": "https://evil.example.com/"}))
    assert refused(asking.open(browser)) == "request_not_supported"


def test_signing_in_on_the_way_leads_on(party: Party, owner: Any) -> None:
    """Not a module: what all of them take for granted."""
    browser = Browser(ahmad)
    page = party.ask().open(browser)
    assert page.path == "/sign-in/"
    assert "https://permits.example.com" in page.headers["content-security-policy"]
    page = enter(browser, ahmad, path=party.ask().path)
    assert page.path == "/consent/"
