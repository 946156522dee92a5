"""The person's own data, and the way to change each of them."""

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bawaba.domain.accounts import actions
from bawaba.identifiers.kw import mask_civil_id
from bawaba.infrastructure.messaging import outbox
from bawaba.infrastructure.messaging.kinds import Channel
from bawaba.web.portal.guard import fresh, signed_in
from bawaba.web.ui import language, notices
from bawaba.web.ui.fields import NameField
from bawaba.web.ui.forms import Form
from bawaba.web.ui.notices import Notice
from bawaba.web.ui.session import person


class NameForm(Form):
    first_name = NameField(label=_("First name"), attrs={"autocomplete": "given-name"})
    last_name = NameField(label=_("Last name"), attrs={"autocomplete": "family-name"})


class LanguageForm(Form):
    language = forms.ChoiceField(label=_("Language of messages"), choices=settings.LANGUAGES)


@signed_in
def account(request: HttpRequest) -> HttpResponse:
    return _facts(request, mask_civil_id(person(request).civil_id))


@fresh
def civil_number(request: HttpRequest) -> HttpResponse:
    """The same page with the whole civil number, after the person proved once more who they are."""
    return _facts(request, person(request).civil_id)


def _facts(request: HttpRequest, civil_id: str) -> HttpResponse:
    user = person(request)
    context = {
        "civil_id": civil_id,
        "masked": civil_id != user.civil_id,
        "consents": user.consents.order_by("-given_at"),
        "mobile_can_be_proven": settings.BAWABA.mobile_proof != "off" and outbox.available(Channel.SMS),
    }
    return render(request, "portal/account.html", context)


@signed_in
def change_name(request: HttpRequest) -> HttpResponseBase:
    user = person(request)
    form = NameForm(_posted(request), initial={"first_name": user.first_name, "last_name": user.last_name})
    if form.is_valid():
        actions.change_name(user=user, **form.cleaned_data)
        return notices.redirect(reverse("account"), Notice.SAVED)
    return _form(request, form, _("Change the name"))


@signed_in
def change_language(request: HttpRequest) -> HttpResponseBase:
    """The language of messages, and from here on of the pages."""
    user = person(request)
    form = LanguageForm(_posted(request), initial={"language": user.language})
    if form.is_valid():
        chosen = form.cleaned_data["language"]
        actions.set_language(user=user, language=chosen)
        return notices.redirect(language.in_language(reverse("account"), chosen), Notice.SAVED)
    return _form(request, form, _("Language of messages"))


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _form(request: HttpRequest, form: Form, heading: Any) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return render(request, "portal/account_form.html", {"form": form, "heading": heading}, status=status)
