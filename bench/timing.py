"""Whether a stop-watch tells who has an account: answers for known and unknown e-mails, timed in pairs.

`python -m bench.timing PAIRS` prints it as JSON for the installation in whose environment it runs, which has that many
people. One process does everything, and in each pair the order is drawn, so a busy machine disturbs both sides alike.
The figure is the area under the curve of an observer who goes by the time alone: 0.5 is chance.
"""

import json
import logging
import secrets
import sys
import time
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from itertools import islice

from bench import seam  # sets up Django
from bench.journeys import Jar, Request, hidden_fields, registration
from bench.people import address, everybody
from bench.portal import NOBODY_IS_KEPT_WAITING, asked_inside
from bench.statements import answer

FIRST_STRANGER = 100_000
WIDE = ", sign_in.failures.site=1000000/300, send.email=100/1 100/3600 100/86400, send.sms=100/1 100/3600 100/86400"

_strangers = islice(everybody(), FIRST_STRANGER, None)


def main() -> int:
    logging.disable(logging.CRITICAL)
    json.dump({name: area(*_pairs(ask, int(sys.argv[1]))) for name, ask in PAGES.items()}, sys.stdout)
    return 0


def areas(environment: dict[str, str], pairs: int) -> dict[str, float]:
    """The same, asked of another process in the environment of an installation."""
    wide = environment | {"BAWABA_LIMITS": NOBODY_IS_KEPT_WAITING + WIDE}
    result: dict[str, float] = asked_inside(wide, "bench.timing", str(pairs))
    return result


def area(known: list[float], unknown: list[float]) -> float:
    """How often a known one took longer than an unknown one, over all of both; a draw counts half."""
    ordered = sorted(unknown)
    wins = sum(bisect_left(ordered, one) + bisect_right(ordered, one) for one in known) / 2
    return round(wins / (len(known) * len(unknown)), 3)


def _pairs(ask: Callable[[str], float], pairs: int) -> tuple[list[float], list[float]]:
    """The seconds of the known and of the unknown, each e-mail asked for once by a page."""
    known: list[float] = []
    unknown: list[float] = []
    for pair in range(pairs):
        sides = [(known, address(pair)), (unknown, f"stranger{secrets.token_hex(4)}@example.com")]
        for times, email in sorted(sides, key=lambda _: secrets.randbits(8)):
            times.append(ask(email))
    return known, unknown


def _sign_in(email: str) -> float:
    jar, hidden = _opened("/sign-in/", next(_strangers)[0])
    return _timed(jar, jar.post("/sign-in/", hidden | {"login": email, "password": "wrong", "sign_in": "1"}, ""))


def _reset(email: str) -> float:
    jar, hidden = _opened("/reset-password/", next(_strangers)[0])
    typed = {"email": email, "captcha": seam.text_of(hidden["captcha_id"]), "send": "1"}
    return _timed(jar, jar.post("/reset-password/", hidden | typed, "/reset-password/"))


def _register(email: str) -> float:
    return _registered(email)[1]


def _resend(email: str) -> float:
    jar, _ = _registered(email)
    page = answer(jar.get("/activate/"))
    return _timed(jar, jar.post("/activate/resend/email/", hidden_fields(page), "/activate/"))


def _registered(email: str) -> tuple[Jar, float]:
    person, civil_id = next(_strangers)
    jar, hidden = _opened("/register/", person)
    typed = registration(person, civil_id, email, hidden["captcha_id"])
    return jar, _timed(jar, jar.post("/register/", hidden | typed, "/activate/"))


def _opened(path: str, person: int) -> tuple[Jar, dict[str, str]]:
    """A browser of its own, and the hidden fields of the page it has opened."""
    jar = Jar(person)
    page = answer(jar.get(path))
    jar.take(page)
    return jar, hidden_fields(page)


def _timed(jar: Jar, request: Request) -> float:
    began = time.perf_counter()
    response = answer(request)
    took = time.perf_counter() - began
    assert response.location.partition("?")[0] == request.leads_to, response  # noqa: S101 a benchmark
    assert response.status in {200, 302, 303, 422}, response.status  # noqa: S101 a benchmark
    jar.take(response)
    return took


PAGES: dict[str, Callable[[str], float]] = {
    "sign-in": _sign_in,
    "reset": _reset,
    "register": _register,
    "resend": _resend,
}


if __name__ == "__main__":
    sys.exit(main())
