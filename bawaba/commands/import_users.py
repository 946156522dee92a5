"""`bawaba import-users FILE`: opens accounts for people of another system. docs/operate/import.md has the columns.

It may be stopped at any moment and started again: whoever has an account is passed over, and every part of the file is
one transaction. With --dry-run everything is checked and nothing is written.
"""

import argparse
import csv
import io
import json
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TextIO

from django.db import transaction

from bawaba.commands import unfit_file
from bawaba.commands.people_file import Line, Unfit, lines
from bawaba.domain.accounts import newcomers
from bawaba.domain.accounts.models import Audience
from bawaba.domain.companies.actions import Registrant, admit_registrants
from bawaba.identifiers.addresses import email_key
from bawaba.infrastructure.audit.events import EventType
from bawaba.infrastructure.audit.log import Happening, record, record_all

SLICE = 500  # lines in one transaction
SAY_EVERY = 5.0  # seconds
MOST_SHOWN = 9_999_999  # what the register of events holds of a number

Part = list[Line | tuple[int, Unfit]]


@dataclass
class Outcome:
    opened: int = 0
    known: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)

    @property
    def seen(self) -> int:
        return self.opened + self.known + len(self.refused)

    def add(self, other: "Outcome") -> None:
        self.opened += other.opened
        self.known += other.known
        self.refused += other.refused


def main(arguments: list[str]) -> int:
    """Exit code 0 when every line was taken or known, 1 when some were refused, 2 when the file cannot be read."""
    parser = argparse.ArgumentParser(prog="bawaba import-users", description=__doc__)
    parser.add_argument("file", type=Path, help="CSV or JSON lines (.jsonl) in UTF-8")
    parser.add_argument("--dry-run", action="store_true", help="check every line and write nothing")
    parser.add_argument("--report", type=Path, help="a new file for the refused lines: number and column as JSON lines")
    options = parser.parse_args(arguments)
    try:
        with options.file.open(encoding="utf-8-sig", newline="") as file, _report(options.report) as report:
            as_json = options.file.suffix in {".jsonl", ".ndjson"}
            outcome = take(file, as_json=as_json, dry_run=options.dry_run)
            for number, column in outcome.refused:
                report.write(json.dumps({"line": number, "column": column}) + "\n")
    except OSError as error:
        print(unfit_file.sentence(options.file, error), file=sys.stderr)
        return 2
    except (ValueError, csv.Error) as error:
        print(unfit_file.sentence(options.file, error), file=sys.stderr)
        if options.report:
            options.report.unlink()
        return 2
    verb = "would be opened" if options.dry_run else "opened"
    print(f"{outcome.opened} accounts {verb}, {outcome.known} known already, {len(outcome.refused)} lines refused.")
    for number, column in outcome.refused[:20]:
        print(f"  line {number}: {column}")
    return 1 if outcome.refused else 0


def take(file: TextIO, *, as_json: bool, dry_run: bool) -> Outcome:
    """Takes a file in, part by part. Raises `ValueError` when its columns are not understood."""
    outcome, began, said = Outcome(), time.monotonic(), time.monotonic()
    checked: set[int] = set()
    for part in _parts(lines(file, as_json=as_json)):
        if dry_run:
            _fit(part, outcome, taken=checked)
        else:
            _take_part(part, outcome)
        if time.monotonic() - said > SAY_EVERY:
            said = time.monotonic()
            print(f"{outcome.seen} people, {outcome.seen / (said - began):.0f} a second", file=sys.stderr)
    if not dry_run:
        with transaction.atomic():
            record(
                EventType.IMPORT_FINISHED,
                subject="",
                kind="users",
                rows=min(outcome.opened, MOST_SHOWN),
                refused=min(len(outcome.refused), MOST_SHOWN),
            )
    return outcome


def _take_part(part: Part, outcome: Outcome) -> None:
    found = Outcome()
    try:
        with transaction.atomic():
            _open(_fit(part, found, taken=set()))
    except newcomers.Overtaken:  # somebody registered at this very moment: read again, the part finds that account
        _take_part(part, outcome)
    else:
        outcome.add(found)


def _fit(part: Part, outcome: Outcome, *, taken: set[int]) -> list[Line]:
    """Those who can have an account; the others are counted. `taken` keeps hashes of what earlier lines have taken."""
    people = [line.person for line in part if isinstance(line, Line)]
    emails, civil_ids = newcomers.known_emails(people), newcomers.known_civil_ids(Audience.ORGANIZATION, people)
    fit = []
    for line in part:
        if isinstance(line, tuple):
            outcome.refused.append((line[0], line[1].column))
            continue
        key, civil_id = email_key(line.person.email), line.person.civil_id
        email_mark, civil_id_mark = hash(("email", key)), hash(("civil_id", civil_id))
        if key in emails:
            outcome.known += 1
        elif email_mark in taken:
            outcome.refused.append((line.number, "email"))
        elif civil_id in civil_ids or civil_id_mark in taken:
            outcome.refused.append((line.number, "civil_id"))
        else:
            taken |= {email_mark, civil_id_mark}
            fit.append(line)
    outcome.opened += len(fit)
    return fit


def _open(fit: list[Line]) -> None:
    users = newcomers.create_users(people=[line.person for line in fit])
    record_all(
        Happening(event=EventType.IMPORT_USER_ADDED, subject=str(user.id), facts={"kind": "users"}) for user in users
    )
    admit_registrants(
        registrants=[Registrant(user, line.cr_number) for user, line in zip(users, fit, strict=True) if line.cr_number]
    )


def _parts(people: Iterator[Line | tuple[int, Unfit]]) -> Iterator[Part]:
    while part := list(islice(people, SLICE)):
        yield part


def _report(path: Path | None) -> TextIO:
    """A new file, made before anything is taken: an import must not end without it. Raises OSError."""
    return path.open("x", encoding="utf-8") if path else io.StringIO()
