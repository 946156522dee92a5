"""The screens that the browser walks. A page of the portal that is neither here nor excused fails a gate."""

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.browser import journey
from tests.browser.visitor import Visitor


def _stay(visitor: Visitor) -> None:
    """The page is the screen as it opens."""


@dataclass(frozen=True)
class Screen:
    """`route` is the name of its address, `path` where the visitor begins; `arrive` leads from there to the state."""

    name: str
    route: str
    path: str
    arrive: Callable[[Visitor], None] = field(default=_stay)
    enter: tuple[str, ...] = ()  # the buttons that Enter may press in a field, by name

    def show(self, visitor: Visitor) -> None:
        visitor.open(self.path)
        self.arrive(visitor)


SCRIPT = "nothing"  # the script answers the press itself


def _nothing_filled_in(visitor: Visitor) -> None:
    visitor.press("send")


def _listening(visitor: Visitor) -> None:
    if visitor.scripts:
        visitor.page.locator("[name=captcha_audio]").click()
    else:
        visitor.press("captcha_audio")


def _registered(visitor: Visitor) -> None:
    journey.register(visitor, journey.newcomer())


def _wrong_code(visitor: Visitor) -> None:
    _registered(visitor)
    form = visitor.page.locator("form[action$='/activate/verify/email/']")
    form.locator("input[name$=code]").fill("000000")
    visitor.press("verify", within=form)


def _sent(visitor: Visitor) -> None:
    person = journey.member(visitor)
    visitor.fill(email=person.email, captcha=visitor.read_picture())
    visitor.press("send")


def _reset_refused(visitor: Visitor) -> None:
    visitor.press("reset")


def _wrong_password(visitor: Visitor) -> None:
    person = journey.member(visitor)
    visitor.fill(login=person.email, password="not the password")
    visitor.press("sign_in")


def _member(path: str) -> Callable[[Visitor], None]:
    """The page at `path` for somebody signed in."""

    def arrive(visitor: Visitor) -> None:
        journey.come_in(visitor)
        visitor.open(path)

    return arrive


def _confirmed(path: str) -> Callable[[Visitor], None]:
    """The page at `path` for somebody who has just proven it once more."""

    def arrive(visitor: Visitor) -> None:
        person = journey.come_in(visitor)
        visitor.open(path)
        visitor.fill(password=person.password)
        visitor.press("confirm")

    return arrive


def _at_home(visitor: Visitor) -> None:
    journey.come_in(visitor)


