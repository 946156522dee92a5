"""RT-36, RT-37: what a log line may hold, whoever writes it."""

import io
import json
import logging
import time
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import structlog
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from bawaba.infrastructure import clock, logs
from bawaba.infrastructure.audit.events import EventType
from bawaba.infrastructure.audit.log import OutsideTransaction, record, request_id

MARYAM = "maryam@example.com"
CIVIL_ID = "100000000001"
ID = str(uuid.UUID(int=12345678901234567890))


class Written:
    """What a formatter of ours wrote."""

    def __init__(self, form: str) -> None:
        self.stream = io.StringIO()
        self.handler = logging.StreamHandler(self.stream)
        self.handler.setFormatter(logs.formatter(form))

    @property
    def lines(self) -> list[str]:
        return self.stream.getvalue().splitlines()

    @property
    def last(self) -> dict[str, Any]:
        line: dict[str, Any] = json.loads(self.lines[-1])
        return line


@pytest.fixture(params=["json", "text"])
def written(request: pytest.FixtureRequest) -> Iterator[Written]:
    yield from _write(request.param)


@pytest.fixture
def in_json() -> Iterator[Written]:
    yield from _write("json")


def _write(form: str) -> Iterator[Written]:
    writing, root = Written(form), logging.getLogger()
    root.addHandler(writing.handler)
    level = root.level
    root.setLevel(logging.INFO)
    yield writing
    root.removeHandler(writing.handler)
    root.setLevel(level)


def test_a_line_says_when_what_where_and_in_which_request(in_json: Written) -> None:
    token = request_id.set("r-1")
    logging.getLogger("bawaba.somewhere").warning("thing_happened", extra={"reason": "slow", "rows": 3})
    structlog.get_logger("bawaba.elsewhere").info("thing.done", provider="inbox")
    request_id.reset(token)
    first, second = map(json.loads, in_json.lines)
    assert first["time"].endswith("+00:00")
    assert {name: first[name] for name in ("level", "event", "logger", "request_id", "reason", "rows")} == {
        "level": "warning",
        "event": "thing_happened",
        "logger": "bawaba.somewhere",
        "request_id": "r-1",
        "reason": "slow",
        "rows": 3,
    }
    assert (second["event"], second["provider"], second["request_id"]) == ("thing.done", "inbox", "r-1")


