"""`make bench`: how fast the portal is on this machine, on SQLite and on PostgreSQL. BENCH=full measures longer."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass

from bench import report
from bench.generator import Group, Load, Measured
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


def main() -> int:
    rows: list[Row] = []
    figures: dict[str, object] = {"seconds": SECONDS}
    report.print_head()
    for place in PLACES:
        with environment(place) as chosen:
            for row in measure(place, chosen):
                rows.append(row)
                report.print_row(row)
    print(f"\nSaved: {report.save(rows, figures)}")
    return 0


@contextmanager
def environment(place: Place) -> Iterator[dict[str, str]]:
    """A fresh installation on the database of a place; its PostgreSQL syncs as one in production does."""
    with ExitStack() as stack:
        database = stack.enter_context(postgresql(durable=True)) if place.is_postgresql else ""
        cache = stack.enter_context(valkey()) if place.processes > 1 else ""
        yield stack.enter_context(installation(database_url=database, cache_url=cache, processes=place.processes))


def measure(place: Place, chosen: dict[str, str]) -> Iterator[Row]:
    with serving(chosen) as portal:
        for name, path in {"front page": "/"}.items():
            yield row(place, portal, Group(name, "page", 16, {"path": path}))


def row(place: Place, portal: Portal, group: Group, note: str = "") -> Row:
    """Puts one load on the portal."""
    before = portal.cpu_seconds()
    load = Load(portal.port, SECONDS, [group])
    measured = apply(load)[group.name]
    answered = measured.count * (SECONDS + load.warm_up) / SECONDS
    cpu = (portal.cpu_seconds() - before) / max(answered, 1) * 1000
    return Row(group.name, place.name, measured.per_second, measured.p50, measured.p99, cpu, measured.refused, note)


def apply(load: Load) -> dict[str, Measured]:
    """Runs the load generator in a process of its own."""
    command = [sys.executable, "-m", "bench.generator"]
    given = json.dumps(asdict(load))
    answer = subprocess.run(command, input=given, check=True, stdout=subprocess.PIPE, text=True).stdout
    return {name: Measured(**measured) for name, measured in json.loads(answer).items()}


if __name__ == "__main__":
    sys.exit(main())
