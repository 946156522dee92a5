"""Signing in: with the e-mail and the password, the same work for each attempt, whoever has the address."""

import hmac
from typing import Any

from allauth.account.forms import LoginForm
from allauth.account.utils import perform_login
from allauth.account.views import LoginView
from django import forms
from django.conf import settings
from django.contrib.auth.backends import BaseBackend
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from bawaba.domain.accounts import actions, credentials
from bawaba.domain.accounts.models import User
from bawaba.domain.accounts.turnstile import turnstile
from bawaba.domain.registration.models import Registration
from bawaba.identifiers.addresses import email_key
from bawaba.infrastructure.limits import counter, table
from bawaba.web.portal import adapter, device, pending
from bawaba.web.portal.guard import guarded
from bawaba.web.portal.unfit import Unfit
from bawaba.web.ui import notices, source
from bawaba.web.ui.captcha import LISTEN, NEW, WORK, CaptchaField
from bawaba.web.ui.fields import EmailField, PasswordField
from bawaba.web.ui.notices import Notice


class Backend(BaseBackend):
    """The one comparison of a sign-in, and the only place that knows both an account and a request to register."""

    def authenticate(
        self, request: HttpRequest | None, email: str = "", password: str = "", **others: Any
    ) -> User | None:
        """Whose e-mail and password these are. Leaves a note when the password is right but opens nothing.

        A request to register is found by its own password whether or not the address has an account: else whoever made
        one for somebody else's address would learn here which it is. Its hash is compared after the other one, and
        only where its mark fits, so that nobody else sees by the time taken that there is a request.
        """
        user: User | None = User.objects.one_with_email(email)
        registration = Registration.objects.newest_pending_for(email)
        holder: User | Registration | None = user
        right = _matches(user, password)
        if not right and registration and _may_fit(registration, password):
            holder, right = registration, _matches(registration, password)
        if request is None or holder is None or not right:
            return None
        if isinstance(holder, Registration) or not holder.is_active:
            adapter.leave_sign_in_note(request, holder)
            return None
        if credentials.needs_rehash(holder.password):
            actions.renew_hash(user=holder, old=holder.password, new=credentials.hash_password(password))
        return holder

    def get_user(self, user_id: Any) -> User | None:
        """The person of a session: asked at each request, so that blocking somebody takes effect at once."""
        user: User | None = User.objects.open_one(user_id)
        return user


def begin(request: HttpRequest, user: User, *, leads_to: str) -> HttpResponseBase:
    """Signs in a person whose e-mail was proven just now. Every step between password and session still stands."""
    response: HttpResponseBase = perform_login(request, user, signup=True, redirect_url=leads_to)
    return response


def _matches(holder: User | Registration | None, password: str) -> bool:
    """One hash, always: that of the holder, else a dummy of the same cost."""
    usable = holder is not None and holder.password.startswith("!") is False
    encoded = holder.password if holder and usable else credentials.DUMMY
    return credentials.verify_password(password, encoded) and usable


def _may_fit(registration: Registration, password: str) -> bool:
    made = registration.password_mark
    return bool(made) and hmac.compare_digest(made, credentials.mark(password, registration.password))


class SignInForm(LoginForm):  # type: ignore[misc]  # the library has no types
    """E-mail and password. A note left by the backend is no failure: `login` then leads on."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="%s", label_suffix="", use_required_attribute=False, **kwargs)
        self.fields["login"] = EmailField(
            label=_("E-mail"), widget=forms.EmailInput(attrs={"autocomplete": "username"})
        )
        self.fields["password"] = PasswordField(
            label=_("Password"), widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
        )
        if asks_for_a_human(self.request):
            check = CaptchaField()
            check.serve("sign_in", source=source.of(self.request), asked_for=_button(self.request))
            self.fields["captcha"] = check

    def clean_login(self) -> str:
        return str(email_key(self.cleaned_data["login"]))

    def clean(self) -> dict[str, Any]:
        try:
            super().clean()
        except ValidationError:
            if adapter.sign_in_note(self.request) is None:
                raise ValidationError(_("The e-mail or the password is not correct."), code="credentials") from None
        cleaned: dict[str, Any] = self.cleaned_data
        return cleaned

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponseBase:
        note = adapter.sign_in_note(request)
        if note is None:
            response: HttpResponseBase = super().login(request, redirect_url)
            return response
        if isinstance(note, User):
            return redirect("blocked")
        response = redirect("activate")
        pending.give(response, note.id)
        return response


def asks_for_a_human(request: HttpRequest) -> bool:
    """While the whole portal meets too many wrong passwords, from browsers that nobody signed in from before."""
    attacked = settings.BAWABA.human_check and counter.stays_over(table.SIGN_IN_FAILURES_SITE)
    return attacked and not device.is_known(request)


def _button(request: HttpRequest) -> str:
    return next((name for name in (NEW, LISTEN, WORK) if name in request.POST), "")


class SignIn(Unfit, LoginView):  # type: ignore[misc]  # the library has no types
    form_class = SignInForm
    template_name = "portal/sign_in.html"

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        with turnstile().admitted():
            response: HttpResponse = super().post(*args, **kwargs)
        return response

    def get_form_kwargs(self) -> dict[str, Any]:
        """Asking for another picture is no attempt: the e-mail comes back and nothing is compared."""
        kwargs: dict[str, Any] = super().get_form_kwargs()
        if _button(self.request):
            return kwargs | {"data": None, "files": None, "initial": {"login": self.request.POST.get("login", "")}}
        return kwargs

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        ended = self.request.GET.get("ended")
        context: dict[str, Any] = super().get_context_data(idle=ended == "idle", over=ended == "life", **kwargs)
        return context


sign_in = guarded(SignIn.as_view())


@never_cache
@require_http_methods(["GET", "POST"])
def sign_out(request: HttpRequest) -> HttpResponse:
    """Ends the session on the server. A GET only asks."""
    if request.method == "GET":
        return render(request, "portal/sign_out.html")
    adapter.AccountAdapter(request).logout(request)
    response = notices.redirect(reverse("front"), Notice.SIGNED_OUT)
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response


@never_cache
@require_safe
def blocked(request: HttpRequest) -> HttpResponse:
    """Where a blocked person with the right password ends. It says no more than anybody may read."""
    return render(request, "portal/blocked.html")
