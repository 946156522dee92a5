"""The company's page: its facts and how far they are proven, its other numbers, and the way to what one manages."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from bawaba.domain.companies import actions
from bawaba.domain.companies.models import SOON, TYPE_NAMES, Company, CompanyIdentifier, LegalForm
from bawaba.domain.companies.roles import Permission
from bawaba.identifiers.names import clean_title
from bawaba.identifiers.problem import Problem
from bawaba.web.portal.guard import signed_in
from bawaba.web.ui import acting, notices
from bawaba.web.ui.fields import CleanedField, LineField, today_in_kuwait
from bawaba.web.ui.forms import Form
from bawaba.web.ui.notices import Notice
from bawaba.web.ui.session import person


def managed(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A page for who manages the company they act for; the company is the view's second argument."""

    @signed_in
    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        now = acting.of(request)
        if now is None:
            return redirect("home")
        if not now.may(Permission.MANAGE):
            raise PermissionDenied
        try:
            return view(request, now.company, *args, **kwargs)
        except actions.NotAllowed as refused:
            raise PermissionDenied from refused

    return inner


def _title(text: str) -> str:
    try:
        return clean_title(text)
    except Problem as problem:
        if problem.code == "required":
            return ""
        raise


class TitleField(CleanedField):
    sentence = _("The name contains characters that are not allowed.")
    sentences = {"length": _("The name may have at most 200 characters.")}

    def __init__(self, **options: Any) -> None:
        super().__init__(_title, **options)


class CompanyForm(Form):
    name_ar = TitleField(label=_("Name in Arabic"), required=False)
    name_en = TitleField(label=_("Name in English"), required=False, attrs={"dir": "ltr"})
    legal_form = forms.ChoiceField(label=_("Legal form"), required=False)
    joint_signature = forms.BooleanField(label=_("Several signatories sign together"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "ar"
        options = [(each.code, each.name(language)) for each in LegalForm.objects.filter(may_register=True)]
        choice = self.fields["legal_form"]
        assert isinstance(choice, forms.ChoiceField)  # noqa: S101 declared above
        choice.choices = [("", _("Please choose the legal form")), *options]


class IdentifierForm(Form):
    type = forms.ChoiceField(label=_("Kind of number"), choices=list(TYPE_NAMES.items()))
    value = LineField(label=_("Number"), longest=40, attrs={"dir": "ltr"})
    issuer = LineField(label=_("Issued by"), longest=80, required=False)
    valid_to = forms.DateField(
        label=_("Valid until"), required=False, widget=forms.DateInput(attrs={"type": "date", "dir": "ltr"})
    )


@signed_in
@require_safe
def company(request: HttpRequest) -> HttpResponse:
    now = acting.of(request)
    if now is None:
        return redirect("home")
    return _page(request, now.company)


@managed
def edit_company(request: HttpRequest, company: Company) -> HttpResponse:
    if request.method != "POST":
        form = CompanyForm(
            initial={
                "name_ar": company.name_ar,
                "name_en": company.name_en,
                "legal_form": company.legal_form_id or "",
                "joint_signature": company.joint_signature,
            }
        )
        return render(request, "portal/company_edit.html", {"form": form, "company": company})
    form = CompanyForm(request.POST)
    if not form.is_valid():
        return render(request, "portal/company_edit.html", {"form": form, "company": company}, status=422)
    typed = form.cleaned_data
    try:
        actions.edit_company(
            company=company,
            by=person(request),
            name_ar=typed["name_ar"],
            name_en=typed["name_en"],
            legal_form=LegalForm.objects.filter(code=typed["legal_form"]).first(),
            joint_signature=typed["joint_signature"],
        )
    except actions.OutOfDate:
        return notices.redirect(reverse("company"), Notice.CHANGED_MEANWHILE)
    return notices.redirect(reverse("company"), Notice.SAVED)


@managed
def add_identifier(request: HttpRequest, company: Company) -> HttpResponse:
    if request.method != "POST":
        return redirect("company")
    form = IdentifierForm(request.POST)
    if not form.is_valid():
        return _page(request, company, form, status=422)
    try:
        actions.add_identifier(company=company, by=person(request), **form.cleaned_data)
    except actions.IdentifierExists:
        form.add_error("value", _("The company has this number already."))
        return _page(request, company, form, status=422)
    return notices.redirect(reverse("company"), Notice.SAVED)


@managed
@require_POST
def remove_identifier(request: HttpRequest, company: Company, identifier: int) -> HttpResponse:
    actions.remove_identifier(
        identifier=get_object_or_404(CompanyIdentifier, pk=identifier, company=company), by=person(request)
    )
    return notices.redirect(reverse("company"), Notice.SAVED)


def _page(
    request: HttpRequest, company: Company, form: IdentifierForm | None = None, *, status: int = 200
) -> HttpResponse:
    now = acting.of(request)
    numbers = company.identifiers.order_by("type")
    context = {
        "company": company,
        "name": company.name(get_language() or "ar"),
        "legal_form": company.legal_form and company.legal_form.name(get_language() or "ar"),
        "identifiers": [(each, each.type_name) for each in numbers],
        "soon": today_in_kuwait() + SOON,
        "today": today_in_kuwait(),
        "may_manage": now is not None and now.may(Permission.MANAGE),
        "membership": now and now.membership,
        "form": form or IdentifierForm(),
        "form_is_open": form is not None,
    }
    return render(request, "portal/company.html", context, status=status)
