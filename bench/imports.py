"""How long the imports of people and of the trade register take when they are killed in their middle.

`python -m bench.imports [--people N] [--entries N] [--on PLACE]`: the first half of a file is fed, the command is
killed with SIGKILL, and started again with the whole file. Every person brings a hash, every tenth a company; every
entry of the register has two signatories. A file of 0 lines leaves that import out.
"""

import argparse
import os
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from itertools import islice, pairwise
from pathlib import Path

from bench.people import address, everybody, mobile
from bench.portal import BAWABA, installation
from bench.report import save
from tests.servers import postgresql

PLACES = ("SQLite", "PostgreSQL")
COUNT = """
import os, sys, django
os.environ["DJANGO_SETTINGS_MODULE"] = "bawaba.settings"
django.setup()
from django.apps import apps
print(apps.get_model(sys.argv[1])._default_manager.count())
"""


@dataclass(frozen=True)
class Kind:
    """One import: its command, and the table in which its rows can be counted."""

    name: str
    command: str
    model: str
    lines: Iterable[str]
    amount: int


@dataclass(frozen=True)
class Figure:
    """Both runs together: rows after each, seconds of the clock, of the command's processor time, megabytes at most."""

    what: str
    where: str
    rows: int
    rows_at_kill: int
    seconds: float
    cpu: float
    megabytes: float


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.imports", description=__doc__)
    parser.add_argument("--people", type=int, default=1_000_000)
    parser.add_argument("--entries", type=int, default=500_000)
    parser.add_argument("--on", choices=PLACES, action="append", help="leave the other database out")
    options = parser.parse_args()
    figures = []
    print(f"{'':<20}{'':<12}{'rows':>10}{'at kill':>10}{'s':>9}{'cpu s':>9}{'per s':>9}{'MB':>7}")
    for place in options.on or PLACES:
        for kind in kinds(options.people, options.entries):
            figure = measured(kind, place)
            figures.append(figure)
            print(
                f"{figure.what:<20}{figure.where:<12}{figure.rows:>10}{figure.rows_at_kill:>10}{figure.seconds:>9.0f}"
                f"{figure.cpu:>9.0f}{figure.rows / figure.seconds:>9.0f}{figure.megabytes:>7.0f}",
                flush=True,
            )
    print(f"\nSaved: {save([], {'imports': [asdict(figure) for figure in figures]})}")
    return 0


def kinds(people: int, entries: int) -> Iterator[Kind]:
    if entries:
        yield Kind("trade register", "import-register", "companies.RegisterEntry", entry_lines(entries), entries)
    if people:
        yield Kind("people", "import-users", "accounts.User", people_lines(people), people)


def people_lines(amount: int) -> Iterator[str]:
    yield "email,first_name,last_name,civil_id,mobile,gender,password_hash,mobile_proven,cr_number\n"
    for person, civil_id in islice(everybody(), amount):
        encoded = f"pbkdf2_sha256$600000${os.urandom(11).hex()}${b64encode(os.urandom(32)).decode()}"
        company = 700_000 + person if person % 10 == 0 else ""
        yield f"{address(person)},سالم,المثالي,{civil_id},{mobile(person)},m,{encoded},yes,{company}\n"


def entry_lines(amount: int) -> Iterator[str]:
    yield "cr_number,name_ar,name_en,legal_form,valid_to,joint_signature,signatories\n"
    signatories = pairwise(civil_id for _, civil_id in everybody())
    for number, (one, other) in islice(enumerate(signatories, start=100_000), amount):
        yield f"{number},شركة المثال {number} للتجارة العامة,Example {number},wll,2099-12-31,no,{one};{other}\n"


def measured(kind: Kind, place: str) -> Figure:
    with ExitStack() as stack:
        database = stack.enter_context(postgresql(durable=True)) if place == "PostgreSQL" else ""
        environment = stack.enter_context(installation(database_url=database))
        folder = Path(environment["BAWABA_DATA_DIR"])
        whole, pipe = folder / "whole.csv", folder / "pipe.csv"
        with whole.open("w") as file:
            file.writelines(kind.lines)
        os.mkfifo(pipe)
        there = count(kind, environment)  # the people of the demo
        began = time.monotonic()
        killed = start(kind, pipe, environment)
        with whole.open("rb") as lines, pipe.open("wb", buffering=0) as end:
            for line in islice(lines, kind.amount // 2):
                end.write(line)
            killed.kill()
        first = used_by(killed)
        seconds = time.monotonic() - began
        rows_at_kill = count(kind, environment) - there
        began = time.monotonic()
        second = used_by(start(kind, whole, environment))
        seconds += time.monotonic() - began
        rows, cpu, megabytes = count(kind, environment) - there, first[0] + second[0], max(first[1], second[1])
        return Figure(kind.name, place, rows, rows_at_kill, seconds, cpu, megabytes)


def start(kind: Kind, file: Path, environment: dict[str, str]) -> "subprocess.Popen[bytes]":
    with (Path(environment["BAWABA_DATA_DIR"]) / "log").open("ab") as log:  # lines are written as in production
        return subprocess.Popen([*BAWABA, kind.command, str(file)], env=environment, stdout=log, stderr=log)


def used_by(process: "subprocess.Popen[bytes]") -> tuple[float, float]:
    """Waits for the end; gives seconds of the processor and megabytes of memory at most."""
    _, _, usage = os.wait4(process.pid, 0)
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def count(kind: Kind, environment: dict[str, str]) -> int:
    command = [sys.executable, "-c", COUNT, kind.model]
    return int(subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE).stdout)


if __name__ == "__main__":
    sys.exit(main())
