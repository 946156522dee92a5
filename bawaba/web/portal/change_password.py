"""Another password at the person's own wish: all other sessions end and the owner is told."""

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from bawaba.domain.accounts import actions, credentials
from bawaba.domain.accounts import allauth as factors
from bawaba.domain.accounts.models import User
from bawaba.web.portal import heard
from bawaba.web.portal.guard import fresh
from bawaba.web.ui import notices
from bawaba.web.ui.notices import Notice
from bawaba.web.ui.passwords import NewPasswordForm
from bawaba.web.ui.session import person


class ChangePasswordForm(NewPasswordForm):
    """The new password twice. Whose it is decides which words it must not contain."""

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["password"].label = _("New password")

    def has_second_factor(self) -> bool:
        return factors.has_factor(self.user)

    def context(self) -> list[str]:
        user = self.user
        return [user.email, user.first_name, user.last_name, user.mobile, user.civil_id]


@fresh
def change_password(request: HttpRequest) -> HttpResponseBase:
    user = person(request)
    form = ChangePasswordForm(request.POST if request.method == "POST" else None, user=user)
    if not form.is_valid():
        return render(request, "portal/change_password.html", {"form": form}, status=422 if form.is_bound else 200)
    hashed = credentials.hash_password(form.cleaned_data["password"])
    actions.change_password(user=user, password=hashed, keep=request.session.session_key or "")
    heard.stay(request, user)
    return notices.redirect(reverse("security"), Notice.PASSWORD_CHANGED)
