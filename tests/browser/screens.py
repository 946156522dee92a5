"""The screens that the browser walks. A page of the portal that is neither here nor excused fails a gate."""

from dataclasses import dataclass, field

from tests.browser import arrivals, people
from tests.browser.arrivals import Arrival
from tests.browser.visitor import Visitor


@dataclass(frozen=True)
class Screen:
    """`route` is the name of its address, `path` where the visitor begins; `arrive` leads from there to the state.

    Without a path `arrive` opens the first page itself.
    """

    name: str
    route: str
    path: str
    arrive: Arrival = field(default=arrivals.stay)
    enter: tuple[str, ...] = ()  # the buttons that Enter may press in a field, by name

    def show(self, visitor: Visitor) -> None:
        if self.path:
            visitor.open(self.path)
        self.arrive(visitor)


SCRIPT = "nothing"  # the script answers the press itself
INVITATION = "/invitations/00000000-0000-4000-8000-000000000000/"

SCREENS: tuple[Screen, ...] = (
    Screen("front", "front", "/"),
    Screen("company_services", "company_services", "/company-services/"),
    Screen("register", "register", "/register/", enter=("send",)),
    Screen("register_errors", "register", "/register/", arrivals.pressed("send"), enter=("send",)),
    Screen("register_listening", "register", "/register/", arrivals.listening, enter=("send",)),
    Screen("activate", "activate", "", arrivals.registered, enter=("verify", "correct")),
    Screen("activate_wrong_code", "verify_email", "", arrivals.wrong_code, enter=("verify", "correct")),
    Screen("sign_in", "sign_in", "/sign-in/", enter=("sign_in",)),
    Screen("sign_in_refused", "sign_in", "/sign-in/", arrivals.wrong_password, enter=("sign_in",)),
    Screen("sign_out", "sign_out", "/sign-out/"),
    Screen("reset_password", "reset_password", "/reset-password/", enter=("enter",)),
    Screen("reset_password_sent", "reset_password", "/reset-password/", arrivals.reset_sent, enter=("enter",)),
    Screen("reset_password_errors", "reset_password", "/reset-password/", arrivals.pressed("reset"), enter=("enter",)),
    # signed in
    Screen("home", "home", "", arrivals.opened("/home/")),
    Screen("home_waiting", "home", "", arrivals.opened("/home/", people.applicant)),
    Screen("home_several", "home", "", arrivals.opened("/home/", people.broker)),
    Screen("open_service", "open_service", "", arrivals.opened("/services/declarations/")),
    Screen("my_requests", "my_requests", "", arrivals.opened("/requests/", people.invited)),
    Screen("my_request", "my_request", "", arrivals.opened("/requests/", people.applicant, link="/requests/")),
    Screen("my_membership", "my_request", "", arrivals.opened("/requests/", link="/requests/")),
    Screen("invitation", "invitation", "", arrivals.opened("/requests/", people.invited, link="/invitations/")),
    Screen("invitation_stranger", "invitation", INVITATION),
    Screen("invitation_other", "invitation", "", arrivals.opened(INVITATION)),
    Screen("join_company", "join_company", "", arrivals.opened("/join/"), enter=("ask",)),
    Screen("join_company_errors", "join_company", "", arrivals.sent("/join/", "ask"), enter=("ask",)),
    # the company
    Screen("company", "company", "", arrivals.opened("/company/"), enter=("add",)),
    Screen("company_numbers", "company", "", arrivals.numbered, enter=("add",)),
    Screen("edit_company", "edit_company", "", arrivals.opened("/company/edit/"), enter=("save",)),
    Screen("edit_company_errors", "edit_company", "", arrivals.sent("/company/edit/", "save"), enter=("save",)),
    Screen("members", "members", "", arrivals.opened("/company/members/"), enter=("search",)),
    Screen("member", "member", "", arrivals.opened("/company/members/", link="/company/members/"), enter=("save",)),
    Screen("member_suspended", "member", "", arrivals.suspended_member, enter=("save",)),
    Screen("join_requests", "join_requests", "", arrivals.beside(people.applicant, "/company/requests/")),
    Screen(
        "join_request",
        "join_request",
        "",
        arrivals.beside(people.applicant, "/company/requests/", link="/company/requests/"),
        enter=("admit",),
    ),
    Screen(
        "invitations", "invitations", "", arrivals.beside(people.invited, "/company/invitations/"), enter=("invite",)
    ),
    Screen(
        "invitations_errors", "invitations", "", arrivals.sent("/company/invitations/", "invite"), enter=("invite",)
    ),
    Screen("delegations", "delegations", "", arrivals.opened("/company/delegations/"), enter=("give",)),
    Screen(
        "delegations_given",
        "delegations",
        "",
        arrivals.beside(people.broker, "/company/delegations/"),
        enter=("give",),
    ),
    Screen(
        "delegations_received",
        "delegations",
        "",
        arrivals.opened("/company/delegations/", people.broker),
        enter=("give",),
    ),
    Screen("delegations_errors", "delegations", "", arrivals.sent("/company/delegations/", "give"), enter=("give",)),
    Screen("user_list", "user_list", "", arrivals.opened("/company/users/")),
    # the services
    Screen("consent", "consent", "", arrivals.sent_by("sample")),
    Screen("closed", "authorize", "", arrivals.sent_by("for-verified")),
    Screen("unanswerable", "authorize", "", arrivals.sent_by("nobody")),
    Screen("connected_services", "connected_services", "", arrivals.opened("/connected-services/", people.allowing)),
    Screen("service_sign_out", "service_sign_out", "", arrivals.opened("/sign-out/service/?client_id=sample")),
    # the account
    Screen("account", "account", "", arrivals.opened("/account/")),
    Screen("change_name", "change_name", "", arrivals.opened("/account/name/"), enter=("save",)),
    Screen("change_language", "change_language", "", arrivals.opened("/account/language/"), enter=("save",)),
    Screen("change_email", "change_email", "", arrivals.opened("/account/email/"), enter=("send",)),
    Screen("change_mobile", "change_mobile", "", arrivals.opened("/account/mobile/"), enter=("send",)),
    Screen(
        "prove_email",
        "prove_email",
        "",
        arrivals.sent_code("/account/email/", "maryam.elsewhere@example.com"),
        enter=("verify",),
    ),
    Screen("prove_mobile", "prove_mobile", "", arrivals.sent_code("/account/mobile/", "60000987"), enter=("verify",)),
    Screen("civil_number", "civil_number", "", arrivals.opened("/account/civil-number/")),
    Screen("my_data", "my_data", "", arrivals.opened("/account/data/")),
    Screen("close_account", "close_account", "", arrivals.opened("/account/close/"), enter=("close",)),
    Screen("confirm", "account_reauthenticate", "", arrivals.asked("/confirm/"), enter=("confirm",)),
    Screen("security", "security", "", arrivals.opened("/security/")),
    Screen("change_password", "change_password", "", arrivals.opened("/security/password/"), enter=("save",)),
    Screen("add_factor", "add_factor", "", arrivals.opened("/security/add-factor/")),
    Screen(
        "add_authenticator", "mfa_activate_totp", "", arrivals.opened("/security/authenticator/add/"), enter=("add",)
    ),
    Screen("second_step", "mfa_authenticate", "", arrivals.second_step, enter=("verify",)),
    Screen(
        "confirm_code",
        "mfa_reauthenticate",
        "",
        arrivals.asked("/confirm/code/", people.protected),
        enter=("confirm",),
    ),
    Screen("confirm_passkey", "mfa_reauthenticate_webauthn", "", arrivals.asked("/confirm/passkey/", people.protected)),
    Screen("security_protected", "security", "", arrivals.opened("/security/", people.protected)),
    Screen(
        "remove_authenticator",
        "mfa_deactivate_totp",
        "",
        arrivals.opened("/security/authenticator/remove/", people.protected),
    ),
    Screen(
        "name_passkey",
        "mfa_edit_webauthn",
        "",
        arrivals.opened("/security/", people.protected, link="/security/passkeys/", ending="/name/"),
        enter=("save",),
    ),
    Screen(
        "remove_passkey",
        "mfa_remove_webauthn",
        "",
        arrivals.opened("/security/", people.protected, link="/security/passkeys/", ending="/remove/"),
    ),
    Screen(
        "recovery_codes",
        "mfa_view_recovery_codes",
        "",
        arrivals.opened("/security/recovery-codes/", people.protected),
    ),
    Screen(
        "make_recovery_codes",
        "mfa_generate_recovery_codes",
        "",
        arrivals.opened("/security/recovery-codes/new/", people.protected),
    ),
    Screen("add_passkey", "mfa_add_webauthn", "", arrivals.opened("/security/passkeys/add/"), enter=(SCRIPT,)),
    Screen("blocked", "blocked", "/blocked/"),
    Screen("not_me", "not_me", "", arrivals.not_me),
    Screen("objection", "objection", "", arrivals.objection),
    Screen("objection_used", "objection", "/objection/used/"),
    Screen("not_me_used", "not_me", "/not-me/used/"),
    # texts
    Screen("support", "support", "/support/"),
    Screen("guide", "guide", "/guide/"),
    Screen("roles", "roles", "/roles/"),
    Screen("terms", "terms", "/terms/"),
    Screen("privacy", "privacy", "/privacy/"),
    Screen("accessibility", "accessibility", "/accessibility/"),
    Screen("inbox", "inbox", "/inbox/"),
    Screen("not_found", "", "/there-is-no-such-page/"),
)

LIBRARY = "the name under which django-allauth looks for a page of ours"
PROGRAMS = "for services and not for people"

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
    "my_data_file": "a file",
    "new_terms": "only for whoever has not agreed to them: tests/browser/test_way_back.py",
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
    "withdraw_service": "a button",
    "openid_configuration": PROGRAMS,
    "authorization_server": PROGRAMS,
    "jwks": PROGRAMS,
    "token": PROGRAMS,
    "revoke": PROGRAMS,
    "introspect": PROGRAMS,
    "userinfo": PROGRAMS,
    "service_end_session": "leads on to service_sign_out",
}
