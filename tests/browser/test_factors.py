"""Second factors in a real browser: an authenticator and a passkey are added, asked for, and enough by themselves."""

from collections.abc import Callable

import pytest

from tests.browser import journey, second_factors, walker
from tests.browser.visitor import NARROW, WIDE, Visitor

languages = pytest.mark.parametrize("language", ["ar", "en"])


def look(visitor: Visitor) -> None:
    """The page that is open passes what every screen must pass."""
    for width in (WIDE, NARROW):
        walker.measure(visitor, width)
        assert walker.accessible(visitor) == [], visitor.page.url
    assert walker.too_heavy(visitor) == [], visitor.page.url


@languages
def test_authenticator_is_added_and_asked_for(visit: Callable[..., Visitor], language: str) -> None:
    visitor = visit(language=language)
    person = journey.become_member(visitor)
    visitor.open("/security/authenticator/add/")
    look(visitor)
    second_factors.add_authenticator(visitor)
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
    second_factors.carry_passkeys(visitor)
    person = journey.become_member(visitor)
    second_factors.add_passkey(visitor)
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
    journey.become_member(visitor)
    visitor.open("/security/passkeys/add/")
    visitor.page.evaluate("() => { navigator.credentials.create = async () => { throw new Error('no') } }")
    visitor.page.locator("button[name=passkey]").click()
    assert visitor.page.locator("#passkey_problem").is_visible()
    look(visitor)


def test_browser_without_passkeys_is_shown_the_other_way(visit: Callable[..., Visitor]) -> None:
    for scripts in (True, False):
        visitor = visit(scripts=scripts)
        visitor.context.add_init_script("delete window.PublicKeyCredential")
        journey.become_member(visitor)
        visitor.open("/security/passkeys/add/")
        assert not visitor.page.locator("[name=name], button[name=passkey]").first.is_visible()
        assert visitor.page.locator(".note.warn:visible").count() == 1
        visitor.follow("/security/authenticator/add/")
