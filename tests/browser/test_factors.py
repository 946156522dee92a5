"""Second factors in a real browser: an authenticator and a passkey are added, asked for, and enough by themselves."""

from collections.abc import Callable

import pytest

from tests.browser import journey, walker
from tests.browser.visitor import NARROW, WIDE, Visitor
from tests.factors import shown_code
from tests.people import Person

languages = pytest.mark.parametrize("language", ["ar", "en"])

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def look(visitor: Visitor) -> None:
    """The page that is open passes what every screen must pass."""
    for width in (WIDE, NARROW):
        walker.measure(visitor, width)
        assert walker.accessible(visitor) == [], visitor.page.url
    assert walker.too_heavy(visitor) == [], visitor.page.url


def become_member(visitor: Visitor) -> Person:
    """Signed in for the first time, with an account that no other test uses."""
    person = journey.newcomer()
    journey.register(visitor, person)
    journey.activate(visitor, person)
    return person


@languages
def test_authenticator_is_added_and_asked_for(visit: Callable[..., Visitor], language: str) -> None:
    visitor = visit(language=language)
    person = become_member(visitor)
    visitor.open("/security/authenticator/add/")
    look(visitor)
    visitor.open("/security/authenticator/add/")
    secret = visitor.page.locator("main p > bdi[dir=ltr]").first.inner_text().replace(" ", "")
    visitor.fill(code=shown_code(secret))
    visitor.press("add")
    assert "/security/recovery-codes/" in visitor.page.url
    look(visitor)
    assert visitor.page.locator("[data-print]").is_visible()
    recovery_code = visitor.page.locator("main ol li").first.inner_text()
    journey.sign_out(visitor)
    journey.sign_in(visitor, person)
    assert "/sign-in/second-step/" in visitor.page.url
    look(visitor)
    visitor.fill(code=recovery_code)
    visitor.press("verify")
    assert "/home/" in visitor.page.url
    visitor.open("/security/")
    look(visitor)


@languages
def test_passkey_is_added_asked_for_and_enough_by_itself(visit: Callable[..., Visitor], language: str) -> None:
    visitor = visit(language=language)
    protocol = visitor.context.new_cdp_session(visitor.page)
    protocol.send("WebAuthn.enable")
    protocol.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    person = become_member(visitor)
    visitor.open("/security/passkeys/add/")
    visitor.press("passkey")
    assert "/security/recovery-codes/" in visitor.page.url
    journey.sign_out(visitor)
    journey.sign_in(visitor, person)
    visitor.press("passkey")
    assert "/home/" in visitor.page.url
    journey.sign_out(visitor)
    visitor.open("/sign-in/")
    visitor.press("passkey")
    assert "/home/" in visitor.page.url
    visitor.open("/security/password/")
    visitor.page.locator('a[href*="/confirm/passkey/"]').click()
    look(visitor)
    visitor.press("passkey")
    assert "/security/password/" in visitor.page.url


def test_refused_passkey_is_said_beside_its_button(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    become_member(visitor)
    visitor.open("/security/passkeys/add/")
    visitor.page.evaluate("() => { navigator.credentials.create = async () => { throw new Error('no') } }")
    visitor.page.locator("button[name=passkey]").click()
    assert visitor.page.locator("#passkey_problem").is_visible()
    look(visitor)
