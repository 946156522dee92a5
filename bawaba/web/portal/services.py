"""Leaving for a service: which it is, where it stands, and in whose name one goes there."""

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_safe

from bawaba.domain.catalogue.access import missing
from bawaba.domain.catalogue.models import Service
from bawaba.web.portal.guard import signed_in
from bawaba.web.ui import acting
from bawaba.web.ui.session import person


@signed_in
@require_safe
def open_service(request: HttpRequest, key: str) -> HttpResponse:
    """The rights are asked again here: the home page may have been open for a while."""
    service = get_object_or_404(Service.objects.shown(person(request).audience), key=key)
    if missing(service, acting.standing(request)):
        return redirect("home")
    context = {"service": service, "host": urlsplit(service.link).netloc, "acting": acting.of(request)}
    return render(request, "portal/open_service.html", context)
