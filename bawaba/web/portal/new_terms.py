"""The terms have a new version: it is read and accepted between signing in and the session, or one leaves."""

from allauth.account.stages import LoginStage, LoginStageController
from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from bawaba.domain.accounts import actions
from bawaba.domain.accounts.models import Consent, User
from bawaba.web.portal import texts
from bawaba.web.ui.forms import Form


class NewTerms(LoginStage):  # type: ignore[misc]  # the library has no types
    key = "new_terms"
    urlname = "new_terms"

    def handle(self) -> tuple[HttpResponse | None, bool]:
        """The page, for whoever has not accepted the version in force; the library keeps the sign-in meanwhile."""
        return (None, True) if _accepted(self.login.user) else (redirect(self.urlname), True)


class TermsForm(Form):
    terms = forms.BooleanField(
        label=_("I agree to the terms and conditions"),
        error_messages={"required": _("You must agree to the terms and conditions.")},
    )


@never_cache
def new_terms(request: HttpRequest) -> HttpResponseBase:
    stage = LoginStageController.enter(request, NewTerms.key)
    if stage is None:
        return redirect("sign_in")
    text = texts.terms()
    form = TermsForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        actions.agree_to_terms(user=stage.login.user, version=text.version, text_hash=text.digest)
        response: HttpResponseBase = stage.exit()
        return response
    status = 422 if form.is_bound else 200
    first = not stage.login.user.consents.exists()  # of another system
    return render(request, "portal/new_terms.html", {"form": form, "terms": text, "first": first}, status=status)


def _accepted(user: User) -> bool:
    return Consent.objects.given(user, texts.terms().version)
