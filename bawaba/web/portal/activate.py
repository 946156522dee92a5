"""The activation screen: two codes, two parts. All it may do hangs on the signed pending cookie: no session yet."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from bawaba.domain.accounts.models import User
from bawaba.domain.registration import actions, sending
from bawaba.domain.registration.models import Registration
from bawaba.identifiers.kw import mask_mobile
from bawaba.infrastructure.codes.codes import CodeRefused
from bawaba.infrastructure.limits import counter, table
from bawaba.infrastructure.limits.counter import LimitReached
from bawaba.web.portal import delivery, pending, refusals, sign_in
from bawaba.web.ui import notices, source, values
from bawaba.web.ui.fields import CodeField, EmailField
from bawaba.web.ui.forms import Form
from bawaba.web.ui.notices import Notice
from bawaba.web.ui.pace import paced

View = Callable[[HttpRequest, Registration], HttpResponseBase]


class CodeForm(Form):
    """One box and its button. `prefix` names the part, so that both can stand on one page."""

    code = CodeField()


class CorrectForm(Form):
    new_email = EmailField(label=_("New e-mail"))


def _of_this_browser(view: View) -> Callable[[HttpRequest], HttpResponseBase]:
    """Finds the request this browser may go on with; else leads to signing in, which finds it on any device."""

    @wraps(view)
    def found(request: HttpRequest) -> HttpResponseBase:
        held = pending.read(request)
        registration = Registration.objects.pending().filter(id=held).first() if held else None
        if registration is None:
            return notices.redirect(reverse("sign_in"), Notice.SIGN_IN_TO_GO_ON)
        return view(request, registration)

    return found


def _act(view: View) -> Callable[[HttpRequest], HttpResponseBase]:
    """A button of the page. Its address opened by hand leads to the page; a request that is over, to signing in."""

    @paced
    @_of_this_browser
    @wraps(view)
    def act(request: HttpRequest, registration: Registration) -> HttpResponseBase:
        if request.method != "POST":
            return notices.redirect(reverse("activate"))
        try:
            return view(request, registration)
        except actions.NoLongerPending:
            response = notices.redirect(reverse("sign_in"), Notice.SIGN_IN_TO_GO_ON)
            pending.drop(response)
            return response

    return act


@require_GET
@_of_this_browser
def activate(request: HttpRequest, registration: Registration) -> HttpResponseBase:
    return _page(request, registration)


@_act
def verify_email(request: HttpRequest, registration: Registration) -> HttpResponseBase:
    return _verify(request, registration, "email", actions.verify_email, Notice.EMAIL_PROVEN)


@_act
def verify_mobile(request: HttpRequest, registration: Registration) -> HttpResponseBase:
    return _verify(request, registration, "mobile", actions.verify_mobile, Notice.MOBILE_PROVEN)


@_act
def resend_email(request: HttpRequest, registration: Registration) -> HttpResponseBase:
    return _resend(request, registration, actions.resend_email_code)


@_act
def resend_mobile(request: HttpRequest, registration: Registration) -> HttpResponseBase:
    return _resend(request, registration, actions.resend_mobile_code)


@_act
def correct_email(request: HttpRequest, registration: Registration) -> HttpResponseBase:
    form = CorrectForm(request.POST)
    if not form.is_valid():
        return _page(request, registration, form, status=422)
    try:
        actions.correct_email(registration, email=form.cleaned_data["new_email"], source=source.of(request))
    except LimitReached as refusal:
        form.add_error("new_email", refusals.sentence(refusal))
        return _page(request, registration, form, refusal=refusal)
    return notices.redirect(reverse("activate"), Notice.CORRECTED)


@_act
def leave(request: HttpRequest, registration: Registration) -> HttpResponseBase:
    """Take the request from this browser. It stays where it is: signing in with its e-mail and password finds it."""
    response = notices.redirect(reverse("front"))
    pending.drop(response)
    return response


def _verify(
    request: HttpRequest, registration: Registration, part: str, prove: Callable[..., User | None], notice: Notice
) -> HttpResponseBase:
    form = CodeForm(request.POST, prefix=part)
    if not form.is_valid():
        return _page(request, registration, form, status=422)
    try:
        user = prove(registration, typed=form.cleaned_data["code"], source=source.of(request))
    except actions.CivilIdTaken:
        return _disputed(request)
    except (CodeRefused, LimitReached) as refusal:
        form.add_error("code", refusals.sentence(refusal))
        return _page(request, registration, form, refusal=refusal)
    return _go_on(request, user, notice)


def _resend(request: HttpRequest, registration: Registration, send: Callable[..., None]) -> HttpResponseBase:
    try:
        send(registration, source=source.of(request))
    except LimitReached as refusal:
        return _page(request, registration, refusal=refusal)
    return notices.redirect(reverse("activate"), Notice.RESENT)


def _go_on(request: HttpRequest, user: User | None, notice: Notice) -> HttpResponseBase:
    if user is None:
        return notices.redirect(reverse("activate"), notice)
    response = sign_in.begin(request, user, leads_to=notices.redirect(reverse("home"), Notice.ACTIVATED).url)
    pending.drop(response)
    return response


def _disputed(request: HttpRequest) -> HttpResponse:
    response = render(request, "portal/activate_disputed.html", status=409)
    pending.drop(response)
    return response


def _page(
    request: HttpRequest,
    registration: Registration,
    form: Form | None = None,
    *,
    status: int = 200,
    refusal: Exception | None = None,
) -> HttpResponse:
    """The screen; `form` is the part that was sent and stands in for the empty one."""
    limited = refusal if isinstance(refusal, LimitReached) else None
    parts = {
        "email": CodeForm(prefix="email"),
        "mobile": CodeForm(prefix="mobile"),
        "correct": CorrectForm(initial={"new_email": registration.email}),
    }
    if form is not None:
        parts["correct" if isinstance(form, CorrectForm) else str(form.prefix)] = form
    parts["mobile"].fields["code"].required = sending.mobile_is_required()  # for its star: nobody has to prove it here
    context = {
        "registration": registration,
        "forms": list(parts.values()),
        "parts": parts,
        "mobile_masked": mask_mobile(registration.mobile),
        "mobile_asked": sending.mobile_is_asked(),
        "mobile_required": sending.mobile_is_required(),
        "email_line": delivery.line(registration.email_challenge),
        "mobile_line": delivery.line(registration.mobile_challenge),
        "email_wait": values.seconds_until(counter.peek(table.SEND_EMAIL, registration.email_key)),
        "mobile_wait": values.seconds_until(counter.peek(table.SEND_SMS, registration.mobile)),
        "refusal": refusals.sentence(limited) if limited and form is None else "",
    }
    response = render(request, "portal/activate.html", context, status=_status(refusal, status))
    if limited and not limited.closed:
        response["Retry-After"] = str(values.seconds_until(limited.until))
    return response


def _status(refusal: Exception | None, otherwise: int) -> int:
    if refusal is None:
        return otherwise
    return 429 if isinstance(refusal, LimitReached) else 422
