"""No page is built that no browser looks at."""

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, get_resolver

from tests.browser.screens import NOT_SCREENS, SCREENS

PAGES = ("bawaba.web.portal", "bawaba.web.oidc", "bawaba.web.ui")


def _routes(patterns: list[Any]) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLPattern):
            if pattern.callback.__module__.startswith(PAGES):
                yield pattern.name or str(pattern.pattern)
        else:
            yield from _routes(pattern.url_patterns)


def test_every_page_is_walked_or_excused() -> None:
    routes = set(_routes(get_resolver().url_patterns))
    walked = {screen.route for screen in SCREENS if screen.route}
    assert routes - walked - set(NOT_SCREENS) == set()
    assert walked - routes == set()
    assert set(NOT_SCREENS) - routes == set()


def test_screens_have_names_of_their_own() -> None:
    names = [screen.name for screen in SCREENS]
    assert len(names) == len(set(names))