SCREENS: tuple[Screen, ...] = (
    Screen("front", "front", "/"),
    Screen("company_services", "company_services", "/company-services/"),
    Screen("register", "register", "/register/", enter=("send",)),
    Screen("register_errors", "register", "/register/", _nothing_filled_in, enter=("send",)),
    Screen("register_listening", "register", "/register/", _listening, enter=("send",)),
    Screen("activate", "activate", "/", _registered, enter=("verify", "correct")),
    Screen("activate_wrong_code", "verify_email", "/", _wrong_code, enter=("verify", "correct")),
    Screen("sign_in", "sign_in", "/sign-in/", enter=("sign_in",)),
    Screen("sign_in_refused", "sign_in", "/sign-in/", _wrong_password, enter=("sign_in",)),
    Screen("sign_out", "sign_out", "/sign-out/"),
    Screen("reset_password", "reset_password", "/reset-password/", enter=("enter",)),
    Screen("reset_password_sent", "reset_password", "/reset-password/", _sent, enter=("enter",)),
    Screen("reset_password_errors", "reset_password", "/reset-password/", _reset_refused, enter=("enter",)),
    Screen("home", "home", "/", _at_home),
    Screen("account", "account", "/", _member("/account/")),
    Screen("change_name", "change_name", "/", _member("/account/name/"), enter=("save",)),
    Screen("change_language", "change_language", "/", _member("/account/language/"), enter=("save",)),
    Screen("change_email", "change_email", "/", _confirmed("/account/email/"), enter=("send",)),
    Screen("change_mobile", "change_mobile", "/", _confirmed("/account/mobile/"), enter=("send",)),
    Screen("change_password", "change_password", "/", _confirmed("/security/password/"), enter=("save",)),
    Screen("my_data", "my_data", "/", _confirmed("/account/data/")),
    Screen("close_account", "close_account", "/", _confirmed("/account/close/"), enter=("close",)),
    Screen("confirm", "account_reauthenticate", "/", _member("/account/close/"), enter=("confirm",)),
    Screen("security", "security", "/", _member("/security/"), enter=("confirm",)),
    Screen("add_factor", "add_factor", "/", _member("/security/add-factor/"), enter=("confirm",)),
    Screen("add_authenticator", "mfa_activate_totp", "/", _member("/security/authenticator/add/"), enter=("add",)),
    Screen("add_passkey", "mfa_add_webauthn", "/", _member("/security/passkeys/add/"), enter=(SCRIPT,)),
    Screen("blocked", "blocked", "/blocked/"),
    Screen("not_me_used", "not_me", "/not-me/used/"),
    Screen("support", "support", "/support/"),
    Screen("guide", "guide", "/guide/"),
    Screen("roles", "roles", "/roles/"),
    Screen("terms", "terms", "/terms/"),
    Screen("privacy", "privacy", "/privacy/"),
    Screen("accessibility", "accessibility", "/accessibility/"),
    Screen("inbox", "inbox", "/inbox/"),
    Screen("not_found", "", "/there-is-no-such-page/"),
)

SIGNED_IN = "only for people who are signed in: tests/web/portal"
FACTORS = "only after the steps of tests/browser/test_factors.py"
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
    "verify_mobile": "a button",
    "resend_email": "a button",
    "resend_mobile": "a button",
    "correct_email": "a button",
    "leave_activation": "a button",
    "account_login": LIBRARY,
    "account_logout": LIBRARY,
    "account_inactive": LIBRARY,
    "mfa_index": LIBRARY,
    "mfa_login_webauthn": "data for the script",
    "recovery_codes_file": "a file",
    "end_session": "a button",
    "end_other_sessions": "a button",
    "forget_device": "a button",
    "civil_number": SIGNED_IN,
    "prove_email": SIGNED_IN,
    "prove_mobile": SIGNED_IN,
    "my_data_file": "a file",
    "objection": "the page of a link: tests/web/portal/test_account.py",
    "mfa_authenticate": FACTORS,
    "mfa_reauthenticate": FACTORS,
    "mfa_reauthenticate_webauthn": FACTORS,
    "mfa_deactivate_totp": FACTORS,
    "mfa_edit_webauthn": FACTORS,
    "mfa_remove_webauthn": FACTORS,
    "mfa_view_recovery_codes": FACTORS,
    "mfa_generate_recovery_codes": FACTORS,
    "act_for": "a button",
    "withdraw_request": "a button",
    "answer_invitation": "a button",
    "add_identifier": "a button",
    "remove_identifier": "a button",
    "change_roles": "a button",
    "suspend_member": "a button",
    "resume_member": "a button",
    "end_member": "a button",
    "resend_invitation": "a button",
    "withdraw_invitation": "a button",
    "answer_delegation": "a button",
    "revoke_delegation": "a button",
    "open_service": SIGNED_IN,
    "join_company": SIGNED_IN,
    "my_requests": SIGNED_IN,
    "my_request": SIGNED_IN,
    "invitation": SIGNED_IN,
    "company": SIGNED_IN,
    "edit_company": SIGNED_IN,
    "members": SIGNED_IN,
    "member": SIGNED_IN,
    "join_requests": SIGNED_IN,
    "join_request": SIGNED_IN,
    "invitations": SIGNED_IN,
    "delegations": SIGNED_IN,
    "user_list": SIGNED_IN,
}
