"""The modules of the OpenID Foundation's profile of signing out at the service's wish, ported."""

from urllib.parse import urlencode

import pytest

from tests.client import Browser
from tests.web.oidc.party import AFTER, Party, arrived

pytestmark = pytest.mark.django_db

SIGN_OUT = "تسجيل الخروج"


@pytest.fixture
def hint(party: Party, browser: Browser) -> str:
    """An ID token that the service got for this person."""
    return str(party.tokens_for(browser)["id_token"])


def ask(browser: Browser, *, status: int | None = 200, **query: str):  # type: ignore[no-untyped-def]  # a page
    return browser.get(f"/oidc/sign-out/?{urlencode(query)}", status=status)


def agree(browser: Browser):  # type: ignore[no-untyped-def]  # a page
    form = browser.page.main.one("form")
    return browser.submit(SIGN_OUT, within=form, status=None)


def is_signed_in(browser: Browser) -> bool:
    return browser.get("/home/").path == "/home/"


def refuses(browser: Browser, **query: str) -> None:
    """A page of ours says that it cannot be done; nobody is sent anywhere, and the session goes on."""
    page = ask(browser, status=400, **query)
    assert "location" not in page.headers
    assert is_signed_in(browser)


def test_oidcc_rp_initiated_logout_discovery_endpoint_verification(party: Party) -> None:
    found = party.http.get("/.well-known/openid-configuration").json()
    assert found["end_session_endpoint"].endswith("/oidc/sign-out/")


def test_oidcc_rp_initiated_logout(party: Party, browser: Browser, hint: str) -> None:
    page = ask(browser, id_token_hint=hint, post_logout_redirect_uri=AFTER, state="s1")
    assert page.path == "/sign-out/service/"
    assert "https://permits.example.com" in page.headers["content-security-policy"]
    assert arrived(agree(browser), AFTER) == {"state": "s1"}
    assert not is_signed_in(browser)


def test_oidcc_rp_initiated_logout_bad_post_logout_redirect_uri(party: Party, browser: Browser, hint: str) -> None:
    refuses(browser, id_token_hint=hint, post_logout_redirect_uri="https://evil.example.com/", state="s1")


def test_oidcc_rp_initiated_logout_modified_id_token_hint(party: Party, browser: Browser, hint: str) -> None:
    head, body, signature = hint.split(".")
    altered = signature[:-8] + ("AAAAAAAA" if signature[-8:] != "AAAAAAAA" else "BBBBBBBB")
    refuses(browser, id_token_hint=f"{head}.{body}.{altered}", post_logout_redirect_uri=AFTER, state="s1")


def test_oidcc_rp_initiated_logout_no_id_token_hint(party: Party, browser: Browser) -> None:
    """Nobody says who asks, so the address cannot be one of theirs."""
    refuses(browser, post_logout_redirect_uri=AFTER, state="s1")


def test_oidcc_rp_initiated_logout_no_params(party: Party, browser: Browser) -> None:
    ask(browser)
    assert agree(browser).path == "/"
    assert not is_signed_in(browser)


def test_oidcc_rp_initiated_logout_no_post_logout_redirect_uri(party: Party, browser: Browser, hint: str) -> None:
    ask(browser, id_token_hint=hint, state="s1")
    assert agree(browser).path == "/"
    assert not is_signed_in(browser)


def test_oidcc_rp_initiated_logout_no_state(party: Party, browser: Browser, hint: str) -> None:
    ask(browser, id_token_hint=hint, post_logout_redirect_uri=AFTER)
    assert arrived(agree(browser), AFTER) == {}


def test_oidcc_rp_initiated_logout_only_state(party: Party, browser: Browser) -> None:
    ask(browser, state="s1")
    assert agree(browser).path == "/"
    assert not is_signed_in(browser)


def test_oidcc_rp_initiated_logout_query_added_to_post_logout_redirect_uri(
    party: Party, browser: Browser, hint: str
) -> None:
    refuses(browser, id_token_hint=hint, post_logout_redirect_uri=f"{AFTER}?foo=bar", state="s1")


def test_the_hint_of_another_service_is_none(party: Party, browser: Browser, hint: str) -> None:
    """Not a module: a service brings the token of another and names itself."""
    other = Party("licences", redirect="https://licences.example.com/signed-in")
    refuses(browser, id_token_hint=hint, client_id=other.client_id, post_logout_redirect_uri=AFTER, state="s1")


def test_oidcc_rp_initiated_logout_bad_id_token_hint(party: Party, browser: Browser, hint: str) -> None:
    for wrong in ("no token", "a.b.c", party.secret):
        refuses(browser, id_token_hint=wrong, post_logout_redirect_uri=AFTER, state="s1")
