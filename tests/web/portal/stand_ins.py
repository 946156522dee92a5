"""The portal's addresses with stand-ins for the pages that signing in leads to and that are built elsewhere."""

from django.conf.urls.i18n import i18n_patterns
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from bawaba.urls import urlpatterns as real
from bawaba.web.portal.guard import signed_in


def _page(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/blocked.html")


urlpatterns = [
    *real,
    *i18n_patterns(
        path("home/", signed_in(_page), name="home"),
        path("register/", _page, name="register"),
        path("activate/", _page, name="activate"),
        path("reset-password/", _page, name="reset_password"),
        path("support/", _page, name="support"),
        prefix_default_language=False,
    ),
]
