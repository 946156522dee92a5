"""`bawaba import-users FILE`: opens accounts for people of another system. docs/operate/import.md has the columns.

It may be stopped at any moment and started again: whoever has an account is passed over, and every part of the file is
one transaction. With --dry-run everything is checked and nothing is written.
"""

import argparse
import csv
import json
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TextIO

from django.db import transaction

from bawaba.commands.people_file import Line, Unfit, lines
from bawaba.domain.accounts import actions as accounts
from bawaba.domain.accounts.models import User
from bawaba.domain.companies.actions import admission
from bawaba.identifiers.addresses import email_key
from bawaba.infrastructure.audit.events import EventType
from bawaba.infrastructure.audit.log import record

PART = 200  # lines in one transaction
SAY_EVERY = 5.0  # seconds
MOST_SHOWN = 999_999  # what the register of events holds of a number


class _OnlyChecking(Exception):
    """Undoes the part at the end of a dry run."""


@dataclass
class Outcome:
    opened: int = 0
    known: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)
    checked: set[int] = field(default_factory=set)  # in a dry run: hashes of what would be taken by now

    @property
    def seen(self) -> int:
        return self.opened + self.known + len(self.refused)


def main(arguments: list[str]) -> int:
    """Exit code 0 when every line was taken or known, 1 when some were refused, 2 when the file cannot be read."""
    parser = argparse.ArgumentParser(prog="bawaba import-users", description=__doc__)
    parser.add_argument("file", type=Path, help="CSV or JSON lines (.jsonl) in UTF-8")
    parser.add_argument("--dry-run", action="store_true", help="check every line and write nothing")
    parser.add_argument("--report", type=Path, help="a new file for the refused lines: number and column as JSON lines")
    options = parser.parse_args(arguments)
    try:
        with options.file.open(encoding="utf-8-sig", newline="") as file:
            as_json = options.file.suffix in {".jsonl", ".ndjson"}
            outcome = take(file, as_json=as_json, dry_run=options.dry_run)
        if options.report:
            _report(options.report, outcome.refused)
    except (OSError, UnicodeDecodeError) as error:
        print(f"The file cannot be read or written ({type(error).__name__}).", file=sys.stderr)
        return 2
    except (ValueError, csv.Error) as error:
        print(f"The file is not understood: {error}.", file=sys.stderr)
        return 2
    verb = "would be opened" if options.dry_run else "opened"
    print(f"{outcome.opened} accounts {verb}, {outcome.known} known already, {len(outcome.refused)} lines refused.")
    for number, column in outcome.refused[:20]:
        print(f"  line {number}: {column}")
    return 1 if outcome.refused else 0


def take(file: TextIO, *, as_json: bool, dry_run: bool) -> Outcome:
    """Takes a file in, part by part. Raises `ValueError` when its columns are not understood."""
    outcome, began, said = Outcome(), time.monotonic(), time.monotonic()
    for part in _parts(lines(file, as_json=as_json)):
        _take_part(part, outcome, dry_run=dry_run)
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


def _take_part(part: list[Line | tuple[int, Unfit]], outcome: Outcome, *, dry_run: bool) -> None:
    known = set(_known(line for line in part if isinstance(line, Line)))
    try:
        with transaction.atomic():
            for line in part:
                if isinstance(line, tuple):
                    outcome.refused.append((line[0], line[1].column))
                elif email_key(line.email) in known:
                    outcome.known += 1
                else:
                    _open(line, outcome, dry_run=dry_run)
            if dry_run:
                raise _OnlyChecking
    except _OnlyChecking:
        return


def _known(people: Iterable[Line]) -> Iterable[str]:
    keys = [email_key(line.email) for line in people]
    known: Iterable[str] = User.objects.filter(email_key__in=keys).values_list("email_key", flat=True)
    return known


def _open(line: Line, outcome: Outcome, *, dry_run: bool) -> None:
    if dry_run:
        for column, value in (("email", email_key(line.email)), ("civil_id", line.civil_id)):
            if hash((column, value)) in outcome.checked:
                outcome.refused.append((line.number, column))
                return
        outcome.checked |= {hash(("email", email_key(line.email))), hash(("civil_id", line.civil_id))}
    try:
        user = accounts.create_user(
            email=line.email,
            password=line.password,
            first_name=line.first_name,
            last_name=line.last_name,
            civil_id=line.civil_id,
            mobile=line.mobile,
            language=line.language,
            gender=line.gender,
            mobile_proven_at=line.mobile_proven_at,
        )
    except accounts.EmailTaken:
        outcome.refused.append((line.number, "email"))
        return
    except accounts.CivilIdTaken:
        outcome.refused.append((line.number, "civil_id"))
        return
    record(EventType.IMPORT_USER_ADDED, subject=str(user.id), kind="users")
    if line.cr_number:
        admission.admit_registrant(user=user, cr_number=line.cr_number)
    outcome.opened += 1


def _parts(people: Iterator[Line | tuple[int, Unfit]]) -> Iterator[list[Line | tuple[int, Unfit]]]:
    while part := list(islice(people, PART)):
        yield part


def _report(path: Path, refused: list[tuple[int, str]]) -> None:
    with path.open("x", encoding="utf-8") as file:
        for number, column in refused:
            file.write(json.dumps({"line": number, "column": column}) + "\n")
