"""The screens that the browser walks. A page of the portal that is neither here nor excused fails a gate."""

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.browser.visitor import Visitor


def _stay(visitor: Visitor) -> None:
    """The page is the screen as it opens."""


@dataclass(frozen=True)
class Screen:
    """`route` is the name of its address, `path` that address without the language; `arrive` leads to its state."""

    name: str
    route: str
    path: str
    arrive: Callable[[Visitor], None] = field(default=_stay)
    enter: tuple[str, ...] = ()  # the buttons that Enter may press in a field, by name

    def show(self, visitor: Visitor) -> None:
        visitor.open(self.path)
        self.arrive(visitor)


SCREENS: tuple[Screen, ...] = (
    Screen("front", "front", "/"),
    Screen("company_services", "company_services", "/company-services/"),
    Screen("register", "register", "/register/", enter=("send",)),
    Screen("reset_password", "reset_password", "/reset-password/", enter=("enter",)),
    Screen("support", "support", "/support/"),
    Screen("guide", "guide", "/guide/"),
    Screen("roles", "roles", "/roles/"),
    Screen("terms", "terms", "/terms/"),
    Screen("privacy", "privacy", "/privacy/"),
    Screen("accessibility", "accessibility", "/accessibility/"),
    Screen("inbox", "inbox", "/inbox/"),
    Screen("sign_in", "sign_in", "/sign-in/"),
    Screen("sign_out", "sign_out", "/sign-out/"),
    Screen("blocked", "blocked", "/blocked/"),
    Screen("not_me_used", "not_me", "/not-me/used/"),
)

JOURNEY = "reached only on the way: tests/browser/test_journey.py"
SIGNED_IN = "only for people who are signed in: tests/web/portal"
LIBRARY = "the name under which django-allauth looks for a page of ours"

NOT_SCREENS: dict[str, str] = {
    # name of an address: why nobody looks at it
    "captcha_new": "data for the script",
    "captcha_work": "data for the script",
    "captcha_picture": "a picture",
    "captcha_audio": "a recording",
    "captcha_answer": "the test seam",
    "inbox_mail": "a mail as a mail program shows it",
    "csp_report": "browsers send to it by themselves",
    "activate": JOURNEY,
    "verify_email": "a button",
    "verify_mobile": "a button",
    "resend_email": "a button",
    "resend_mobile": "a button",
    "correct_email": "a button",
    "leave_activation": "a button",
    "home": SIGNED_IN,
    "account_login": LIBRARY,
    "account_logout": LIBRARY,
    "account_inactive": LIBRARY,
    "mfa_index": LIBRARY,
    "mfa_login_webauthn": "data for the script",
    "recovery_codes_file": "a file",
    "end_session": "a button",
    "end_other_sessions": "a button",
    "forget_device": "a button",
    "security": SIGNED_IN,
    "add_factor": SIGNED_IN,
    "mfa_authenticate": SIGNED_IN,
    "account_reauthenticate": SIGNED_IN,
    "mfa_reauthenticate": SIGNED_IN,
    "mfa_reauthenticate_webauthn": SIGNED_IN,
    "mfa_activate_totp": SIGNED_IN,
    "mfa_deactivate_totp": SIGNED_IN,
    "mfa_add_webauthn": SIGNED_IN,
    "mfa_edit_webauthn": SIGNED_IN,
    "mfa_remove_webauthn": SIGNED_IN,
    "mfa_view_recovery_codes": SIGNED_IN,
    "mfa_generate_recovery_codes": SIGNED_IN,
}
