"""What a service asks for and does not get: addresses, challenges, types, altered pages."""

from urllib.parse import quote, urlencode

import pytest
from django.conf import settings

from bawaba.domain.accounts.models import SessionRecord, User
from bawaba.web.oidc.models import Authorization, ServiceConsent
from tests.client import Browser
from tests.people import ahmad
from tests.web.oidc.party import ALLOW, REDIRECT, Party, arrived

pytestmark = pytest.mark.django_db

ADDRESSES = (  # none is equal to the registered one character by character
    f"{REDIRECT}?a=b",
    f"{REDIRECT}?",
    f"{REDIRECT}#here",
    f"{REDIRECT}#",
    f"{REDIRECT}/",
    f"{REDIRECT}/more",
    REDIRECT.replace("https", "http"),
    REDIRECT.replace("https", "HTTPS"),
    REDIRECT.replace("permits", "Permits"),
    REDIRECT.replace("signed-in", "Signed-In"),
    REDIRECT.replace(".com", ".com:443"),
    REDIRECT.replace(".com", ".com:8443"),
    REDIRECT.replace(".com", ".com."),
    REDIRECT.replace("permits.", "user@permits."),
    REDIRECT.replace("permits.", "permits.example.com@evil."),
    REDIRECT.replace("/signed-in", "/x/../signed-in"),
    REDIRECT.replace("/signed-in", "/./signed-in"),
    REDIRECT.replace("/signed-in", "//signed-in"),
    REDIRECT.replace("signed-in", "signed%2Din"),
    REDIRECT.replace("/signed-in", "%2Fsigned-in"),
    REDIRECT.replace("/signed-in", "\\signed-in"),
    REDIRECT.replace("permits.example.com", "evil.example.com"),
    REDIRECT.replace("permits.example.com", "127.0.0.1"),
    f" {REDIRECT}",
    f"{REDIRECT} {REDIRECT}",
    "javascript:alert(1)",
    "data:text/html,x",
    "/signed-in",
    "//permits.example.com/signed-in",
    "",
)


@pytest.mark.parametrize("uri", ADDRESSES)
def test_an_address_that_is_not_the_registered_one_gets_nothing(party: Party, browser: Browser, uri: str) -> None:
    page = party.ask(redirect_uri=uri).open(browser, status=400)
    assert "location" not in page.headers
    assert not Authorization.objects.exists()


@pytest.mark.parametrize(
    "back", ["http://[::1", "//[", "/oidc/authorize/?client_id=%00", "/oidc/authorize/?client_id=x"]
)
def test_a_way_back_to_no_service_opens_the_page_for_no_service(back: str) -> None:
    page = Browser().get(f"/sign-in/?next={quote(back, safe='')}")
    assert "form-action 'self';" in page.headers["content-security-policy"] + ";"


def test_the_registered_address_itself_is_led_to(party: Party, browser: Browser) -> None:
    assert "code" in party.ask().send(browser)


@pytest.mark.parametrize("changes", [{"client_id": "nobody"}, {"client_id": None}, {"redirect_uri": None}])
def test_without_client_or_address_nobody_is_sent_anywhere(
    party: Party, browser: Browser, changes: dict[str, str | None]
) -> None:
    assert "location" not in party.ask(**changes).open(browser, status=400).headers


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"code_challenge": None, "code_challenge_method": None}, "invalid_request"),
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge_method": "s256"}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"code_challenge": "A" * 44}, "invalid_request"),
        ({"response_type": "token"}, "unauthorized_client"),
        ({"response_type": "id_token"}, "unauthorized_client"),
        ({"response_type": "id_token token"}, "unauthorized_client"),
        ({"response_type": "code id_token"}, "unauthorized_client"),
        ({"response_type": "code token"}, "unauthorized_client"),
        ({"response_type": "none"}, "unauthorized_client"),
        ({"response_type": "secret"}, "unsupported_response_type"),
        ({"scope": "openid admin"}, "invalid_scope"),
        ({"scope": "profile"}, "invalid_scope"),
        ({"nonce": "n" * 256}, "invalid_request"),
        ({"prompt": "create"}, "invalid_request"),
        ({"prompt": "none login"}, "invalid_request"),
        ({"max_age": "-1"}, "invalid_request"),
        ({"max_age": "soon"}, "invalid_request"),
        ({"registration": "{}"}, "registration_not_supported"),
    ],
)
def test_the_service_is_told_why(party: Party, browser: Browser, changes: dict[str, str | None], reason: str) -> None:
    asking = party.ask(**changes)
    answer = arrived(asking.open(browser, status=303))
    assert (answer["error"], answer["state"]) == (reason, asking.query["state"])
    assert answer["iss"] == settings.BAWABA.origin
    assert "code" not in answer


