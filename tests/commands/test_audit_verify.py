"""The auditor's command."""

import uuid

import pytest
from django.db import connection, transaction

from bawaba.commands import audit_verify
from bawaba.infrastructure.audit import append_only
from bawaba.infrastructure.audit.events import EventType
from bawaba.infrastructure.audit.log import record
from bawaba.infrastructure.audit.models import Event
from bawaba.infrastructure.audit.seal import seal

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def three_events() -> None:
    with transaction.atomic():
        for _ in range(3):
            record(EventType.SIGN_OUT, subject=str(uuid.UUID(int=2)))
    seal()


def test_a_whole_register_is_called_whole_and_its_head_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert audit_verify.main([]) == 0
    printed = capsys.readouterr().out
    assert "3 events read, up to number 3; 0 wait" in printed
    head = printed.splitlines()[-1].removeprefix("Head: ")
    assert audit_verify.main(["--head", head]) == 0
    assert audit_verify.main(["--from", head]) == 0
    assert "0 events read, up to number 3" in capsys.readouterr().out


def test_a_changed_register_is_called_tampered_with(capsys: pytest.CaptureFixture[str]) -> None:
    with connection.cursor() as cursor:
        for statement in append_only.unlock(connection.vendor):
            cursor.execute(statement)
    Event.objects.filter(seq=2).update(event="sign_in.succeeded")
    assert audit_verify.main([]) == 1
    printed = capsys.readouterr().out
    assert "Event 2 is not the event that was sealed." in printed
    assert "Head:" not in printed


def test_a_text_that_is_no_head_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert audit_verify.main(["--head", "nothing"]) == 2
    assert "not a head" in capsys.readouterr().err
