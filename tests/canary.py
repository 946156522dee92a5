"""Watches during every test where secrets go: the passwords and civil numbers of the people, and every code derived.

None of them may enter a log line, a row, a session or (but for codes) a message; nothing personal at all may enter a
log line or the register of events. The test during which it happens fails, whatever else it was about.
"""

import importlib.util
import json
import logging
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from django.contrib.sessions.backends.base import SessionBase
from django.core.mail import EmailMessage
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from bawaba.infrastructure import logs
from tests.people import EVERYBODY

SECRETS = {person.password: "password" for person in EVERYBODY} | {
    person.civil_id: "civil number" for person in EVERYBODY
}
PERSONAL = {value: "personal value" for person in EVERYBODY for value in person.private}
# Six digits also stand in a digest and in the fraction of a second: those are not codes.
NUMBERS = re.compile(r"(?<![0-9A-Fa-f.:])[0-9]{6,14}(?![0-9A-Fa-f])")
WRITES = re.compile(r"\s*(insert|update)\b", re.IGNORECASE)

codes: dict[str, str] = {}
"""The codes derived during this test."""
found: list[str] = []
"""What was seen where during this test."""


def look(place: str, text: str, *marked: dict[str, str]) -> None:
    numbers = set(NUMBERS.findall(text))
    for marks in marked:
        found.extend(f"a {marks[number]} in {place}" for number in numbers if number in marks)
    found.extend(f"a {what} in {place}" for marks in marked for value, what in words(marks) if value in text)


def words(marks: dict[str, str]) -> list[tuple[str, str]]:
    """The marked values that are more than a number; codes, of which a test may derive thousands, are never such."""
    return [] if marks is codes else [(value, what) for value, what in marks.items() if not value.isdigit()]


class WatchedLog(logging.Handler):
    """Reads what would be written, in the form in which it would be written."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(logs.formatter("json"))

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno >= logging.INFO:
            look(f"the log line {record.name}", self.format(record), SECRETS, PERSONAL, codes)


def _watch_rows(connection: BaseDatabaseWrapper, **_: Any) -> None:
    connection.execute_wrappers.append(_watch_statement)


def _watch_statement(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
    if WRITES.match(sql) and params:
        table = sql.split('"')[1] if '"' in sql else sql[:40]
        marked = (SECRETS, codes, PERSONAL) if "audit_event" in sql else (SECRETS, codes)
        for text in _texts(params):
            look(f"a row of {table}", text, *marked)
    return execute(sql, params, many, context)


def _texts(params: Any) -> Iterator[str]:
    for value in params.values() if isinstance(params, dict) else params:
        if isinstance(value, list | tuple):
            yield from _texts(value)
        elif isinstance(value, bytes | memoryview):
            yield bytes(value).decode(errors="replace")
        elif value is not None:
            yield str(getattr(value, "obj", value))


def _watched(original: Callable[..., Any], place: str, marked: Iterable[dict[str, str]]) -> Callable[..., Any]:
    def watching(self: Any, *args: Any, **kwargs: Any) -> Any:
        result = original(self, *args, **kwargs)
        shown = json.dumps(args[0], default=str, ensure_ascii=False) if args else str(result)
        look(place, shown, *marked)
        return result

    return watching


def remembering(derive: Callable[..., str]) -> Callable[..., str]:
    def remembering(*args: Any, **kwargs: Any) -> str:
        code = derive(*args, **kwargs)
        codes[code] = "code"
        return code

    return remembering


def _watch_codes() -> None:
    name = "bawaba.infrastructure.codes.derivation"
    if importlib.util.find_spec(name) is None:
        return
    original: Callable[..., str] = importlib.import_module(name).derive
    for module in list(sys.modules.values()):
        if vars(module).get("derive") is original:
            vars(module)["derive"] = remembering(original)


@pytest.fixture(scope="session", autouse=True)
def canaries() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        connection_created.connect(_watch_rows)
        patch.setattr(SessionBase, "encode", _watched(SessionBase.encode, "a session", (SECRETS, codes)))
        patch.setattr(EmailMessage, "message", _watched(EmailMessage.message, "a message", (SECRETS,)))
        _watch_codes()
        watched = WatchedLog()
        logging.getLogger().addHandler(watched)
        yield
        logging.getLogger().removeHandler(watched)
        connection_created.disconnect(_watch_rows)


@pytest.fixture(autouse=True)
def nothing_leaks() -> Iterator[None]:
    codes.clear()
    found.clear()
    yield
    seen = sorted(set(found))
    found.clear()
    assert seen == [], f"leaked: {seen}"
