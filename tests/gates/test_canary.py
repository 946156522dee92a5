"""The watch over secrets sees each way out; a watch that sees nothing would prove nothing."""

import logging
from collections.abc import Iterator

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.core.mail import EmailMessage
from django.db import connection

from bawaba.infrastructure.audit.models import Event
from tests import canary
from tests.people import maryam


@pytest.fixture
def caught(nothing_leaks: None) -> Iterator[list[str]]:
    """What was found; forgotten before it would fail this test."""
    yield canary.found
    canary.found.clear()


@pytest.fixture
def code(nothing_leaks: None) -> str:
    return canary.remembering(lambda: "482913")()


def test_a_password_in_a_log_line_is_seen(caught: list[str]) -> None:
    logging.getLogger("x").warning("typed %s", maryam.password)
    assert caught == ["a password in the log line x"]


def test_a_code_in_a_log_line_is_seen_and_a_longer_number_is_none(caught: list[str], code: str) -> None:
    logging.getLogger("x").info("took", extra={"ms": 4829137, "at": f"12:00:00.{code}", "digest": f"a{code}b"})
    assert caught == []
    logging.getLogger("x").info("sent", extra={"detail": f"it is {code}"})
    assert caught == ["a code in the log line x"]


@pytest.mark.django_db
def test_a_secret_in_a_row_is_seen(caught: list[str], code: str) -> None:
    Event.objects.create(event="x", subject="y", facts={"a": maryam.password})
    Event.objects.create(event="x", subject=code)
    Event.objects.create(event="x", subject=maryam.email)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE audit_anchor SET hash = %s", [maryam.civil_id])
    assert set(caught) == {
        "a password in a row of audit_event",
        "a code in a row of audit_event",
        "a personal value in a row of audit_event",
        "a civil number in a row of UPDATE audit_anchor SET hash = %s",
    }


@pytest.mark.django_db
def test_a_password_in_a_session_is_seen(caught: list[str]) -> None:
    session = SessionStore()
    session["post"] = {"password": maryam.password}
    session.save()
    assert caught == ["a password in a session"]


def test_a_password_in_a_message_is_seen_and_a_code_is_allowed(caught: list[str], code: str) -> None:
    EmailMessage(f"Code {code}", f"Your code is {code}.").message()
    assert caught == []
    EmailMessage("Welcome", f"Your password is {maryam.password}.").message()
    assert caught == ["a password in a message"]
