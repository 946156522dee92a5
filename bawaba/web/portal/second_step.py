"""The second step of a sign-in: a code of the authenticator, a passkey or a recovery code. Before it nobody is in."""

import json
from typing import Any

from allauth.account.stages import LoginStageController
from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.stages import AuthenticateStage
from allauth.mfa.webauthn.views import LoginWebAuthnView
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse

from bawaba.domain.accounts import allauth as factors
from bawaba.web.portal.guard import guarded
from bawaba.web.portal.unfit import Unfit
from bawaba.web.ui import notices
from bawaba.web.ui.notices import Notice


def passkey_options(options: Any) -> str:
    """The library's options, which are mappings inside mappings, as the text of a data attribute."""
    return json.dumps(options, default=dict)


class SecondStep(Unfit, AuthenticateView):  # type: ignore[misc]  # the library has no types
    template_name = "portal/second_step.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        types = set(factors.factors(self.stage.login.user).values_list("type", flat=True))
        return context | {
            "with_authenticator": factors.TOTP in types,
            "with_passkey": factors.PASSKEY in types,
            "passkey_options": passkey_options(context["js_data"]["request_options"]),
        }

    def form_invalid(self, form: Any) -> HttpResponse:
        if form is self.webauthn_form:
            return notices.redirect(reverse("mfa_authenticate"), Notice.PASSKEY_REFUSED)
        return super().form_invalid(form)


class PasskeySignIn(LoginWebAuthnView):  # type: ignore[misc]  # the library has no types
    """A passkey instead of e-mail and password. A GET gives the script its challenge."""

    def form_invalid(self, form: Any) -> HttpResponse:
        return notices.redirect(reverse("sign_in"), Notice.PASSKEY_REFUSED)


def _second_step(request: HttpRequest) -> HttpResponseBase:
    """Whose factors went meanwhile begins anew: the library would lead to the sign-in and from there back for ever."""
    stage = LoginStageController.enter(request, AuthenticateStage.key)
    if stage is not None and not factors.has_factor(stage.login.user):
        gone: HttpResponseBase = stage.abort()
        return gone
    response: HttpResponseBase = SecondStep.as_view()(request)
    return response


second_step = guarded(_second_step)
passkey_sign_in = guarded(PasskeySignIn.as_view())
