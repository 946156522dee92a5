"""Second factors in a visitor's browser: an authenticator app on the side, and passkeys that the browser holds."""

from tests.browser.visitor import Visitor
from tests.factors import shown_code

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def carry_passkeys(visitor: Visitor) -> None:
    """From now on the visitor's browser holds passkeys, and unlocks them by itself."""
    protocol = visitor.context.new_cdp_session(visitor.page)
    protocol.send("WebAuthn.enable")
    protocol.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})


def add_passkey(visitor: Visitor) -> None:
    """Ends on the recovery codes if it is the first second factor."""
    visitor.open("/security/passkeys/add/")
    visitor.press("passkey")


def add_authenticator(visitor: Visitor) -> str:
    """Ends where `add_passkey` does. Returns the secret."""
    visitor.open("/security/authenticator/add/")
    secret = visitor.page.locator("main p > bdi[dir=ltr]").first.inner_text().replace(" ", "")
    visitor.fill(code=shown_code(secret))
    visitor.press("add")
    return secret
