"""The modules of the basic profile about how the person is asked, ported. Each test has its module's name."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from bawaba.infrastructure import clock
from tests.accounts import enter
from tests.client import Browser
from tests.people import ahmad
from tests.web.oidc.party import ALLOW, Asking, Party, arrived, refused

pytestmark = pytest.mark.django_db


def proves_anew(browser: Browser, asking: Asking) -> dict[str, str]:
    """The person is asked for the password again and gives it; what the service gets in the end."""
    page = asking.open(browser)
    assert page.path == "/confirm/", page.path
    page = browser.submit("متابعة", password=ahmad.password, status=None)
    if page.status == 200:
        page = browser.submit(ALLOW, status=None)
    return arrived(page)


@pytest.mark.parametrize("display", ["page"])
def test_oidcc_display_page(party: Party, browser: Browser, display: str) -> None:
    party.signed_in_by(browser, display=display)


@pytest.mark.parametrize("display", ["popup"])
def test_oidcc_display_popup(party: Party, browser: Browser, display: str) -> None:
    party.signed_in_by(browser, display=display)


def test_oidcc_prompt_login(party: Party, browser: Browser) -> None:
    before, after = _before_and_after(party, browser, seconds=2, prompt="login")
    assert after["auth_time"] > before["auth_time"]
    assert after["sub"] == before["sub"]


def test_oidcc_prompt_none_not_logged_in(party: Party, db: None) -> None:
    assert refused(party.ask(prompt="none").open(Browser())) == "login_required"


def test_oidcc_prompt_none_logged_in(party: Party, browser: Browser) -> None:
    before = party.signed_in_by(browser)
    asking = party.ask(prompt="none")
    answer = arrived(asking.open(browser))
    after = party.read(party.exchange(answer["code"], asking).json()["id_token"])
    assert (after["sub"], after["auth_time"]) == (before["sub"], before["auth_time"])


def test_oidcc_max_age_1(party: Party, browser: Browser) -> None:
    before, after = _before_and_after(party, browser, seconds=3, max_age="1")
    assert after["auth_time"] > before["auth_time"]


def test_oidcc_max_age_10000(party: Party, browser: Browser) -> None:
    before = party.signed_in_by(browser, max_age="10000")
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
    party.signed_in_by(browser, login_hint="somebody@example.org")


def test_oidcc_ui_locales(party: Party, browser: Browser) -> None:
    page = party.ask(ui_locales="fr en-GB ar").open(browser)
    assert page.path == "/en/consent/"
    assert page.html["lang"] == "en"


def test_oidcc_claims_locales(party: Party, browser: Browser) -> None:
    party.signed_in_by(browser, claims_locales="se")


def test_oidcc_ensure_request_with_acr_values_succeeds(party: Party, browser: Browser) -> None:
    offered = party.http.get("/.well-known/openid-configuration").json()["acr_values_supported"]
    claims = party.signed_in_by(browser, acr_values=" ".join(offered))
    assert claims["acr"] in offered


def test_oidcc_ensure_request_with_unknown_parameter_succeeds(party: Party, browser: Browser) -> None:
    party.signed_in_by(browser, extra="foobar")


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


def test_signing_in_on_the_way_leads_on(party: Party, owner: Any) -> None:
    """Not a module: what all of them take for granted."""
    browser = Browser(ahmad)
    page = party.ask().open(browser)
    assert page.path == "/sign-in/"
    assert "https://permits.example.com" in page.headers["content-security-policy"]
    page = enter(browser, ahmad, path=party.ask().path)
    assert page.path == "/consent/"


def _before_and_after(
    party: Party, browser: Browser, *, seconds: int, **asked: str
) -> tuple[dict[str, Any], dict[str, Any]]:
    """What a sign-in tells, and what one tells so much later in which the person had to prove to be the same."""
    before = party.signed_in_by(browser)
    with time_machine.travel(clock.now() + timedelta(seconds=seconds), tick=True):
        asking = party.ask(**asked)
        answer = proves_anew(browser, asking)
        return before, party.read(party.exchange(answer["code"], asking).json()["id_token"])