def test_the_zone_of_the_host_changes_no_time(in_json: Written, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Kuwait")
    time.tzset()
    try:
        logging.getLogger("bawaba.somewhere").warning("thing_happened")
    finally:
        monkeypatch.undo()
        time.tzset()
    written = datetime.fromisoformat(json.loads(in_json.lines[0])["time"])
    assert written.utcoffset() == timedelta(0)
    assert abs(clock.now() - written) < timedelta(minutes=1)


NAMES_OF_SECRETS = (
    "password new_password code token csrf_token session_key secret client_secret cookie email to_email mobile "
    "civil_id Authorization X-Csrf-Token full_name POST text"
)


@pytest.mark.parametrize("name", NAMES_OF_SECRETS.split())
def test_what_is_called_a_secret_is_dropped(in_json: Written, name: str) -> None:
    logging.getLogger("library").info("sent", extra={name: "s3cret", "deep": {name: ["s3cret"]}})
    assert in_json.last[name] == "[dropped]"
    assert "s3cret" not in in_json.lines[-1]


@pytest.mark.parametrize(
    "text",
    [
        f"mail to {MARYAM} refused",
        f"<{MARYAM}>",
        "mail to مريم@مثال.example refused",
        f"duplicate value {CIVIL_ID}",
        "call +965 5123 4567",
        "call 5123-4567",
        "رقم ١٠٠٠٠٠٠٠٠٠٠١",
        f"code 12345678 and {ID}",
    ],
)
def test_what_looks_personal_is_masked_in_any_text(written: Written, text: str) -> None:
    logging.getLogger("library").warning("%s", text, extra={"detail": text, "list": [text]})
    line = written.lines[-1]
    for personal in (MARYAM, "مثال", CIVIL_ID, "5123", "4567", "١٠٠٠", "12345678 "):
        assert personal not in line


def test_ids_times_and_small_numbers_stay(in_json: Written) -> None:
    kept = {
        "subject": ID,
        "request": "r",
        "until": "2026-08-01T12:00:00Z",
        "version": "1.2.3",
        "digest": "1:" + "7" * 64,
    }
    logging.getLogger("bawaba.x").info("kept", extra={"status_code": 404, "ms": 1234567890, **kept, "port": "8000"})
    line = in_json.last
    assert (line["subject"], line["until"], line["digest"]) == (ID, kept["until"], kept["digest"])
    assert (line["status_code"], line["ms"], line["port"], line["version"]) == (404, 1234567890, "8000", "1.2.3")
    assert "request" not in line


@pytest.mark.parametrize("mark", ["\r", "\n", "\r\n", "\x1b[31m", "\x00", "\u202e", "\u2066", "\u2028", "\x85", "\x7f"])
def test_one_event_is_one_line_in_one_direction(written: Written, mark: str) -> None:
    logging.getLogger("x").warning("a%sb", mark, extra={"where": f"/{mark}/", f"odd{mark}": 1})
    written.handler.flush()
    raw = written.stream.getvalue()
    assert raw.count("\n") == 1
    assert mark[0] not in raw.removesuffix("\n")
    assert mark[-1] not in raw.removesuffix("\n") or mark[-1] == "m"


@given(st.text())
def test_whatever_is_logged_stays_one_line_of_json(text: str) -> None:
    record_ = logging.LogRecord("x", logging.INFO, "f", 1, "%s", (text,), None)
    record_.detail = text
    line = logs.formatter("json").format(record_)
    assert len(line.splitlines()) == 1
    assert json.loads(line)["logger"] == "x"


def test_an_endless_value_is_cut(in_json: Written) -> None:
    logging.getLogger("x").info("long", extra={"detail": "a" * 1_000_000})
    assert len(in_json.lines[-1]) < 3_000


def test_the_message_of_a_foreign_exception_is_not_printed(written: Written) -> None:
    def submit() -> None:
        try:
            raise IntegrityError(f"Key (email_key)=({MARYAM}) already exists. Maryam Ali")
        except IntegrityError as error:
            raise ValueError(f"invalid literal for int(): 'Maryam {CIVIL_ID}'") from error

    try:
        submit()
    except ValueError:
        logging.getLogger("django.request").exception("Internal Server Error: /register/", extra={"request": MARYAM})
        structlog.get_logger("x").exception("failed")
    text = written.stream.getvalue()
    for personal in (MARYAM, CIVIL_ID, "Maryam", "already exists"):
        assert personal not in text
    assert text.count("builtins.ValueError at ") == 2
    assert "django.db.utils.IntegrityError at " in text
    assert "test_logs.py" in text


def test_the_message_of_our_own_exception_is_printed(in_json: Written) -> None:
    try:
        raise OutsideTransaction("sign_out")
    except OutsideTransaction:
        logging.getLogger("x").exception("failed")
    assert in_json.last["exception"][0].startswith("bawaba.infrastructure.audit.log.OutsideTransaction: sign_out at ")


@pytest.mark.django_db(transaction=True)
def test_an_event_of_the_register_is_also_a_line_once_it_is_certain(in_json: Written) -> None:
    with transaction.atomic():
        record(EventType.SIGN_IN_FAILED, subject=ID, reason="password")
        assert in_json.lines == []
    assert (in_json.last["event"], in_json.last["subject"]) == ("sign_in.failed", ID)
    assert in_json.last["reason"] == "password"
    with transaction.atomic():
        record(EventType.SIGN_OUT, subject=ID)
        transaction.set_rollback(True)
    assert len(in_json.lines) == 1
