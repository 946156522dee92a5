"""Confirm it is you: the password, a code or a passkey once more, before something important is changed."""

from typing import Any

from allauth.account.forms import ReauthenticateForm
from allauth.account.views import ReauthenticateView
from allauth.mfa.base.views import ReauthenticateView as CodeView
from allauth.mfa.webauthn.views import ReauthenticateWebAuthnView as PasskeyView
from django import forms
from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

from bawaba.web.portal.guard import signed_in
from bawaba.web.portal.second_step import passkey_options
from bawaba.web.portal.unfit import Unfit
from bawaba.web.ui import notices
from bawaba.web.ui.fields import PasswordField
from bawaba.web.ui.notices import Notice


class ConfirmForm(ReauthenticateForm):  # type: ignore[misc]  # the library has no types
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="%s", label_suffix="", use_required_attribute=False, **kwargs)
        widget = forms.PasswordInput(attrs={"autocomplete": "current-password"})
        self.fields["password"] = PasswordField(label=_("Password"), widget=widget)


class ByPassword(Unfit, ReauthenticateView):  # type: ignore[misc]  # the library has no types
    form_class = ConfirmForm
    template_name = "portal/confirm.html"


class ByCode(Unfit, CodeView):  # type: ignore[misc]  # the library has no types
    template_name = "portal/confirm.html"


class ByPasskey(PasskeyView):  # type: ignore[misc]  # the library has no types
    template_name = "portal/confirm_passkey.html"

    def form_invalid(self, form: Any) -> HttpResponse:
        return notices.redirect(self.passthrough_next_url(self.request.path), Notice.PASSKEY_REFUSED)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"passkey_options": passkey_options(context["js_data"]["request_options"])}


by_password = signed_in(ByPassword.as_view())
by_code = signed_in(ByCode.as_view())
by_passkey = signed_in(ByPasskey.as_view())
