"""Whether pages and endpoints become slower when an installation grows: measured, filled, and measured again.

`python -m bench.growth [--users N] [--companies N] [--members N] [--seconds S]`: on a PostgreSQL that syncs, one
request after the other, as the administrator of a company that has a page full of members at first and `--members`
more afterwards.
"""

import argparse
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from bench.__main__ import apply
from bench.generator import Group, Load
from bench.people import people
from bench.portal import installation, serving
from bench.report import save
from tests.servers import postgresql

PEOPLE = 40
PAGE_OF_MEMBERS = 30
MOST = 1.3  # times as long as before
STEPS = ("authorize", "token", "userinfo")


@dataclass(frozen=True)
class Figure:
    """Milliseconds of a request, before and after the growth."""

    what: str
    p50_before: float
    p50_after: float
    p99_before: float
    p99_after: float

    @property
    def ratio(self) -> float:
        return self.p99_after / self.p99_before


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.growth", description=__doc__)
    parser.add_argument("--users", type=int, default=1_000_000)
    parser.add_argument("--companies", type=int, default=300_000)
    parser.add_argument("--members", type=int, default=2_000)
    parser.add_argument("--seconds", type=float, default=10.0, help="for each figure")
    options = parser.parse_args()
    with postgresql(durable=True) as database, installation(database_url=database) as installed:
        people(installed, PEOPLE)
        secret = population(installed, "begin", PAGE_OF_MEMBERS)
        before = measured(installed, secret, options.seconds)
        began = time.monotonic()
        population(installed, "grow", options.users, options.companies, options.members)
        print(f"{options.users} people and {options.companies} companies in {time.monotonic() - began:.0f} s\n")
        after = measured(installed, secret, options.seconds)
    figures = [Figure(what, *pair(before[what], after[what])) for what in before]
    print_table(figures)
    amounts = {"users": options.users, "companies": options.companies, "members": options.members}
    print(f"\nSaved: {save([], {'growth': amounts | {'figures': [asdict(figure) for figure in figures]}})}")
    return 0


def population(installed: dict[str, str], verb: str, *amounts: int) -> str:
    command = [sys.executable, "-m", "bench.population", verb, *map(str, amounts)]
    kept = subprocess.PIPE
    return subprocess.run(command, env=installed, check=True, stdout=kept, text=True).stdout


def measured(installed: dict[str, str], secret: str, seconds: float) -> dict[str, tuple[float, float]]:
    """p50 and p99 of each request. The web process is a new one: its prepared statements know nothing of before."""
    with serving(installed) as portal:
        found = {}
        for group in groups(secret):
            result = apply(Load(portal.port, seconds, [group], portal.workers), portal.environment)[group.name]
            if result.refused or not result.count:
                raise RuntimeError(f"{group.name}: {result.statuses}")
            found[group.name] = (result.p50, result.p99)
    return found


def groups(secret: str) -> Iterator[Group]:
    yield Group("home", "session_check", 1, {"first": 0, "path": "/home/"})
    yield Group("members page", "session_check", 1, {"first": 0, "path": "/company/members/"})
    for step in STEPS:
        yield Group(step, "service", 1, {"person": 0, "secret": secret, "step": step})


def pair(before: tuple[float, float], after: tuple[float, float]) -> tuple[float, float, float, float]:
    return before[0], after[0], before[1], after[1]


def print_table(figures: list[Figure]) -> None:
    print(f"{'ms':<16}{'p50':>8}{'grown':>8}{'p99':>10}{'grown':>8}{'ratio':>8}   wanted: {MOST} at most")
    for each in figures:
        print(
            f"{each.what:<16}{each.p50_before:>8.1f}{each.p50_after:>8.1f}{each.p99_before:>10.1f}"
            f"{each.p99_after:>8.1f}{each.ratio:>8.2f}   {'' if each.ratio <= MOST else 'TOO SLOW'}"
        )


if __name__ == "__main__":
    sys.exit(main())
