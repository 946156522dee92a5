"""How many SQL statements one request costs: the journeys of the load generator, walked once inside this process.

`python -m bench.statements` prints them as JSON for the installation in whose environment it runs.
"""

import io
import json
import logging
import sys
from typing import Any

from bench.journeys import JOURNEYS, Journey, Request, Response  # sets up Django

from django.db import connection  # isort: skip  # after Django is set up
from django.test.utils import CaptureQueriesContext  # isort: skip

from bawaba.wsgi import application  # isort: skip
from bench.portal import asked_inside  # isort: skip

FIRST_STRANGER = 50_000
WALKS: dict[str, tuple[str, dict[str, Any], int]] = {
    "front page": ("page", {"path": "/"}, 1),
    "registration page": ("page", {"path": "/register/"}, 1),
    "sign-in page": ("page", {"path": "/sign-in/"}, 1),
    "registration": ("register", {"first": FIRST_STRANGER}, 1),
    "activation": ("activate", {"first": FIRST_STRANGER + 1, "ready": 1}, 1),
    "sign-in, known browser": ("sign_in", {"people": 1}, 2),
    "session check": ("session_check", {"first": 2, "path": "/"}, 1),
    "home": ("session_check", {"first": 3, "path": "/home/"}, 1),
    "asking for a reset code": ("forget", {"first": 0, "ready": 1}, 1),
    "reset": ("reset", {"first": 1, "ready": 1}, 1),
}


def main() -> int:
    logging.disable(logging.CRITICAL)
    counted = {}
    for name, (journey, arguments, which) in WALKS.items():
        counted[name] = statements(JOURNEYS[journey](0, 1, **arguments), which)
    json.dump(counted, sys.stdout)
    return 0


def statements(journey: Journey, which: int) -> int:
    """Those of the `which`-th counted request of a journey."""
    request, seen = next(journey), 0
    while True:
        with CaptureQueriesContext(connection) as captured:
            response = answer(request)
        if request.counted:
            assert request.is_met_by(response), (response.status, response.location, request.wire[:80])  # noqa: S101 a benchmark
            seen += 1
            if seen == which:
                return len(captured)
        request = journey.send(response)


def answer(request: Request) -> Response:
    """What the application answers, called as a web server calls it."""
    head, _, body = request.wire.partition(b"\r\n\r\n")
    first, *lines = head.decode().split("\r\n")
    method, path, _ = first.split()
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path.partition("?")[0],
        "QUERY_STRING": path.partition("?")[2],
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "SCRIPT_NAME": "",
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
    }
    for line in lines:
        name, _, value = line.partition(": ")
        name = name.upper().replace("-", "_")
        environ[name if name in ("CONTENT_LENGTH", "CONTENT_TYPE") else f"HTTP_{name}"] = value
    given: dict[str, Any] = {}
    parts = application(environ, lambda status, headers, _error=None: given.update(status=status, headers=headers))
    content = b"".join(parts)
    top = f"HTTP/1.1 {given['status']}\r\n" + "\r\n".join(f"{name}: {value}" for name, value in given["headers"])
    return Response(int(given["status"][:3]), top.encode(), content)


def counted(environment: dict[str, str]) -> dict[str, int]:
    """The same, asked of another process in the environment of an installation."""
    result: dict[str, int] = asked_inside(environment, "bench.statements")
    return result


if __name__ == "__main__":
    sys.exit(main())
