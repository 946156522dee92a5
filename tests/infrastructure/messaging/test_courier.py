"""The courier delivers what was committed: the right code, once, and says what became of it."""

import uuid
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.db import transaction
from pytest_django import Settings

from bawaba.infrastructure import clock
from bawaba.infrastructure.audit.events import EventType
from bawaba.infrastructure.audit.models import Event
from bawaba.infrastructure.codes import codes
from bawaba.infrastructure.codes.codes import Purpose
from bawaba.infrastructure.keys import Keyring
from bawaba.infrastructure.limits import counter
from bawaba.infrastructure.limits.table import SEND_SMS_SITE, SITE
from bawaba.infrastructure.messaging import lease, outbox
from bawaba.infrastructure.messaging.kinds import Channel, Kind
from bawaba.infrastructure.messaging.models import Message, Provider, State
from bawaba.infrastructure.messaging.providers.outcome import Broken, Busy, Reason, Refused, Unknown
from tests.infrastructure.messaging.carriers import Scripted, deliver
from tests.people import ahmad, maryam

AHMAD = str(uuid.UUID(int=1))

pytestmark = pytest.mark.django_db(transaction=True)


def queue_code(purpose: Purpose = Purpose.ACTIVATE) -> tuple[codes.Challenge, Message]:
    sms = purpose is Purpose.MOBILE
    address = ahmad.mobile if sms else ahmad.email
    kinds = {Purpose.ACTIVATE: Kind.ACTIVATION_CODE, Purpose.MOBILE: Kind.MOBILE_CODE, Purpose.RESET: Kind.RESET_CODE}
    with transaction.atomic():
        challenge = codes.issue(purpose=purpose, subject=AHMAD, address=address)
        message = outbox.queue(
            kinds[purpose],
            channel="sms" if sms else "email",
            address=address,
            language="ar",
            subject=AHMAD,
            challenge=challenge,
        )
    return challenge, message


def queue_notice(address: str = ahmad.email) -> Message:
    with transaction.atomic():
        return outbox.queue(Kind.PASSWORD_CHANGED, channel="email", address=address, language="ar", subject=AHMAD)


def after(seconds: float) -> time_machine.travel:
    return time_machine.travel(clock.now() + timedelta(seconds=seconds), tick=True)


def test_a_code_is_handed_over() -> None:
    challenge, message = queue_code()
    relay = Scripted()
    assert deliver(email=[relay]) == 1
    message.refresh_from_db()
    assert (message.state, message.provider, message.provider_ref) == (State.HANDED_OVER, "scripted", "scripted-1")
    (letter,) = relay.letters
    code = codes.derive(challenge, 1, ahmad.email)
    assert letter.address == ahmad.email
    assert code in letter.text.split("\n")
    assert code not in letter.subject


def test_a_code_is_the_right_one_however_the_address_is_written() -> None:
    with transaction.atomic():
        challenge = codes.issue(purpose=Purpose.ACTIVATE, subject=AHMAD, address=ahmad.email)
        outbox.queue(
            Kind.ACTIVATION_CODE,
            channel="email",
            address=ahmad.email.title(),
            language="ar",
            subject=AHMAD,
            challenge=challenge,
        )
    relay = Scripted()
    deliver(email=[relay])
    (letter,) = relay.letters
    assert letter.address == ahmad.email.title()
    assert codes.derive(challenge, 1, ahmad.email) in letter.text.split("\n")


def test_a_code_that_would_be_wrong_is_not_sent(settings: Settings, tmp_path: Path) -> None:
    _, message = queue_code()
    settings.KEYS = Keyring(tmp_path)
    settings.KEYS.newest("code")
    relay = Scripted()
    deliver(email=[relay])
    message.refresh_from_db()
    assert (message.state, message.outcome, relay.letters) == (State.DEAD, Reason.TEXT_FAILED, [])


