"""`make bench`: how fast the portal is on this machine, on SQLite and on PostgreSQL. BENCH=full measures longer."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from bench import costs, report, statements, timing, verifications, weight
from bench.generator import Group, Load, Measured
from bench.people import people
from bench.portal import Portal, installation, serving
from bench.report import Row
from tests.servers import postgresql, valkey

IS_FULL = os.environ.get("BENCH") == "full"
SECONDS = 15.0 if IS_FULL else 4.0


@dataclass(frozen=True)
class Place:
    """Where the portal runs in one part of the benchmark."""

    name: str
    is_postgresql: bool = False
    processes: int = 1


PLACES = [
    Place("SQLite, 1 process"),
    Place("PostgreSQL, 1 process", is_postgresql=True),
    Place("PostgreSQL, 2 processes", is_postgresql=True, processes=2),
]
PEOPLE = 400
READY = 500 if IS_FULL else 150  # of each client: who have registered or forgotten before it is measured
FORGETFUL = 9_000 if IS_FULL else 3_000  # more than can be served: nobody asks twice
STRANGERS = 10_000
PAIRS = 1_000 if IS_FULL else 50  # of a known and an unknown e-mail
HASHING = 6  # as many as one process lets hash or wait for it: none of them is turned away
STORM_WATCHERS = 350  # the first of the people who only look while the others sign in


def main() -> int:
    words = sys.argv[1:]
    rows: list[Row] = []
    figures: dict[str, object] = {"seconds": SECONDS}
    report.print_head()
    with tempfile.TemporaryDirectory() as folder:
        native = verifications.native_build(Path(folder))
        for place in [place for place in PLACES if not words or any(word in place.name for word in words)]:
            with environment(place) as installed:
                people(installed, PEOPLE + FORGETFUL)
                for row in measure(place, installed, native):
                    rows.append(row)
                    report.print_row(row)
                figures[f"statements, {place.name}"] = statements.counted(installed)
                figures[f"sign-in without the hash, {place.name}"] = costs.measured(installed)
                figures[f"timing, {place.name}"] = timing.areas(installed, PAIRS)
                figures["weights"] = weight.weighed(installed)
    report.print_figures(figures)
    print(f"\nSaved: {report.save(rows, figures)}")
    return 0


@contextmanager
def environment(place: Place) -> Iterator[dict[str, str]]:
    """A fresh installation on the database of a place; its PostgreSQL syncs as one in production does."""
    with ExitStack() as stack:
        database = stack.enter_context(postgresql(durable=True)) if place.is_postgresql else ""
        cache = stack.enter_context(valkey()) if place.processes > 1 else ""
        yield stack.enter_context(installation(database_url=database, cache_url=cache, processes=place.processes))


def measure(place: Place, installed: dict[str, str], native: dict[str, str] | None) -> Iterator[Row]:
    with serving(installed) as portal:
        for name, path in {"front page": "/", "registration page": "/register/", "sign-in page": "/sign-in/"}.items():
            yield row(place, portal, Group(name, "page", 16, {"path": path}))
        yield row(place, portal, Group("session check", "session_check", 16, {"first": 0, "path": "/"}))
        yield row(place, portal, Group("home", "session_check", 16, {"first": 20, "path": "/home/"}))
        yield row(place, portal, Group("registrations", "register", HASHING, {"first": STRANGERS}))
        yield row(place, portal, Group("activations", "activate", HASHING, {"first": 2 * STRANGERS, "ready": READY}))
        yield row(place, portal, Group("reset codes asked for", "forget", HASHING, {"first": PEOPLE, "ready": READY}))
        forgetful = PEOPLE + FORGETFUL // 2
        yield row(place, portal, Group("passwords reset", "reset", HASHING, {"first": forgetful, "ready": READY}))
        memory = portal.resident_megabytes()
        yield Row("memory of the web processes", place.name, 0, 0, 0, 0, 0, f"{memory:.0f} MB")
    yield from sign_ins(place, installed, "wheel")
    if native:
        yield from sign_ins(place, installed | native, "native")


def sign_ins(place: Place, installed: dict[str, str], build: str) -> Iterator[Row]:
    """Sign-ins against what the hash alone would allow; then a storm of them beside people who only look."""
    before = verifications.measured(installed)
    with serving(installed) as portal:
        measured = row(place, portal, Group(f"sign-ins ({build})", "sign_in", HASHING, {"people": STORM_WATCHERS}))
        after = verifications.measured(installed)
        ceiling = (before + after) / 2
        share = measured.per_second / ceiling
        yield replace(measured, note=f"{share:.2f} of {ceiling:.0f} Argon2 verifications per s")
        looking = Group("session checks in a storm", "session_check", 2, {"first": STORM_WATCHERS, "path": "/"})
        storm = Group("storm of sign-ins", "sign_in", 16, {"people": STORM_WATCHERS})
        yield row(place, portal, looking, beside=[storm], note=build)


def row(place: Place, portal: Portal, group: Group, *, beside: Sequence[Group] = (), note: str = "") -> Row:
    """Puts one load on the portal."""
    load = Load(portal.port, SECONDS, [group, *beside], portal.workers)
    got = apply(load, portal.environment)[group.name]
    return Row(group.name, place.name, got.per_second, got.p50, got.p99, got.cpu, got.refused, note)


def apply(load: Load, installed: dict[str, str]) -> dict[str, Measured]:
    """Runs the load generator in a process of its own, in the environment of the installation."""
    command = [sys.executable, "-m", "bench.generator"]
    given = json.dumps(asdict(load))
    answer = subprocess.run(command, input=given, env=installed, check=True, stdout=subprocess.PIPE, text=True).stdout
    return {name: Measured(**measured) for name, measured in json.loads(answer).items()}


if __name__ == "__main__":
    sys.exit(main())
