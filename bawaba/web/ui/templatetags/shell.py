"""What surrounds every page of somebody signed in, whichever door it belongs to: the side navigation."""

from typing import Any

from django import template
from django.http import HttpRequest
from django.template.context import Context
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bawaba.web.ui import acting

register = template.Library()

SIDE = (
    ("home", _("e-Services")),
    ("account", _("My account")),
    ("security", _("Security")),
    ("connected_services", _("Services with access")),
    ("company", _("Company")),
)
WITHOUT_COMPANY = ("my_requests", _("My requests"))
PART_OF = {
    "open_service": "home",
    "join_company": "company",
    "my_requests": "company",
    "my_request": "company",
    "invitation": "company",
}
"""Pages that belong to an entry and do not lie below its address, by the names of both."""


@register.inclusion_tag("ui/side.html", takes_context=True)
def side(context: Context) -> dict[str, Any]:
    """The navigation of the signed-in pages; with more than one company, the switch between them."""
    request: HttpRequest = context["request"]
    now = acting.of(request)
    mine = acting.choices(request) if now else []
    return {
        "links": [_link(request, name, words, has_company=now is not None) for name, words in SIDE],
        "now": now,
        "back": _after_switch(request),
        "choices": mine if len(mine) > 1 else [],
        "csrf_token": context.get("csrf_token"),
    }


def _after_switch(request: HttpRequest) -> str:
    """This page again, or the company's own in the place of one below it: the other company may have none of it."""
    company = reverse("company")
    return company if request.path.startswith(company) else request.path


def _link(request: HttpRequest, name: str, words: Promise, *, has_company: bool) -> tuple[str, Promise, bool]:
    """Address, words, and whether this page belongs to it. Who acts for nobody finds the own requests at "Company"."""
    page = request.resolver_match.url_name if request.resolver_match else ""
    place = name
    if name == "company" and not has_company:
        place, words = WITHOUT_COMPANY
    address = reverse(place)
    return address, words, request.path.startswith(address) or PART_OF.get(page or "") == name
