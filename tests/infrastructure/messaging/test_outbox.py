"""What may be queued, and that it exists exactly when the caller's transaction commits."""

import uuid

import pytest
import time_machine
from django.db import transaction
from django.db.transaction import TransactionManagementError

from bawaba.infrastructure.audit.events import EventType
from bawaba.infrastructure.audit.models import Event
from bawaba.infrastructure.codes import codes
from bawaba.infrastructure.codes.codes import Purpose
from bawaba.infrastructure.messaging import outbox
from bawaba.infrastructure.messaging.kinds import Channel, Kind
from bawaba.infrastructure.messaging.models import Message, Report, State
from tests.people import ahmad

AHMAD = str(uuid.UUID(int=1))
NOURA = str(uuid.UUID(int=4))


def activation(challenge: codes.Challenge) -> Message:
    return outbox.queue(
        Kind.ACTIVATION_CODE,
        channel="email",
        address=ahmad.email,
        language="ar",
        subject=AHMAD,
        challenge=challenge,
    )


@pytest.mark.django_db
def test_a_message_holds_the_challenge_and_no_code() -> None:
    challenge = codes.issue(purpose=Purpose.ACTIVATE, subject=AHMAD, address=ahmad.email)
    message = activation(challenge)
    stored = Message.objects.filter(id=message.id).values().get()
    assert stored["challenge"] == challenge.id
    assert stored["expires_at"] == challenge.expires_at
    assert codes.derive(challenge, 1, ahmad.email) not in str(stored)


@pytest.mark.django_db(transaction=True)
def test_nothing_is_queued_outside_the_transaction_of_the_act() -> None:
    with pytest.raises(TransactionManagementError):
        outbox.queue(Kind.PASSWORD_CHANGED, channel="email", address=ahmad.email, language="ar", subject=AHMAD)
    assert not Message.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_act_that_is_undone_leaves_no_message() -> None:
    with transaction.atomic():
        outbox.queue(Kind.PASSWORD_CHANGED, channel="email", address=ahmad.email, language="ar", subject=AHMAD)
        transaction.set_rollback(True)
    assert not Message.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wrong",
    [
        {"channel": "sms"},
        {"language": "fr"},
        {"variables": {"name": "Ahmad"}},
    ],
)
def test_a_message_that_does_not_exist_in_this_form_is_refused(wrong: dict[str, object]) -> None:
    good: dict[str, object] = {"channel": "email", "address": ahmad.email, "language": "ar", "subject": AHMAD}
    outbox.queue(Kind.PASSWORD_CHANGED, **good)  # type: ignore[arg-type]  # the good one passes, the wrong one must not
    with pytest.raises(outbox.WrongMessage):
        outbox.queue(Kind.PASSWORD_CHANGED, **good | wrong)  # type: ignore[arg-type]  # what is under test


@pytest.mark.django_db
def test_a_code_needs_its_challenge() -> None:
    with pytest.raises(outbox.WrongMessage):
        outbox.queue(Kind.RESET_CODE, channel="email", address=ahmad.email, language="ar", subject=AHMAD)


@pytest.mark.django_db
def test_a_resend_overtakes_what_still_waits() -> None:
    challenge = codes.issue(purpose=Purpose.ACTIVATE, subject=AHMAD, address=ahmad.email)
    first = activation(challenge)
    second = activation(codes.resend(challenge))
    first.refresh_from_db()
    assert (first.state, second.state) == (State.SUPERSEDED, State.QUEUED)


@pytest.mark.django_db
def test_a_report_is_noted_on_the_message_it_belongs_to_and_on_no_other() -> None:
    challenge = codes.issue(purpose=Purpose.ACTIVATE, subject=AHMAD, address=ahmad.email)
    message = activation(challenge)
    Message.objects.filter(id=message.id).update(state=State.HANDED_OVER, provider="smpp", provider_ref="m-1")
    assert not outbox.report("smpp", "m-2", delivered=True)
    assert not outbox.report("another", "m-1", delivered=True)
    assert not outbox.report("smpp", "", delivered=True)
    assert outbox.report("smpp", "m-1", delivered=False)
    assert outbox.report("smpp", "m-1", delivered=True)
    assert not outbox.report("smpp", "m-1", delivered=False), "delivered is the last word"
    status = outbox.status(challenge.id)
    assert status is not None
    assert status.report == Report.DELIVERED


@pytest.mark.django_db
def test_an_officer_has_a_message_sent_anew_that_was_given_up() -> None:
    challenge = codes.issue(purpose=Purpose.ACTIVATE, subject=AHMAD, address=ahmad.email)
    given_up = activation(challenge)
    with pytest.raises(outbox.NotSentAnew):
        outbox.send_anew(given_up.id, actor=NOURA)
    Message.objects.filter(id=given_up.id).update(state=State.DEAD)
    anew = outbox.send_anew(given_up.id, actor=NOURA)
    assert (anew.state, anew.address, anew.challenge, anew.generation) == (State.QUEUED, ahmad.email, challenge.id, 1)
    event = Event.objects.about(str(anew.id)).get()
    assert (event.event, event.actor, event.facts["message"]) == (
        EventType.MESSAGE_RESENT,
        NOURA,
        str(given_up.id),
    )


@pytest.mark.django_db
def test_a_message_whose_code_has_expired_is_not_sent_anew() -> None:
    challenge = codes.issue(purpose=Purpose.RESET, subject=AHMAD, address=ahmad.email)
    given_up = activation(challenge)
    Message.objects.filter(id=given_up.id).update(state=State.DEAD)
    with time_machine.travel(challenge.expires_at), pytest.raises(outbox.NotSentAnew):
        outbox.send_anew(given_up.id, actor=NOURA)


@pytest.mark.django_db
def test_the_status_is_that_of_the_newest_message() -> None:
    challenge = codes.issue(purpose=Purpose.ACTIVATE, subject=AHMAD, address=ahmad.email)
    assert outbox.status(challenge.id) is None
    activation(challenge)
    activation(challenge)
    status = outbox.status(challenge.id)
    assert status is not None
    assert (status.channel, status.state, status.reason) == (Channel.EMAIL, State.QUEUED, "")
