"""A service gets only the scopes assigned to it: when it asks, when it refreshes, and at every call after a change."""

import pytest

from bawaba.web.oidc import actions
from tests.client import Browser
from tests.web.oidc.party import ALL, ALLOW, Party, arrived

pytestmark = pytest.mark.django_db

WITHOUT_EMAIL = ["profile", "phone", "company"]
EMAIL = "بريدك الإلكتروني"


@pytest.fixture
def permits(db: None) -> Party:
    """It may learn names, and nothing else beside who it is."""
    return Party(scopes="profile")


def assign(party: Party, *scopes: str) -> None:
    actions.assign_scopes(client=party.row, scopes=scopes, actor="console")


@pytest.mark.parametrize("scope", ["openid email", "openid profile email", ALL])
@pytest.mark.parametrize("prompt", [None, "none", "consent"])
def test_what_was_not_assigned_is_refused(permits: Party, browser: Browser, scope: str, prompt: str | None) -> None:
    permits.tokens_for(browser, scope="openid profile")
    answer = arrived(permits.ask(scope=scope, prompt=prompt).open(browser))
    assert answer["error"] == "invalid_scope"
    assert "code" not in answer
    assert "code" in permits.ask(scope="openid profile", prompt=prompt if prompt == "none" else None).send(browser)


def test_openid_needs_no_assignment(browser: Browser) -> None:
    party = Party(scopes="")
    tokens = party.tokens_for(browser, scope="openid")
    assert set(party.userinfo(tokens["access_token"]).json()) == {"sub"}


def test_a_scope_taken_away_is_gone_at_the_next_call(party: Party, browser: Browser) -> None:
    token = party.tokens_for(browser)["access_token"]
    assert "email" in party.userinfo(token).json()
    assign(party, *WITHOUT_EMAIL)
    told = party.userinfo(token).json()
    assert not {"email", "email_verified"} & set(told)
    assert {"sub", "name", "phone_number", "permissions"} <= set(told)
    assert party.introspect(token)["scope"] == "openid profile phone company"


def test_a_scope_taken_away_is_refused_at_refresh(party: Party, browser: Browser) -> None:
    token = party.tokens_for(browser)["refresh_token"]
    assign(party, *WITHOUT_EMAIL)
    assert party.refresh(token, scope="openid email").json()["error"] == "invalid_scope"
    tokens = party.refresh(token).json()
    assert tokens["scope"] == "openid profile phone company"
    assign(party, *ALL.split())
    assert "email" not in party.userinfo(tokens["access_token"]).json()
    assert party.refresh(tokens["refresh_token"], scope=ALL).json()["error"] == "invalid_scope"


def test_a_scope_taken_away_does_not_come_of_a_code_made_before(party: Party, browser: Browser) -> None:
    asking = party.ask()
    code = asking.send(browser)["code"]
    assign(party, *WITHOUT_EMAIL)
    tokens = party.exchange(code, asking).json()
    assert tokens["scope"] == "openid profile phone company"
    assign(party, *ALL.split())
    assert "email" not in party.userinfo(tokens["access_token"]).json()


def test_a_scope_taken_away_while_the_person_reads_is_not_granted(party: Party, browser: Browser) -> None:
    assert party.ask().open(browser).status == 200
    assign(party, *WITHOUT_EMAIL)
    assert arrived(browser.submit(ALLOW, status=None))["error"] == "invalid_scope"


def test_a_scope_taken_away_stands_nowhere_as_allowed_and_is_asked_for_anew(party: Party, browser: Browser) -> None:
    """What the person reads is what the service gets: of a scope that came back they have to hear."""
    party.tokens_for(browser, scope="openid email company")
    assert EMAIL in learned(browser)
    assign(party, *WITHOUT_EMAIL)
    assert EMAIL not in learned(browser)
    assign(party, *ALL.split())
    assert EMAIL not in learned(browser)
    assert arrived(party.ask(scope="openid email", prompt="none").open(browser))["error"] == "consent_required"
    assert "code" in arrived(party.ask(scope="openid company", prompt="none").open(browser))


def test_a_scope_taken_away_is_taken_from_no_other_service(party: Party, browser: Browser) -> None:
    party.tokens_for(browser, scope="openid email")
    assign(Party("licences", redirect="https://licences.example.com/signed-in"), *WITHOUT_EMAIL)
    assert EMAIL in learned(browser)


def learned(browser: Browser) -> set[str]:
    """What the page of the services says that they learn."""
    return {item.text for item in browser.get("/connected-services/").main.one("ul", class_="list").all("li")}
