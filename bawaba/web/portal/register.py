"""The registration form: the guide's fields, one picture, one request."""

import secrets
import time
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from bawaba.domain.registration import actions, sending
from bawaba.domain.registration.actions import Consent, Details
from bawaba.domain.registration.models import Registration
from bawaba.web.portal import pending, texts
from bawaba.web.ui import notices, source
from bawaba.web.ui.captcha import USED_UP, CaptchaField, HumanCheck
from bawaba.web.ui.fields import CivilIdField, CrNumberField, EmailField, MobileField, NameField
from bawaba.web.ui.pace import paced
from bawaba.web.ui.passwords import NewPasswordForm

CONTEXT = ("first_name", "last_name", "civil_id", "cr_number", "mobile", "email")
TWIN_WAIT = 1.0  # seconds: how long the second of two presses waits for the first
GENDERS = [("", _("Please choose a gender")), ("m", _("Male")), ("f", _("Female"))]


def _nonce() -> str:
    return secrets.token_urlsafe(32)


class RegisterForm(HumanCheck, NewPasswordForm):
    """`nonce` is new with each form that is drawn: sending one form twice makes one request."""

    human_check = "register"
    field_order = (
        "first_name",
        "last_name",
        "gender",
        "civil_id",
        "cr_number",
        "mobile",
        "email",
        "password",
        "password2",
        "captcha",
        "terms",
    )
    alike = True

    nonce = forms.RegexField(r"^[A-Za-z0-9_-]+\Z", widget=forms.HiddenInput, initial=_nonce, max_length=64)
    first_name = NameField(label=_("First name"), attrs={"autocomplete": "given-name"})
    last_name = NameField(label=_("Last name"), attrs={"autocomplete": "family-name"})
    gender = forms.ChoiceField(label=_("Gender"), choices=GENDERS)
    civil_id = CivilIdField(
        label=_("Civil number (Civil ID)"), help_text=_("Enter your civil ID card number correctly.")
    )
    cr_number = CrNumberField(
        label=_("Company commercial registration number"),
        help_text=_("It stands on the commercial registration certificate; it is not the number of the licence."),
    )
    mobile = MobileField(
        label=_("Mobile phone number"), help_text=_("Enter a mobile number that is correct and active.")
    )
    email = EmailField(label=_("E-mail"), help_text=_("Enter an e-mail address that is correct and active."))
    captcha = CaptchaField()
    terms = forms.BooleanField(
        label=_("I agree to the terms and conditions"),
        error_messages={"required": _("You must agree to the terms and conditions.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if settings.BAWABA.registration_gender == "hidden":
            del self.fields["gender"]
        else:
            self.fields["gender"].required = settings.BAWABA.registration_gender == "required"

    def lacks_only_its_picture(self) -> bool:
        """Whether all is right but that the picture was used up: by a press of the same button, most likely."""
        return len(self.errors) == 1 and self.has_error("captcha", USED_UP)

    def context(self) -> list[str]:
        return [str(self.cleaned_data.get(name, "")) for name in CONTEXT]


@require_http_methods(["GET", "HEAD", "POST"])
@paced
def register(request: HttpRequest) -> HttpResponseBase:
    if request.method == "POST" and (earlier := _made_from(request)):
        return _to_activation(earlier)
    form = RegisterForm.of(request)
    if not form.is_bound:
        return _page(request, form)
    if not form.is_valid():
        twin = _twin(request) if form.lacks_only_its_picture() else None
        return _to_activation(twin) if twin else _page(request, form, status=422)
    return _to_activation(_submit(request, form.cleaned_data))


def _submit(request: HttpRequest, typed: dict[str, Any]) -> Registration:
    agreed = texts.terms()
    return actions.submit(
        details=Details(
            first_name=typed["first_name"],
            last_name=typed["last_name"],
            gender=typed.get("gender", ""),
            civil_id=typed["civil_id"],
            cr_number=typed["cr_number"],
            mobile=typed["mobile"],
            email=typed["email"],
        ),
        password=typed["password"],
        consent=Consent(version=agreed.version, text_hash=agreed.digest),
        language=get_language() or settings.LANGUAGE_CODE,
        nonce=typed["nonce"],
        source=source.of(request),
    )


def _made_from(request: HttpRequest) -> Registration | None:
    """The request that this very form has made already: the button was pressed twice, or the page sent again."""
    nonce = request.POST.get("nonce", "")
    return Registration.objects.pending().filter(nonce=nonce).first() if nonce else None


def _twin(request: HttpRequest) -> Registration | None:
    """The same, while its twin may still be at work: of two presses at once, the second finds the picture used up."""
    end = time.monotonic() + TWIN_WAIT
    while time.monotonic() < end:
        if made := _made_from(request):
            return made
        time.sleep(0.05)
    return None


def _to_activation(registration: Registration) -> HttpResponseBase:
    response = notices.redirect(reverse("activate"))
    pending.give(response, registration.id)
    return response


def _page(request: HttpRequest, form: RegisterForm, *, status: int = 200) -> HttpResponse:
    context = {"form": form, "mobile_asked": sending.mobile_is_asked()}
    return render(request, "portal/register.html", context, status=status)