def test_codes_go_before_notices() -> None:
    queue_notice()
    queue_code()
    relay = Scripted()
    deliver(email=[relay])
    assert [letter.kind for letter in relay.letters] == [Kind.ACTIVATION_CODE, Kind.PASSWORD_CHANGED]


def test_a_refused_address_is_final_and_the_page_knows_why() -> None:
    challenge, _ = queue_code()
    relay = Scripted(Refused(Reason.ADDRESS_REFUSED))
    deliver(email=[relay])
    with after(60):
        assert deliver(email=[relay]) == 0
    status = outbox.status(challenge.id)
    assert status is not None
    assert (status.state, status.reason) == (State.REFUSED, Reason.ADDRESS_REFUSED)


def test_a_busy_provider_is_asked_again_with_the_same_text() -> None:
    queue_code()
    relay = Scripted(Busy(Reason.LATER))
    deliver(email=[relay])
    assert deliver(email=[relay]) == 0
    with after(3):
        assert deliver(email=[relay]) == 1
    first, second = relay.letters
    assert (first.text, first.reference) == (second.text, second.reference)


def test_a_busy_provider_is_followed_by_the_next_one() -> None:
    queue_code(Purpose.MOBILE)
    one, two = Scripted(Busy(Reason.THROTTLED), name="one"), Scripted(name="two")
    deliver(sms=[one, two])
    with after(3):
        deliver(sms=[one, two])
    assert (len(one.letters), len(two.letters)) == (1, 1)


def test_a_persons_resend_begins_with_the_other_provider() -> None:
    challenge, message = queue_code(Purpose.MOBILE)
    one, two = Scripted(name="one"), Scripted(name="two")
    deliver(sms=[one, two])
    with transaction.atomic():
        outbox.queue(
            Kind.MOBILE_CODE,
            channel="sms",
            address=message.address,
            language="ar",
            subject=AHMAD,
            challenge=codes.resend(challenge),
        )
    deliver(sms=[one, two])
    assert (len(one.letters), len(two.letters)) == (1, 1)


def test_a_lost_answer_is_repeated_six_times_by_mail_and_twice_by_sms() -> None:
    queue_notice()
    queue_code(Purpose.MOBILE)
    relay, gateway = Scripted(*[Unknown()] * 9), Scripted(*[Unknown()] * 9)
    for minutes in range(0, 60, 11):
        with after(minutes * 60):
            Provider.objects.all().delete()
            deliver(email=[relay], sms=[gateway])
    assert len(relay.letters) == 6
    assert len(gateway.letters) == 1, "eleven minutes later an SMS code has expired"
    assert Message.objects.get(channel=Channel.EMAIL).state == State.DEAD
    assert Message.objects.get(channel=Channel.SMS).state == State.EXPIRED


def test_a_lost_answer_of_an_sms_is_repeated_once() -> None:
    queue_code(Purpose.MOBILE)
    gateway = Scripted(*[Unknown()] * 9)
    for seconds in range(0, 300, 40):
        with after(seconds):
            deliver(sms=[gateway])
    assert len(gateway.letters) == 2
    assert Message.objects.get().state == State.DEAD


def test_a_request_of_wrong_form_is_not_repeated() -> None:
    _, message = queue_code(Purpose.MOBILE)
    deliver(sms=[Scripted(Broken())])
    message.refresh_from_db()
    assert (message.state, message.outcome) == (State.DEAD, Reason.OUR_FAULT)
    event = Event.objects.about(str(message.id)).get()
    assert (event.event, event.facts) == (
        EventType.MESSAGE_DEAD,
        {"kind": "mobile_code", "channel": "sms", "reason": "our_fault"},
    )


def test_a_code_with_less_than_a_minute_left_is_never_sent() -> None:
    _, message = queue_code(Purpose.RESET)
    relay = Scripted()
    with after(9 * 60 + 1):
        deliver(email=[relay])
    message.refresh_from_db()
    assert (message.state, relay.letters) == (State.EXPIRED, [])


