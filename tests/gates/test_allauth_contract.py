"""What we take for granted of django-allauth. Run at each update: half of its releases carry security notices."""

import inspect
from collections.abc import Callable
from typing import Any

import pytest
from allauth.account import app_settings as account_settings
from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from allauth.account.forms import LoginForm, ReauthenticateForm
from allauth.account.stages import LoginStage, LoginStageController
from allauth.account.utils import perform_login
from allauth.account.views import LoginView
from allauth.mfa import app_settings as mfa_settings
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.adapter import get_adapter as get_factor_adapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AuthenticateWebAuthnForm
from django.core.management import call_command
from django.test import RequestFactory

from bawaba.web.portal.adapter import AccountAdapter
from bawaba.web.portal.factor_adapter import FactorAdapter

HOOKS: list[tuple[Callable[..., Any], list[str]]] = [
    (DefaultAccountAdapter.get_login_stages, ["self"]),
    (DefaultAccountAdapter.is_open_for_signup, ["self", "request"]),
    (DefaultAccountAdapter.get_client_ip, ["self", "request"]),
    (DefaultAccountAdapter.is_safe_url, ["self", "url"]),
    (DefaultAccountAdapter.is_ajax, ["self", "request"]),
    (DefaultAccountAdapter.send_mail, ["self", "template_prefix", "email", "context"]),
    (DefaultAccountAdapter.send_notification_mail, ["self", "template_prefix", "user", "context", "email"]),
    (DefaultAccountAdapter.authenticate, ["self", "request", "credentials"]),
    (DefaultAccountAdapter.authentication_failed, ["self", "request", "credentials"]),
    (DefaultAccountAdapter.reauthenticate, ["self", "user", "password"]),
    (DefaultAccountAdapter.is_reauthentication_required, ["self", "app", "kwargs"]),
    (DefaultAccountAdapter.respond_user_inactive, ["self", "request", "user"]),
    (DefaultAccountAdapter.login, ["self", "request", "user"]),
    (DefaultAccountAdapter.logout, ["self", "request"]),
    (DefaultAccountAdapter.get_login_redirect_url, ["self", "request"]),
    (DefaultAccountAdapter.get_logout_redirect_url, ["self", "request"]),
    (DefaultAccountAdapter.get_reauthentication_methods, ["self", "user"]),
    (DefaultMFAAdapter.encrypt, ["self", "text"]),
    (DefaultMFAAdapter.decrypt, ["self", "encrypted_text"]),
    (DefaultMFAAdapter.can_delete_authenticator, ["self", "authenticator"]),
    (DefaultMFAAdapter.get_totp_issuer, ["self"]),
    (DefaultMFAAdapter.build_totp_svg, ["self", "url"]),
    (DefaultMFAAdapter.generate_authenticator_name, ["self", "user", "type"]),
    (DefaultMFAAdapter.get_public_key_credential_rp_entity, ["self"]),
    (DefaultMFAAdapter.get_public_key_credential_user_entity, ["self", "user"]),
    (LoginForm.clean, ["self"]),
    (LoginForm.clean_login, ["self"]),
    (LoginForm.login, ["self", "request", "redirect_url"]),
    (ReauthenticateForm.clean_password, ["self"]),
    (AuthenticateForm.clean_code, ["self"]),
    (ActivateTOTPForm.clean_code, ["self"]),
    (AuthenticateWebAuthnForm.clean_credential, ["self"]),
    (LoginStage.handle, ["self"]),
    (LoginStage.exit, ["self"]),
    (LoginStageController.enter, ["request", "stage_key"]),
    (LoginView.get_context_data, ["self", "kwargs"]),
]


@pytest.mark.parametrize(("hook", "parameters"), HOOKS, ids=lambda value: getattr(value, "__qualname__", ""))
def test_hook_has_its_name_and_parameters(hook: Callable[..., Any], parameters: list[str]) -> None:
    assert list(inspect.signature(hook).parameters) == parameters


def test_parameters_of_perform_login() -> None:
    names = list(inspect.signature(perform_login).parameters)
    assert names[:2] == ["request", "user"]
    assert "signup" in names


def test_our_adapters_are_in_use() -> None:
    assert isinstance(get_adapter(), AccountAdapter)
    assert isinstance(get_factor_adapter(), FactorAdapter)


def test_second_factor_and_new_terms_stand_between_password_and_session(rf: RequestFactory) -> None:
    assert AccountAdapter(rf.get("/")).get_login_stages() == [
        "allauth.mfa.stages.AuthenticateStage",
        "bawaba.web.portal.new_terms.NewTerms",
    ]


def test_settings_are_as_decided() -> None:
    assert {"email"} == account_settings.LOGIN_METHODS
    assert account_settings.EMAIL_VERIFICATION == "none"
    assert account_settings.LOGOUT_ON_GET is False
    assert account_settings.REAUTHENTICATION_REQUIRED is True
    assert account_settings.REAUTHENTICATION_TIMEOUT == 300
    assert account_settings.LOGIN_TIMEOUT == 900
    assert account_settings.LOGIN_BY_CODE_ENABLED is False
    assert mfa_settings.TOTP_TOLERANCE == 0
    assert mfa_settings.RECOVERY_CODE_DIGITS == 20
    assert mfa_settings.RECOVERY_CODES_SHOW_ONCE is True
    assert mfa_settings.TRUST_ENABLED is False
    assert mfa_settings.WEBAUTHN_USER_VERIFICATION == "required"
    assert mfa_settings.WEBAUTHN_ALLOW_INSECURE_ORIGIN is False
    assert mfa_settings.TOTP_INSECURE_BYPASS_CODE is None
    assert mfa_settings.PASSKEY_SIGNUP_ENABLED is False


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
