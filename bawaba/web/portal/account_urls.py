"""Signing in, security and the account: the pages of ours, and those of django-allauth that have an address at all."""

from django.urls import path

from bawaba.web.portal import confirm, factors, not_me, second_step, security, sign_in

urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("blocked/", sign_in.blocked, name="blocked"),
    path("not-me/<str:token>/", not_me.not_me, name="not_me"),
    path("security/", security.security, name="security"),
    path("security/add-factor/", factors.add_factor, name="add_factor"),
    path("security/recovery-codes/file/", factors.recovery_codes_file, name="recovery_codes_file"),
    path("security/sessions/<uuid:session_id>/end/", security.end_session, name="end_session"),
    path("security/sessions/end-others/", security.end_other_sessions, name="end_other_sessions"),
    path("security/devices/<uuid:device_id>/remove/", security.forget_device, name="forget_device"),
    # The names under which the library looks for pages. Nothing else of it is mounted.
    path("sign-in/", sign_in.sign_in, name="account_login"),
    path("sign-out/", sign_in.sign_out, name="account_logout"),
    path("blocked/", sign_in.blocked, name="account_inactive"),
    path("sign-in/second-step/", second_step.second_step, name="mfa_authenticate"),
    path("sign-in/passkey/", second_step.passkey_sign_in, name="mfa_login_webauthn"),
    path("confirm/", confirm.by_password, name="account_reauthenticate"),
    path("confirm/code/", confirm.by_code, name="mfa_reauthenticate"),
    path("confirm/passkey/", confirm.by_passkey, name="mfa_reauthenticate_webauthn"),
    path("security/", security.security, name="mfa_index"),
    path("security/authenticator/add/", factors.add_authenticator, name="mfa_activate_totp"),
    path("security/authenticator/remove/", factors.remove_authenticator, name="mfa_deactivate_totp"),
    path("security/passkeys/add/", factors.add_passkey, name="mfa_add_webauthn"),
    path("security/passkeys/<int:pk>/name/", factors.name_passkey, name="mfa_edit_webauthn"),
    path("security/passkeys/<int:pk>/remove/", factors.remove_passkey, name="mfa_remove_webauthn"),
    path("security/recovery-codes/", factors.show_recovery_codes, name="mfa_view_recovery_codes"),
    path("security/recovery-codes/new/", factors.make_recovery_codes, name="mfa_generate_recovery_codes"),
]
