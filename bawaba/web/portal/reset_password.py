"""The reset screen: one page, one form, two buttons. The only authority is the code's own row, not the session."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from bawaba.domain.accounts import recovery
from bawaba.identifiers.addresses import email_key
from bawaba.infrastructure.codes.codes import CodeRefused
from bawaba.infrastructure.limits.counter import LimitReached
from bawaba.web.portal import device, refusals
from bawaba.web.ui import notices, sealed, session, source, values
from bawaba.web.ui.captcha import CaptchaField, HumanCheck
from bawaba.web.ui.fields import CodeField, EmailField
from bawaba.web.ui.notices import Notice
from bawaba.web.ui.pace import paced
from bawaba.web.ui.passwords import NewPasswordForm

ENTER, SEND, RESET = "enter", "send", "reset"  # the names of the three buttons; Enter presses the first, unseen one
SENT = "sent"  # the parameter that carries, sealed, the address a code was asked for
SENT_LIFE = 600  # seconds


class SendForm(HumanCheck):
    """The upper part: where the code goes."""

    human_check = "reset"

    email = EmailField(label=_("E-mail"), attrs={"autocomplete": "username"})
    captcha = CaptchaField()


class ResetForm(NewPasswordForm):
    """The lower part. The e-mail stands in the upper one; both are sent together."""

    field_order = ("email", "code", "password", "password2")

    email = EmailField(label=_("E-mail"))
    code = CodeField(label=_("E-mail verification code"), help_text="")

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].label = _("New password")
        self.fields["password"].help_text = _(
            "The password must have at least 8 characters, with upper-case and lower-case letters, digits and symbols, "
            "or be a phrase of 15 characters or more."
        )

    def context(self) -> list[str]:
        return [str(self.cleaned_data.get("email", ""))]


@require_http_methods(["GET", "HEAD", "POST"])
@paced
def reset_password(request: HttpRequest) -> HttpResponseBase:
    if request.method != "POST":
        typed = sealed.read(request.GET.get(SENT, ""), salt=SENT, life=SENT_LIFE)
        return _page(request, SendForm.of(request, initial={"email": typed}), sent_to=typed)
    if RESET in request.POST or (ENTER in request.POST and request.POST.get("code", "").strip()):
        return _reset(request)
    return _send(request)


def _send(request: HttpRequest) -> HttpResponseBase:
    form = SendForm.of(request)
    if not form.is_bound:  # another picture, or the spoken digits
        return _page(request, form)
    if not form.is_valid():
        return _page(request, form, status=422)
    email = form.cleaned_data["email"]
    try:
        recovery.send_code(
            email=email,
            language=get_language() or "ar",
            source=source.of(request),
            lane=device.lane(request, email_key(email)),
        )
    except LimitReached as reached:
        return _too_soon(request, reached)
    return notices.redirect(f"{reverse('reset_password')}?{SENT}={sealed.make(request.POST['email'], salt=SENT)}")


def _reset(request: HttpRequest) -> HttpResponseBase:
    form = ResetForm(request.POST)
    if not form.is_valid():
        return _page(request, _upper(request), form, status=422)
    email = form.cleaned_data["email"]
    try:
        recovery.reset_password(
            email=email,
            typed=form.cleaned_data["code"],
            password=form.cleaned_data["password"],
            source=source.of(request),
            lane=device.lane(request, email_key(email)),
        )
    except CodeRefused as refusal:
        form.add_error("code", refusals.sentence(refusal))
        return _page(request, _upper(request), form, status=422)
    session.drop_if_ended(request)
    return notices.redirect(reverse("sign_in"), Notice.PASSWORD_CHANGED)


def _too_soon(request: HttpRequest, reached: LimitReached) -> HttpResponse:
    response = _page(request, _upper(request), refusal=refusals.sentence(reached), status=429)
    response["Retry-After"] = str(values.seconds_until(reached.until))
    return response


def _upper(request: HttpRequest) -> SendForm:
    """The upper part beside a refused lower one: what was typed, with a new picture."""
    return SendForm(source=source.of(request), initial={"email": request.POST.get("email", "")})


def _page(
    request: HttpRequest,
    upper: SendForm,
    lower: ResetForm | None = None,
    *,
    sent_to: str = "",
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "upper": upper,
        "lower": lower or ResetForm(),
        "email": (lower or upper)["email"],
        "forms": [lower or upper],
        "sent_to": sent_to,
        "refusal": refusal,
    }
    return render(request, "portal/reset_password.html", context, status=status)
