"""Every address of the product, filled in with an example, for tests that walk all of them."""

from collections.abc import Iterator
from typing import NamedTuple
from uuid import UUID

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

EXAMPLES = {"uuid": str(UUID(int=7)), "int": "7", "slug": "register", "str": "example", "path": "a/b"}


class Route(NamedTuple):
    name: str
    path: str


def routes() -> list[Route]:
    """All routes in Arabic; English ones stand at the same addresses under /en/."""
    return sorted(set(_walk(get_resolver().url_patterns, "/")))


def _walk(patterns: list[URLPattern | URLResolver], before: str) -> Iterator[Route]:
    for pattern in patterns:
        here = before + _filled(pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, here)
        else:
            yield Route(pattern.name or here, here)


def _filled(pattern: URLPattern | URLResolver) -> str:
    text = str(pattern.pattern)
    if isinstance(pattern.pattern, RoutePattern):
        for name, converter in pattern.pattern.converters.items():
            kind = type(converter).__name__.removesuffix("Converter").lower().replace("string", "str")
            text = text.replace(f"<{kind}:{name}>", EXAMPLES[kind]).replace(f"<{name}>", EXAMPLES["str"])
    return text