def test_a_code_of_a_dead_challenge_is_never_sent() -> None:
    _, message = queue_code()
    codes.kill(subject=AHMAD, purpose=Purpose.ACTIVATE)
    relay = Scripted()
    deliver(email=[relay])
    message.refresh_from_db()
    assert (message.state, relay.letters) == (State.SUPERSEDED, [])


def test_a_number_outside_the_allowed_ones_costs_nothing() -> None:
    _, message = queue_code(Purpose.MOBILE)
    Message.objects.update(address="+966512345678")
    gateway = Scripted()
    deliver(sms=[gateway])
    message.refresh_from_db()
    assert (message.state, message.outcome, gateway.letters) == (State.REFUSED, Reason.NUMBER_NOT_ALLOWED, [])


def test_the_cap_of_the_site_counts_every_repetition() -> None:
    queue_code(Purpose.MOBILE)
    gateway = Scripted(Busy(Reason.THROTTLED))
    deliver(sms=[gateway])
    assert counter.total(SEND_SMS_SITE) == 0, "the first send was counted when the code was asked for"
    for _ in range(SEND_SMS_SITE.windows[0].most):
        counter.spend(SEND_SMS_SITE, SITE)
    with after(3):
        deliver(sms=[gateway])
    assert len(gateway.letters) == 1
    assert Message.objects.get().outcome == Reason.SITE_CAP


def test_five_failures_pause_a_provider_and_one_success_hastens_the_rest() -> None:
    for number in range(7):
        queue_notice(f"person{number}@example.com")
    relay = Scripted(*[Busy(Reason.NO_CONNECTION)] * 5)
    deliver(email=[relay])
    assert len(relay.letters) == 5
    assert Message.objects.filter(outcome=Reason.NO_PROVIDER).count() == 2
    with after(25):
        deliver(email=[relay])
        assert len(relay.letters) == 5, "paused"
    with after(31):
        deliver(email=[relay])
        assert len(relay.letters) >= 6
        Message.objects.filter(state=State.QUEUED).update(due_at=clock.now())
        deliver(email=[relay])
    assert Message.objects.filter(state=State.HANDED_OVER).count() == 7
    events = list(Event.objects.about("scripted").order_by("id").values_list("event", flat=True))
    assert events == [EventType.PROVIDER_CLOSED, EventType.PROVIDER_OPENED]


def test_a_provider_with_wrong_settings_stays_off() -> None:
    queue_notice()
    one, two = Scripted(Busy(Reason.CONFIGURATION, stays_off=True), name="one"), Scripted(name="two")
    deliver(email=[one, two])
    with after(3):
        deliver(email=[one, two])
    queue_notice(maryam.email)
    deliver(email=[one, two])
    assert (len(one.letters), len(two.letters)) == (1, 2)


def test_a_text_that_cannot_be_made_ends_its_own_message_only() -> None:
    broken = queue_notice()
    Message.objects.update(kind="of a newer version")
    queue_notice(maryam.email)
    deliver(email=[Scripted()])
    broken.refresh_from_db()
    assert (broken.state, broken.outcome) == (State.DEAD, Reason.TEXT_FAILED)
    assert Message.objects.get(address=maryam.email).state == State.HANDED_OVER


def test_a_lease_that_ran_out_brings_the_row_back_and_fences_the_sleeper() -> None:
    queue_notice()
    (asleep,) = lease.claim(Channel.EMAIL, owner="one", count=5, now=clock.now())
    assert lease.claim(Channel.EMAIL, owner="two", count=5, now=clock.now()) == []
    later = clock.now() + timedelta(seconds=61)
    (awake,) = lease.claim(Channel.EMAIL, owner="two", count=5, now=later)
    lease.hand_over([(asleep, "one", "")], now=later)
    assert Message.objects.get().state == State.SENDING
    lease.hand_over([(awake, "two", "")], now=later)
    assert Message.objects.get().provider == "two"
    assert (awake.attempts, awake.unknowns) == (2, 1)
