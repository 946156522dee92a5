"""Importing the trade register as a table: CSV in UTF-8 with a first line of names.

`cr_number,name_ar,name_en,legal_form,valid_to,joint_signature,signatories`; only the number is needed. `valid_to` is
written 2027-12-31, `joint_signature` yes or no, `signatories` are civil numbers with semicolons between them.
"""

import csv
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from typing import TypeVar

from django.db import transaction

from bawaba.domain.companies.models import RegisterEntry
from bawaba.domain.companies.trade_register import signatory_digest
from bawaba.identifiers.digits import clean_number
from bawaba.identifiers.kw import clean_cr_number
from bawaba.identifiers.names import clean_title
from bawaba.identifiers.problem import Problem
from bawaba.infrastructure import clock
from bawaba.infrastructure.audit.events import EventType
from bawaba.infrastructure.audit.log import record

Value = TypeVar("Value")

SLICE = 500
YES, NO = frozenset({"yes", "true", "1"}), frozenset({"no", "false", "0", ""})
COLUMNS = ("name_ar", "name_en", "legal_form", "valid_to", "joint_signature", "signatories", "source", "read_at")


@dataclass
class Import:
    """How many lines were taken, and which were not: number of the line (the first is 2) and the column at fault."""

    taken: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)


class _Unfit(ValueError):
    def __init__(self, column: str) -> None:
        super().__init__(column)
        self.column = column


def import_table(lines: Iterable[str], *, replace: bool = True) -> Import:
    """Takes the lines into the table, 500 in a transaction. A later line of a number wins over an earlier one.

    With `replace` the entries of earlier imports that are not in this one go, unless a line was refused: a broken file
    must not empty the register. Raises `ValueError` without a column `cr_number`.
    """
    rows = csv.DictReader(lines, strict=True)
    if "cr_number" not in (rows.fieldnames or ()):
        raise ValueError("the first line names no column cr_number")
    began, outcome = clock.now(), Import()
    numbered = enumerate(rows, start=2)
    while part := list(islice(numbered, SLICE)):
        _take(part, began, outcome)
    with transaction.atomic():
        if replace and not outcome.refused:
            RegisterEntry.objects.filter(source="csv", read_at__lt=began).delete()
        record(
            EventType.IMPORT_FINISHED,
            subject="",
            kind="trade_register",
            rows=outcome.taken,
            refused=len(outcome.refused),
        )
    return outcome


def _take(part: list[tuple[int, dict[str, str]]], began: datetime, outcome: Import) -> None:
    entries: dict[str, RegisterEntry] = {}
    for number, row in part:
        try:
            entry = _entry(row, began)
        except _Unfit as unfit:
            outcome.refused.append((number, unfit.column))
        else:
            entries[entry.cr_number] = entry
            outcome.taken += 1
    with transaction.atomic():
        RegisterEntry.objects.bulk_create(
            entries.values(), update_conflicts=True, unique_fields=["cr_number"], update_fields=COLUMNS
        )


def _entry(row: dict[str, str], began: datetime) -> RegisterEntry:
    return RegisterEntry(
        cr_number=_column(row, "cr_number", lambda text: clean_cr_number(text, longest=20)),
        name_ar=_column(row, "name_ar", _name),
        name_en=_column(row, "name_en", _name),
        legal_form=_column(row, "legal_form", _word),
        valid_to=_column(row, "valid_to", _day),
        joint_signature=_column(row, "joint_signature", _flag),
        signatories=_column(row, "signatories", _signatories),
        source="csv",
        read_at=began,
    )


def _column(row: dict[str, str], name: str, read: Callable[[str], Value]) -> Value:
    try:
        return read((row.get(name) or "").strip())
    except ValueError:
        raise _Unfit(name) from None


def _name(text: str) -> str:
    return clean_title(text) if text else ""


def _word(text: str) -> str:
    if not re.fullmatch("[a-z0-9_]{0,20}", text):
        raise Problem("format")
    return text


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _flag(text: str) -> bool:
    if text.lower() not in YES | NO:
        raise Problem("format")
    return text.lower() in YES


def _signatories(text: str) -> list[str]:
    numbers = [clean_number(part) for part in text.split(";") if part.strip()]
    if not all(re.fullmatch("[0-9]{12}", number) for number in numbers):
        raise Problem("format")
    return [signatory_digest(number) for number in numbers]
