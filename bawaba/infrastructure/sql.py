"""SQL written by hand, for what every sign-in or page asks: Django takes several times as long to put it together.

A statement is a constant with `%s` for each value; ids and moments are given as Python has them. What is asked seldom
belongs into a query set.
"""

from collections.abc import Sized
from datetime import datetime
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

from django.db import connection, models

Row = TypeVar("Row", bound=models.Model)


def first(statement: str, *given: object) -> tuple[Any, ...] | None:
    """The first row of the answer, as the driver gives it; None when there is none."""
    with connection.cursor() as cursor:
        cursor.execute(statement, _adapted(given))
        row: tuple[Any, ...] | None = cursor.fetchone()
    return row


def rows(statement: str, *given: object) -> list[tuple[Any, ...]]:
    """The whole answer."""
    with connection.cursor() as cursor:
        cursor.execute(statement, _adapted(given))
        return list(cursor.fetchall())


def holds(statement: str, *given: object) -> bool:
    """Whether there is such a row."""
    return first(statement, *given) is not None


def change(statement: str, *given: object) -> int:
    """How many rows were changed."""
    with connection.cursor() as cursor:
        cursor.execute(statement, _adapted(given))
        changed: int = cursor.rowcount
    return changed


def record(model: type[Row], condition: str, *given: object) -> Row | None:
    """The first record that meets the condition, which may end in an order: whole, as a query set would give it."""
    row = first(f"{_selection(model)} WHERE {condition} LIMIT 1", *given)
    if row is None:
        return None
    values = list(row)
    for place, column, converters in _conversions(model, connection.vendor):
        for convert in converters:
            values[place] = convert(values[place], column, connection)
    return model.from_db(connection.alias, _names(model), values)


def insert(record: models.Model) -> None:
    """Adds a new record: no signal is sent, and a key that the database gives is not brought back."""
    has_key = record.pk is not None
    values = [
        field.get_db_prep_save(getattr(record, field.attname), connection)
        for field in _fields(type(record))
        if has_key or not field.primary_key
    ]
    with connection.cursor() as cursor:
        cursor.execute(_insertion(type(record), has_key=has_key), values)


def marks(values: Sized) -> str:
    """As many places for a value as there are values, to stand between the brackets of `IN`."""
    return ", ".join(["%s"] * len(values))


def uuid(value: UUID | str) -> UUID:
    """An id as Python has it: SQLite keeps its digits as text."""
    return value if isinstance(value, UUID) else UUID(value)


def _adapted(given: tuple[object, ...]) -> list[Any]:
    return [_adapted_one(value) for value in given]


def _adapted_one(value: object) -> Any:
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, UUID) and not connection.features.has_native_uuid_field:
        return value.hex
    return value


def _fields(model: type[models.Model]) -> list[Any]:
    return model._meta.concrete_fields  # type: ignore[return-value]  # noqa: SLF001 Django documents it


@cache
def _names(model: type[models.Model]) -> list[str]:
    return [field.attname for field in _fields(model)]


@cache
def _selection(model: type[models.Model]) -> str:
    columns = ", ".join(f'"{field.column}"' for field in _fields(model))
    return f'SELECT {columns} FROM "{model._meta.db_table}"'  # noqa: S608, SLF001 names of our own


@cache
def _insertion(model: type[models.Model], *, has_key: bool) -> str:
    fields = [field for field in _fields(model) if has_key or not field.primary_key]
    columns = ", ".join(f'"{field.column}"' for field in fields)
    return f'INSERT INTO "{model._meta.db_table}" ({columns}) VALUES ({marks(fields)})'  # noqa: S608, SLF001 as above


@cache
def _conversions(model: type[models.Model], vendor: str) -> list[tuple[int, Any, list[Any]]]:
    """Which values the driver gives otherwise than Python has them: where they stand, and what turns them."""
    found = []
    for place, field in enumerate(_fields(model)):
        column = field.get_col(model._meta.db_table)  # noqa: SLF001 as above
        converters = [*connection.ops.get_db_converters(column), *field.get_db_converters(connection)]
        if converters:
            found.append((place, column, converters))
    return found
