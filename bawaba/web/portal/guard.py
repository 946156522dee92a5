"""What stands before the library's own pages: limits as pages, and proof of the person that keeps nothing sent."""

from functools import wraps
from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from allauth.core.exceptions import ReauthenticationRequired
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from bawaba.infrastructure.limits.counter import LimitReached
from bawaba.web.ui import errors, session
from bawaba.web.ui.session import View


def guarded(view: View, *, atomic: bool = False) -> View:
    """Mounts a page of the library. `atomic`: what a POST changes, its event and its notices are one transaction.

    A form that meets "confirm it is you" is dropped: the library would keep it whole, secrets included, in the session.
    """

    @wraps(view)
    @never_cache
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            if atomic and request.method == "POST":
                with transaction.atomic():
                    return view(request, *args, **kwargs)
            return view(request, *args, **kwargs)
        except ReauthenticationRequired:
            return confirm_first(request)
        except LimitReached as reached:
            way_out = errors.WayOut(_("Reset password"), reverse("reset_password"))
            return errors.limited(request, None if reached.closed else reached.until, way_out)

    inner.bawaba_guarded = True  # type: ignore[attr-defined]  # a gate looks for it
    return inner


def signed_in(view: View, *, atomic: bool = False) -> View:
    """A page for people who are signed in, and what it changes in one transaction if it is `atomic`."""
    return session.needed(guarded(view, atomic=atomic))


def fresh(view: View) -> View:
    """A page that asks for the password or a passkey again when the last proof is older than five minutes."""
    return signed_in(reauthentication_required(view))


def confirm_first(request: HttpRequest) -> HttpResponseBase:
    """To "confirm it is you", and from there back to this page."""
    methods = get_adapter().get_reauthentication_methods(request.user)
    if not methods:
        return HttpResponseRedirect(reverse("sign_in"))
    return HttpResponseRedirect(f"{methods[0]['url']}?{urlencode({'next': request.get_full_path()})}")
