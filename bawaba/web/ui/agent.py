"""Browser and system in plain words, from what a browser says about itself. A hint for people, never evidence."""

from django.http import HttpRequest

_BROWSERS = (  # the more special name first: every browser also claims to be the ones below it
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def label(request: HttpRequest) -> str:
    """Such as "Firefox · Windows"; "" for a browser we do not know."""
    said = request.META.get("HTTP_USER_AGENT", "")
    parts = (_first(said, _BROWSERS), _first(said, _SYSTEMS))
    return " · ".join(part for part in parts if part)


def _first(said: str, table: tuple[tuple[str, str], ...]) -> str:
    return next((name for mark, name in table if mark in said), "")