def test_a_word_in_the_address_does_not_skip_the_consent(party: Party, browser: Browser) -> None:
    """The library would, while a token lives."""
    party.tokens_for(browser)
    assert party.ask(prompt="consent", approval_prompt="auto").open(browser).path == "/consent/"
    assert "code" in arrived(party.ask(approval_prompt="force").open(browser))


def test_nobody_who_is_signed_out_is_told_of(party: Party, owner: User) -> None:
    """Neither by the first address nor by that of the page that asks."""
    asking = party.ask()
    stranger = Browser()
    assert asking.open(stranger).path == "/sign-in/"
    page = stranger.get(f"/consent/?{urlencode(asking.query)}")
    assert page.path == "/sign-in/"
    page = stranger.post(f"/consent/?{urlencode(asking.query)}", {"allow": "1"}, status=200)
    assert page.path == "/sign-in/"
    assert not Authorization.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"scope": "openid profile email"},
        {"code_challenge": "B" * 43},
        {"state": "another"},
        {"nonce": "another"},
    ],
)
def test_what_the_page_did_not_show_is_not_agreed_to(party: Party, browser: Browser, changes: dict[str, str]) -> None:
    asking = party.ask(scope="openid")
    page = asking.open(browser)
    seal = page.root.one("input", name="asked")["value"]
    altered = urlencode(asking.query | changes)
    browser.post(f"/consent/?{altered}", {"allow": "1", "asked": seal}, status=400)
    browser.get(asking.path)
    browser.submit(ALLOW, {"asked": "A" + seal[1:] if seal[0] != "A" else "B" + seal[1:]}, status=400)
    assert not ServiceConsent.objects.exists()
    assert not Authorization.objects.exists()


def test_altered_types_on_the_page_are_refused_like_the_first_request(party: Party, browser: Browser) -> None:
    asking = party.ask()
    for changes in ({"response_type": "token"}, {"code_challenge_method": "plain"}):
        seal = asking.open(browser).root.one("input", name="asked")["value"]
        altered = urlencode(asking.query | changes)
        answer = arrived(browser.post(f"/consent/?{altered}", {"allow": "1", "asked": seal}, status=303))
        assert "error" in answer
    asking.open(browser)
    altered = urlencode(asking.query | {"redirect_uri": "https://evil.example.com/"})
    browser.post(f"/consent/?{altered}", {"allow": "1", "asked": seal}, status=400)


def test_a_form_of_another_site_cannot_agree(party: Party, browser: Browser) -> None:
    asking = party.ask()
    seal = asking.open(browser).root.one("input", name="asked")["value"]
    response = browser.client.post(f"/consent/?{urlencode(asking.query)}", {"allow": "1", "asked": seal})
    assert response.status_code == 403
    assert not Authorization.objects.exists()


def test_the_hint_of_another_person_leads_to_no_code(party: Party, browser: Browser) -> None:
    tokens = party.tokens_for(browser)
    head, body, _ = tokens["id_token"].split(".")
    others = (tokens["access_token"], tokens["refresh_token"])
    for hint in ("nonsense", f"{head}.{body}.AAAA", f"{head}.{body}.", *others):
        assert arrived(party.ask(id_token_hint=hint).open(browser))["error"] == "login_required"


def test_the_sign_in_page_lets_forms_lead_to_registered_addresses_only(party: Party, db: None) -> None:
    for uri, allowed in ((REDIRECT, True), ("https://evil.example.com/signed-in", False)):
        path = party.ask(redirect_uri=uri).path
        policy = Browser().get(f"/sign-in/?next={quote(path)}").headers["content-security-policy"]
        assert ("https://permits.example.com" in policy) is allowed
        assert "evil" not in policy


def test_a_stranger_learns_nothing_by_asking_silently(party: Party, owner: User) -> None:
    answer = arrived(party.ask(prompt="none", login_hint=ahmad.email).open(Browser()))
    assert set(answer) == {"error", "state", "iss"}


def test_nothing_that_a_service_sends_opens_a_session(party: Party, browser: Browser) -> None:
    hint = party.tokens_for(browser)["id_token"]
    stranger = Browser()
    for changes in ({}, {"prompt": "none"}, {"prompt": "login"}, {"max_age": "0"}, {"login_hint": ahmad.email}):
        party.ask(id_token_hint=hint, **changes).open(stranger)
        assert stranger.get("/home/").path == "/sign-in/"
    assert SessionRecord.objects.count() == 1
