"""Who must have a second factor, and the gate that lets them to nothing else before they have one."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import Resolver404, resolve

from bawaba.domain.accounts import allauth as factors
from bawaba.domain.accounts.models import User
from bawaba.domain.companies.models import Membership

HAS_FACTOR = "has_factor"  # in the session, once it was seen
OPEN_PAGES = {
    "add_factor",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_view_recovery_codes",
    "account_reauthenticate",
    "sign_out",
    "account_logout",
    "support",
    "terms",
    "privacy",
    "accessibility",
    "guide",
    "roles",
}


def demanded(user: User) -> bool:
    """Whether the policy asks this person for a second factor. Officers have a door of their own, which always does."""
    policy = settings.BAWABA.second_factor_policy
    if policy == "officers-and-company-administrators":
        return Membership.objects.acting().administrators().filter(user=user).exists()
    return bool(policy == "required")


class Gate:
    """A person who must have a second factor and has none reaches only the pages that add one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if isinstance(request.user, User) and _must_enrol(request, request.user) and not _is_open(request.path_info):
            return redirect("add_factor")
        return self.get_response(request)


def _must_enrol(request: HttpRequest, user: User) -> bool:
    if not demanded(user) or request.session.get(HAS_FACTOR):
        return False
    if factors.has_factor(user):
        request.session[HAS_FACTOR] = True
        return False
    return True


def _is_open(path: str) -> bool:
    try:
        return resolve(path).url_name in OPEN_PAGES
    except Resolver404:
        return True  # the page is not there: 404 tells nothing
