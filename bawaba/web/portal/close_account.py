"""Closing the account for good, at the person's own wish."""

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bawaba.domain.accounts import actions
from bawaba.domain.companies.actions import membership
from bawaba.domain.companies.roster import LastAdministrator
from bawaba.web.portal.guard import fresh
from bawaba.web.ui import notices
from bawaba.web.ui.forms import Form
from bawaba.web.ui.notices import Notice
from bawaba.web.ui.session import person


class CloseForm(Form):
    sure = forms.BooleanField(
        label=_("Yes, close my account for good."),
        error_messages={"required": _("Tick the box if you really want to close the account.")},
    )


@fresh
def close_account(request: HttpRequest) -> HttpResponseBase:
    form = CloseForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, "portal/close_account.html", {"form": form}, status=422 if form.is_bound else 200)
    try:
        with transaction.atomic():
            membership.leave_all(user=person(request))
            actions.close_account(user=person(request))
    except LastAdministrator:
        form.add_error(None, _("Other members would be left without an administrator. Name another one first."))
        return render(request, "portal/close_account.html", {"form": form}, status=409)
    request.session.flush()
    response = notices.redirect(reverse("front"), Notice.ACCOUNT_CLOSED)
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response
