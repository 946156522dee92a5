"""The opening screen, to which the parent site's menu leads, and the door for companies behind its button.

Neither sets a cookie: a stranger who only looks leaves no trace, and a link from another site works.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/front.html")


@require_safe
def company_services(request: HttpRequest) -> HttpResponse:
    return render(request, "portal/company_services.html")
