"""The courier's list of duties: names of their own, and the one that is written here."""

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.db import transaction
from pytest_django import Settings

from bawaba.commands.duties import CHORES, ERASING, PULSES, send_head
from bawaba.domain.registration.models import Registration
from bawaba.infrastructure import clock
from bawaba.infrastructure.audit.chain import Head
from bawaba.infrastructure.audit.events import EventType
from bawaba.infrastructure.audit.log import record
from bawaba.infrastructure.audit.seal import seal
from bawaba.infrastructure.messaging.chores import HELD_BELOW, Duty
from bawaba.infrastructure.messaging.models import Message
from bawaba.infrastructure.messaging.rendering import render
from tests.accounts import pending_request
from tests.people import salem


def test_duties_have_names_of_their_own_and_stand_in_the_right_hand() -> None:
    names = [duty.name for duty in (*PULSES, *CHORES)]
    assert len(names) == len(set(names))
    assert all(duty.every < HELD_BELOW for duty in PULSES)
    assert all(duty.every >= HELD_BELOW for duty in CHORES)


@pytest.mark.django_db
@pytest.mark.parametrize("duty", ERASING, ids=lambda duty: duty.name)
def test_whatever_erases_says_how_many_rows(duty: Duty) -> None:
    assert duty.act() == 0


@pytest.mark.django_db
def test_a_request_to_register_is_erased_after_seven_days() -> None:
    pending_request(salem)
    erase = next(duty.act for duty in ERASING if duty.name == "registrations.purge")
    with time_machine.travel(clock.now() + timedelta(days=7, seconds=-5)):
        assert erase() == 0
    with time_machine.travel(clock.now() + timedelta(days=7, seconds=5)):
        assert erase() == 1
    assert not Registration.objects.exists()


@pytest.mark.django_db
def test_the_auditor_is_sent_the_head_of_the_register(settings: Settings) -> None:
    settings.BAWABA = replace(settings.BAWABA, auditor_email="auditor@body.example")
    send_head()
    assert not Message.objects.exists(), "nothing is sealed yet"
    with transaction.atomic():
        record(EventType.SIGN_OUT, subject=str(uuid.UUID(int=2)))
    seal()
    send_head()
    message = Message.objects.get()
    assert message.address == "auditor@body.example"
    (line, _) = [line for line in render(message, code="", now=clock.now()).text.split("\n") if line.count(".") >= 4]
    assert Head.parse(line).seq == 1
