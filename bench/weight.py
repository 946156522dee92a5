"""What a page weighs: its own bytes and those of everything it loads, as they travel (compressed where they are).

`python -m bench.weight` prints the weights as JSON for the installation in whose environment it runs.
"""

import json
import logging
import re
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.statements import answer  # sets up Django

from django.conf import settings  # isort: skip  # after Django is set up

from bench.journeys import Jar, Request, session_check  # isort: skip
from bench.portal import asked_inside  # isort: skip

PUBLIC = ("/", "/company-services/", "/register/", "/sign-in/", "/reset-password/", "/support/", "/guide/", "/terms/")
SIGNED_IN = ("/home/", "/account/", "/security/", "/company/")
LOADED = re.compile(rb'<(?:link|script|img)\b[^>]*? (?:href|src)="(/[^"#?]+)"')
INSIDE = re.compile(rb'url\("?([^")]+)"?\)|(?:import|from)\s*"([^"]+)"')
FOUND_BY_THE_PAGE = ".css"


@dataclass(frozen=True)
class Weight:
    """Bytes of the page itself, and of a first visit with everything it loads; a later page loads only itself."""

    page: int
    first_visit: int
    files: int


def main() -> int:
    logging.disable(logging.CRITICAL)
    weights = {path: asdict(weigh(Jar().get(path))) for path in PUBLIC}
    for path in SIGNED_IN:
        weights[path] = asdict(weigh(_signed_in(path)))
    json.dump(weights, sys.stdout)
    return 0


def _signed_in(path: str) -> Request:
    """The request of somebody who has just signed in."""
    journey = session_check(0, 1, first=4, path=path)
    request = next(journey)
    while not request.counted:
        request = journey.send(answer(request))
    return request


def weigh(request: Request) -> Weight:
    page = answer(request)
    assert page.status == 200, (page.status, request.wire[:60])  # noqa: S101 a benchmark
    files = {found.decode() for found in LOADED.findall(page.body)}
    fonts = {font for each in files if each.endswith(FOUND_BY_THE_PAGE) for font in _fonts(each)}
    sizes = [_travelling(path) for path in files | fonts]
    return Weight(len(page.body), len(page.body) + sum(sizes), len(sizes))


def _fonts(sheet: str) -> set[str]:
    """The files a style sheet names, by their addresses."""
    text = _file(sheet).read_bytes()
    base = sheet.rpartition("/")[0]
    names = {(first or second).decode() for first, second in INSIDE.findall(text)}
    return {f"{base}/{name}" for name in names if name.endswith(".woff2")}


def _travelling(path: str) -> int:
    """The bytes of a file as a browser fetches it: compressed where there is a compressed copy."""
    if not path.startswith(settings.STATIC_URL):
        return len(answer(Jar().get(path)).body)
    file = _file(path)
    packed = [copy for copy in (Path(f"{file}.br"), Path(f"{file}.gz")) if copy.exists()]
    return min(copy.stat().st_size for copy in (file, *packed))


def _file(path: str) -> Path:
    return Path(settings.STATIC_ROOT) / path.removeprefix(settings.STATIC_URL)


def weighed(environment: dict[str, str]) -> dict[str, dict[str, int]]:
    """The same, asked of another process in the environment of an installation."""
    result: dict[str, dict[str, int]] = asked_inside(environment, "bench.weight")
    return result


if __name__ == "__main__":
    sys.exit(main())
