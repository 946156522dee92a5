"""The icons of services."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from bawaba.domain.catalogue.files import ICONS

register = template.Library()

PATHS = {
    "document": "M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6",
    "renew": "M20 11a8 8 0 0 0-14.5-4M5 3v4.5h4.5M4 13a8 8 0 0 0 14.5 4M19 21v-4.5h-4.5",
    "search": "M17.5 11a6.5 6.5 0 1 1-13 0 6.5 6.5 0 0 1 13 0zm-1.5 5 5 5",
    "pen": "M4 21h16M5 16.5 15.5 6l2.5 2.5L7.5 19H5z",
    "people": "M12.5 8a3.5 3.5 0 1 1-7 0 3.5 3.5 0 0 1 7 0zM3 20c0-3.5 2.5-6 6-6s6 2.5 6 6M15.5 5a3.5 3.5 0 0 1 0 6.5"
    "M18 14.5c2 .8 3 2.8 3 5.5",
    "box": "M12 3l8 4.5v9L12 21l-8-4.5v-9zM4 7.5l8 4.5 8-4.5M12 12v9",
    "coins": "M3 7c0-1.7 2.7-3 6-3s6 1.3 6 3-2.7 3-6 3-6-1.3-6-3zM3 7v5c0 1.7 2.7 3 6 3M15 7v3"
    "M9 17c0 1.7 2.7 3 6 3s6-1.3 6-3"
    "v-4c0-1.7-2.7-3-6-3s-6 1.3-6 3z",
    "ship": "M3 15h18l-2.5 5h-13zM6 15V9h12v6M12 9V4",
    "shield": "M12 3l7 3v5c0 4.5-3 8-7 10-4-2-7-5.5-7-10V6zM9 12l2 2 4-4",
    "calendar": "M4 6h16v14H4zM4 10h16M8 3v5M16 3v5",
}


@register.simple_tag
def icon(name: str) -> SafeString:
    """The drawing of a service; decoration, so screen readers pass it."""
    assert name in ICONS, name  # noqa: S101 the catalogue is checked when it is read
    return format_html('<svg viewBox="0 0 24 24" aria-hidden="true"><path d="{}"/></svg>', PATHS[name])
