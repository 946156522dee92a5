"""Log lines: one event, one line, nothing personal.

A line is JSON with the time in UTC, the event's name, the number of the request and plain values. What may be secret or
personal is taken out here whoever wrote it, libraries included: by the name of a value, by the look of a text, and by
never printing an exception's message unless the exception is ours. `BAWABA_LOG=text` prints the same for reading.
"""

import logging
import re
import sys
import traceback
from collections.abc import MutableMapping
from datetime import UTC, datetime
from types import TracebackType
from typing import Any
from unicodedata import category

import structlog
from structlog.stdlib import ExtraAdder, ProcessorFormatter

from bawaba.infrastructure.audit.request import request_id

SECRET_WORDS = {
    *("authorization", "birth", "body", "civil", "code", "cookie", "cookies", "csrf", "email", "form", "headers"),
    *("mail", "mobile", "name", "names", "passcode", "password", "phone", "post", "private", "recipient", "secret"),
    *("session", "sessionid", "text", "to", "token"),
}
PLAIN_NAMES = {"status_code", "exit_code", "reason_code", "gap_to"}
UNMASKED = {"time", "head"}
"""Values of our own making that hold long numbers and nothing else."""
FOREIGN = ("request", "response", "message", "asctime", "_from_structlog")
"""Django's objects, and what other handlers leave on a record."""
DROPPED = "[dropped]"
LIMIT = 2_000
"""Characters of one value; an attacker's value must not fill the disk."""

_ID = (
    r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|\b[0-9a-fA-F]{32}(?:[0-9a-fA-F]{32})?\b"
    r"|\d{4}-\d\d-\d\dT\d\d:\d\d[\d:.+]*"
)
_WORD = r"[^\s<>\"'(),:;=\[\]{}|/@]"
_EMAIL = rf"(?<!{_WORD}){_WORD}+@{_WORD}+"  # begins only where a word begins, or a long word would cost its square
_NUMBER = r"\+?\d(?:[ \-]?\d){6,}"
_PERSONAL = re.compile(rf"(?P<id>{_ID})|(?P<email>{_EMAIL})|(?P<number>{_NUMBER})")

Line = MutableMapping[str, Any]


def configuration(form: str) -> dict[str, Any]:
    """Django's LOGGING: everything to standard error, in the `form` "json" or "text"."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": formatter, "form": form}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": "INFO"},
        "loggers": {
            "django": {"handlers": [], "level": "INFO", "propagate": True},
            "oauth2_provider": {"level": "WARNING"},  # a line for each kind of row, also when it erased none
        },
    }


def formatter(form: str) -> logging.Formatter:
    """What turns a record of the standard library or of structlog into a line."""
    structlog.configure(
        processors=[structlog.contextvars.merge_contextvars, ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    last = _text if form == "text" else structlog.processors.JSONRenderer(ensure_ascii=False)
    return ProcessorFormatter(foreign_pre_chain=[ExtraAdder()], processors=[_frame, _clean, last])


def _frame(_logger: Any, _method: str, line: Line) -> Line:
    """Time, level, place and request in front; Django's own objects and the exception's message out."""
    record: logging.LogRecord = line.pop("_record")
    error = _error(line.pop("exc_info", None))
    for name in FOREIGN:
        line.pop(name, None)
    line.update(line.pop("facts", {}))
    framed = {
        "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname.lower(),
        "event": line.pop("event"),
        "logger": record.name,
        "request_id": request_id.get(),
        **line,
    }
    return framed | {"exception": describe(error)} if error else framed


def _error(given: Any) -> BaseException | None:
    """The exception a logger was given: itself, as a triple, or by saying that one is in flight."""
    found = given[1] if isinstance(given, tuple) else given
    if found is True:
        found = sys.exc_info()[1]
    return found if isinstance(found, BaseException) else None


def describe(error: BaseException) -> list[str]:
    """An exception and what caused it: types and places in the code. The message only where it is one of ours.

    A message of a library may quote what somebody typed; PostgreSQL's for a double value does.
    """
    described: list[str] = []
    seen: BaseException | None = error
    while seen is not None and len(described) < 5:
        kind = f"{type(seen).__module__}.{type(seen).__qualname__}"
        message = f": {seen}" if type(seen).__module__.startswith("bawaba.") else ""
        described.append(f"{kind}{message} at {_places(seen.__traceback__)}")
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    return described


def _places(trace: TracebackType | None) -> str:
    frames = traceback.extract_tb(trace)[-12:]
    return " > ".join(f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames)


def _clean(_logger: Any, _method: str, line: Line) -> Line:
    return {escape(name): _cleaned(name, value) for name, value in line.items()}


def _cleaned(name: str, value: Any) -> Any:
    if name not in PLAIN_NAMES and SECRET_WORDS.intersection(name.lower().replace("-", "_").split("_")):
        return DROPPED
    if isinstance(value, bool | int | float) or value is None:
        return value
    if isinstance(value, dict):
        return {escape(str(inner)): _cleaned(str(inner), item) for inner, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_cleaned("", item) for item in value]
    return value if name in UNMASKED else escape(mask(str(value)))


def mask(text: str) -> str:
    """The text without e-mail addresses and without numbers of seven digits and more; ids stay."""
    return _PERSONAL.sub(lambda found: found[0] if found["id"] else f"[{found.lastgroup}]", text[:LIMIT])


def escape(text: str) -> str:
    """The text on one line and in one direction: control, format and separator characters as \\uXXXX."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        f"\\u{ord(mark):04x}" if category(mark) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"} else mark for mark in text
    )


def _text(_logger: Any, _method: str, line: Line) -> str:
    known = ("time", "level", "event", "exception")
    rest = " ".join(f"{name}={value}" for name, value in line.items() if name not in known and value != "")
    trace = "".join(f"\n    {part}" for part in line.get("exception", []))
    return f"{line['time']} {line['level']:<8}{line['event']}  {rest}{trace}"
