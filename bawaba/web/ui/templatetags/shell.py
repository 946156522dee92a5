"""What surrounds every page of somebody signed in, whichever door it belongs to: the side navigation."""

from typing import Any

from django import template
from django.http import HttpRequest
from django.template.context import Context
from django.urls import reverse
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


@register.inclusion_tag("ui/side.html", takes_context=True)
def side(context: Context) -> dict[str, Any]:
    """The navigation of the signed-in pages; with more than one company, the switch between them."""
    request: HttpRequest = context["request"]
    links = [(reverse(name), words) for name, words in SIDE]
    now = acting.of(request)
    mine = acting.choices(request) if now else []
    return {
        "links": [(address, words, request.path.startswith(address)) for address, words in links],
        "now": now,
        "choices": mine if len(mine) > 1 else [],
        "request": request,
        "csrf_token": context.get("csrf_token"),
    }
