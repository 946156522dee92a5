"""A file of people from another system, read line by line: CSV with a first line of names, or JSON lines."""

import csv
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TextIO
from zoneinfo import ZoneInfo

from django.conf import settings

from bawaba.domain.accounts import foreign
from bawaba.domain.accounts.models import Gender
from bawaba.domain.accounts.newcomers import Newcomer
from bawaba.identifiers.addresses import clean_email
from bawaba.identifiers.kw import clean_civil_id, clean_cr_number, clean_mobile
from bawaba.identifiers.names import clean_name
from bawaba.infrastructure import clock

NEEDED = ("email", "first_name", "last_name", "civil_id", "mobile")
MAY_BE = ("gender", "language", "password_hash", "mobile_proven", "cr_number")
FLAGS = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False, "": False}
LANGUAGES = {"": "ar", "ar": "ar", "en": "en"}
WITHOUT_PASSWORD = "!"  # noqa: S105 opens nothing: the person sets a password by a code


class Unfit(Exception):
    """A line that cannot be taken: `column` names the value, which is never shown."""

    def __init__(self, column: str) -> None:
        super().__init__(column)
        self.column = column


@dataclass(frozen=True)
class Line:
    """A person as the file tells, and the company. `number` counts the lines of the file from 1."""

    number: int
    person: Newcomer
    cr_number: str


def lines(file: TextIO, *, as_json: bool) -> Iterator[Line | tuple[int, Unfit]]:
    """Each person, or the number of a line and why it is unfit. Raises `ValueError` when columns are missing."""
    for number, row in _json_rows(file) if as_json else _csv_rows(file):
        try:
            yield _line(number, row)
        except Unfit as unfit:
            yield number, unfit


def _csv_rows(file: TextIO) -> Iterator[tuple[int, dict[str, Any]]]:
    reader = csv.DictReader(file)
    names = set(reader.fieldnames or ())
    missing, unknown = set(NEEDED) - names, names - {*NEEDED, *MAY_BE}
    if missing or unknown:
        raise ValueError(f"missing columns: {sorted(missing)}, unknown columns: {sorted(unknown)}")
    for row in reader:
        yield reader.line_num, row


def _json_rows(file: TextIO) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, text in enumerate(file, start=1):
        if text.strip():
            try:
                row = json.loads(text)
            except ValueError:
                row = None
            yield number, row if isinstance(row, dict) else {}


def _line(number: int, row: dict[str, Any]) -> Line:
    moment = clock.now()
    person = Newcomer(
        email=_read(row, "email", clean_email),
        first_name=_read(row, "first_name", clean_name),
        last_name=_read(row, "last_name", clean_name),
        civil_id=_read(row, "civil_id", lambda text: _civil_id(text, moment)),
        mobile=_read(row, "mobile", clean_mobile),
        gender=_read(row, "gender", lambda text: Gender(text).value if text else ""),
        language=_read(row, "language", LANGUAGES.__getitem__),
        password=_read(row, "password_hash", lambda text: foreign.stored(text) if text else WITHOUT_PASSWORD),
        mobile_proven_at=moment if _read(row, "mobile_proven", lambda text: FLAGS[text.lower()]) else None,
    )
    return Line(number, person, _read(row, "cr_number", lambda text: clean_cr_number(text) if text else ""))


def _read(row: dict[str, Any], column: str, clean: Callable[[str], Any]) -> Any:
    value = row.get(column)
    if isinstance(value, bool):
        value = "yes" if value else "no"
    if value is not None and not isinstance(value, str):
        raise Unfit(column)
    try:
        return clean((value or "").strip())
    except (ValueError, KeyError):
        raise Unfit(column) from None


def _civil_id(text: str, moment: datetime) -> str:
    today: date = moment.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    return clean_civil_id(text, today=today, centuries=settings.BAWABA.accepted_centuries)
