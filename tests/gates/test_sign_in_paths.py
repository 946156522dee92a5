"""There is one way in: what else the libraries bring has no address, and no other code opens a session."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

PACKAGE = Path(__file__).parents[2] / "bawaba"

NEVER_MOUNTED = (
    "account_signup_by_passkey",
    "account_email",
    "account_confirm_email",
    "account_email_verification_sent",
    "account_set_password",
    "account_change_password",
    "account_reset_password_done",
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
    "account_request_login_code",
    "account_confirm_login_code",
    "account_change_phone",
    "account_verify_phone",
    "mfa_trust",
    "mfa_signup_webauthn",
    "mfa_list_webauthn",
    "mfa_download_recovery_codes",
    "usersessions_list",
    "socialaccount_connections",
    "socialaccount_login",
    "headless:account:login",
    "admin:index",
    "admin:login",
)

SWITCHED_OFF = (  # where the libraries would put these pages
    "/accounts/signup/",
    "/accounts/login/",
    "/accounts/password/reset/",
    "/accounts/password/set/",
    "/accounts/password/change/",
    "/accounts/email/",
    "/accounts/confirm-email/x/",
    "/accounts/login/code/",
    "/accounts/2fa/",
    "/accounts/2fa/trust/",
    "/accounts/social/login/error/",
    "/_allauth/browser/v1/auth/login",
    "/_allauth/app/v1/auth/signup",
    "/admin/",
    "/admin/login/",
)

OPENING = {"login", "alogin", "authenticate", "aauthenticate", "force_login", "perform_login", "complete_signup"}
MAY_OPEN = {
    "web/portal/adapter.py",
    "web/portal/sign_in.py",
    "infrastructure/messaging/providers/smtp.py",  # at the mail server
}


@pytest.mark.parametrize("name", NEVER_MOUNTED)
def test_page_of_the_library_has_no_address(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)


@pytest.mark.parametrize("path", SWITCHED_OFF)
def test_switched_off_page_refuses_a_raw_form(path: str, client: Client) -> None:  # RT-40
    assert client.post(path, {"email": "a@example.com", "password": "x"}).status_code == 404


def _patterns(resolver: URLResolver) -> Iterator[URLPattern]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from _patterns(entry)
        else:
            yield entry


def test_every_page_of_the_library_stands_behind_our_guard() -> None:
    """A view of the library that were mounted bare would keep refused forms, secrets included, in the session."""
    bare = [
        pattern.name
        for pattern in _patterns(get_resolver())
        if pattern.callback.__module__.startswith("allauth") and not hasattr(pattern.callback, "bawaba_guarded")
    ]
    assert bare == []


def test_no_other_code_opens_a_session() -> None:  # RT-25
    found = {
        str(path.relative_to(PACKAGE))
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and _name(node.func) in OPENING
    }
    assert found == MAY_OPEN


def test_insides_of_the_library_are_left_alone() -> None:
    """They may change with any release and are no part of the contract test."""
    found = {
        f"{path.relative_to(PACKAGE)}: {module}"
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for module in _imported(node)
        if module.startswith("allauth") and ".internal" in module
    }
    assert found == set()


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.ImportFrom):
        return [f"{node.module}.{alias.name}" for alias in node.names]
    return [alias.name for alias in node.names] if isinstance(node, ast.Import) else []


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""
