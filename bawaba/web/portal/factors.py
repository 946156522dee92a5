"""Adding and removing second factors: the authenticator, passkeys, recovery codes."""

import re
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView, ViewRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView, EditWebAuthnView, RemoveWebAuthnView
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from bawaba.domain.accounts import allauth as factors
from bawaba.identifiers.digits import clean_number
from bawaba.web.portal import enrolment
from bawaba.web.portal.guard import signed_in
from bawaba.web.portal.second_step import passkey_options
from bawaba.web.portal.unfit import Unfit
from bawaba.web.ui.requests import repeatable
from bawaba.web.ui.session import person

BACK = reverse_lazy("security")
CODE = re.compile(rf"[0-9]{{{settings.MFA_RECOVERY_CODE_DIGITS}}}")
MOST_CODES = 10


class AddAuthenticator(Unfit, ActivateTOTPView):  # type: ignore[misc]  # the library has no types
    template_name = "portal/factor_authenticator.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        secret = context["form"].secret
        groups = [secret[at : at + 4] for at in range(0, len(secret), 4)]
        return context | {"key": " ".join(groups)}


class RemoveAuthenticator(Unfit, DeactivateTOTPView):  # type: ignore[misc]  # the library has no types
    template_name = "portal/factor_remove.html"
    success_url = BACK

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"name": _("Authenticator app"), "stays": not _may_go(self.authenticator)}


class AddPasskey(Unfit, AddWebAuthnView):  # type: ignore[misc]  # the library has no types
    template_name = "portal/factor_passkey.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {
            "passkey_options": passkey_options(context["js_data"]["creation_options"]),
            "with_authenticator": factors.factors(self.request.user).filter(type=factors.TOTP).exists(),
        }


class NamePasskey(Unfit, EditWebAuthnView):  # type: ignore[misc]  # the library has no types
    template_name = "portal/factor_name.html"
    success_url = BACK


class RemovePasskey(Unfit, RemoveWebAuthnView):  # type: ignore[misc]  # the library has no types
    """The library asks nobody before the last passkey goes: this asks the policy."""

    template_name = "portal/factor_remove.html"
    success_url = BACK

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"name": self.object.wrap().name, "stays": not _may_go(self.object)}

    def form_valid(self, form: Any) -> HttpResponse:
        if not _may_go(self.object):
            form.add_error(None, get_adapter().validation_error("cannot_delete_authenticator"))
        response: HttpResponse = self.form_invalid(form) if form.errors else super().form_valid(form)
        return response


class ShowRecoveryCodes(ViewRecoveryCodesView):  # type: ignore[misc]  # the library has no types
    """Shown once: the first time after they were made. Later only how many are left."""

    template_name = "portal/recovery_codes.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        codes = context["unused_codes"] if context["can_view_codes"] else []
        return context | {"codes": [in_groups(code) for code in codes], "left": len(context["unused_codes"])}


class MakeRecoveryCodes(Unfit, GenerateRecoveryCodesView):  # type: ignore[misc]  # the library has no types
    template_name = "portal/recovery_codes_new.html"


def in_groups(code: str) -> str:
    """Twenty digits in groups of five, as they are easier to copy by hand."""
    return " ".join(code[at : at + 5] for at in range(0, len(code), 5))


def _may_go(row: Any) -> bool:
    return bool(get_adapter().can_delete_authenticator(row))


@signed_in
@repeatable("code")
@require_POST
def recovery_codes_file(request: HttpRequest) -> HttpResponse:
    """The codes that the page has just shown, as a file. They come from that page: the server shows them only once."""
    codes = [clean_number(code) for code in request.POST.getlist("code")]
    if not codes or len(codes) > MOST_CODES or not all(CODE.fullmatch(code) for code in codes):
        return HttpResponseBadRequest()
    text = render_to_string("portal/recovery_codes.txt", {"codes": [in_groups(code) for code in codes]})
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="recovery-codes.txt"'
    return response


@signed_in
def add_factor(request: HttpRequest) -> HttpResponse:
    """Which second factor to add. Where the policy demands one, nothing else opens before it."""
    return render(request, "portal/add_factor.html", {"demanded": enrolment.demanded(person(request))})


add_authenticator = signed_in(AddAuthenticator.as_view(), atomic=True)
remove_authenticator = signed_in(RemoveAuthenticator.as_view(), atomic=True)
add_passkey = signed_in(AddPasskey.as_view(), atomic=True)
name_passkey = signed_in(NamePasskey.as_view(), atomic=True)
remove_passkey = signed_in(RemovePasskey.as_view(), atomic=True)
show_recovery_codes = signed_in(ShowRecoveryCodes.as_view())
make_recovery_codes = signed_in(MakeRecoveryCodes.as_view(), atomic=True)
