"""What a sign-in costs beside the password's hash: SQL statements, and processor time of the web process.

`python -m bench.costs` prints it as JSON for the installation in whose environment it runs. One person after the
other signs in from a known browser: with one session open, with ten, and then with an authenticator. The time is the
median of all of them, so a busy machine disturbs the three ways alike; the statements are those of the first person,
whose time is left out.
"""

import json
import logging
import sys
import time
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from itertools import islice
from statistics import median

from bench.journeys import Jar, Journey, hidden_fields, sign_in, typed  # sets up Django

from allauth.mfa.models import Authenticator  # isort: skip  # after Django is set up
from django.db import connection  # isort: skip
from django.test.utils import CaptureQueriesContext  # isort: skip

from bawaba.domain.accounts import credentials  # isort: skip
from bawaba.domain.accounts.models import User  # isort: skip
from bawaba.domain.accounts.sessions import actions as sessions  # isort: skip
from bench.people import address  # isort: skip
from bench.portal import asked_inside  # isort: skip
from bench.statements import answer  # isort: skip
from tests.factors import give_authenticator, shown_code  # isort: skip

PEOPLE = range(200, 231)
SECOND_STEP = "/sign-in/second-step/"


@dataclass(frozen=True)
class Cost:
    statements: int
    milliseconds: float


def main() -> int:
    logging.disable(logging.CRITICAL)
    credentials.verify_password = lambda raw, encoded: True
    of_people = [_of(person, counting=person == PEOPLE[0]) for person in PEOPLE]
    told = {}
    for way, first in of_people[0].items():
        times = [costs[way].milliseconds for costs in of_people[1:]]
        told[way] = {"statements": first.statements, "cpu ms": round(median(times), 2)}
    json.dump(told, sys.stdout)
    return 0


def _of(person: int, *, counting: bool) -> dict[str, Cost]:
    user = User.objects.with_email(address(person)).get()
    sessions.end_all(user=user, reason="password")
    Authenticator.objects.filter(user=user).delete()
    costs = list(islice(_costs(sign_in(0, 1, first=person, people=1), counting=counting), 11))
    give_authenticator(user)
    steps = list(_costs(_with_code(person), counting=counting))
    both = Cost(sum(each.statements for each in steps), sum(each.milliseconds for each in steps))
    return {"one session open": costs[1], "ten sessions open": costs[10], "ten, and an authenticator": both}


def _with_code(person: int) -> Journey:
    """The password, the page that asks for the code, and the code: all three count."""
    jar = Jar(person)
    jar.take(page := (yield jar.get("/sign-in/", counted=False)))
    jar.take((yield jar.post("/sign-in/", typed(page, person), SECOND_STEP)))
    jar.take(page := (yield jar.get(SECOND_STEP)))
    yield jar.post(SECOND_STEP, hidden_fields(page) | {"code": shown_code(), "verify": "1"}, "/home/")


def _costs(journey: Journey, *, counting: bool) -> Iterator[Cost]:
    """Of each counted request. Counting statements takes time, so it is done for one person only."""
    request = next(journey)
    while True:
        with CaptureQueriesContext(connection) if counting else nullcontext(()) as captured:
            began = time.thread_time()
            response = answer(request)
            took = time.thread_time() - began
        if request.counted:
            assert request.is_met_by(response), (response.status, response.location, request.wire[:80])  # noqa: S101 a benchmark
            yield Cost(len(captured), took * 1000)
        try:
            request = journey.send(response)
        except StopIteration:
            return


def measured(environment: dict[str, str]) -> dict[str, dict[str, float]]:
    """The same, asked of another process in the environment of an installation."""
    result: dict[str, dict[str, float]] = asked_inside(environment, "bench.costs")
    return result


if __name__ == "__main__":
    sys.exit(main())
