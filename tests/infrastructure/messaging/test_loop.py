"""The courier's loop itself: it hears of commits by the database, survives its absence, and leaves in order."""

import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import OperationalError, connection, transaction

from bawaba.infrastructure import clock
from bawaba.infrastructure.messaging import outbox, retention
from bawaba.infrastructure.messaging.chores import Duty
from bawaba.infrastructure.messaging.courier import Courier
from bawaba.infrastructure.messaging.kinds import Channel, Kind
from bawaba.infrastructure.messaging.models import Heartbeat, Message, State
from bawaba.infrastructure.messaging.providers.carrier import Carrier
from bawaba.infrastructure.messaging.providers.outcome import Accepted, Outcome
from bawaba.infrastructure.messaging.rendering import Letter
from bawaba.infrastructure.messaging.routes import Route
from tests.people import ahmad

AHMAD = str(uuid.UUID(int=1))

pytestmark = pytest.mark.django_db(transaction=True)


class Slow(Carrier):
    """Says when it has a letter, and hands it over when it may."""

    name = "slow"

    def __init__(self) -> None:
        self.began = threading.Event()
        self.go_on = threading.Event()

    def send(self, letter: Letter) -> Outcome:
        self.began.set()
        self.go_on.wait(10)
        return Accepted()


@contextmanager
def running(carrier: Carrier, *pulses: Duty) -> Iterator[Courier]:
    courier = Courier([Route(Channel.EMAIL, [carrier], 2)], pulses=pulses)

    def run() -> None:
        courier.run()
        connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield courier
    finally:
        courier.stop()
        thread.join(15)
        assert not thread.is_alive()


def eventually(look: Callable[[], bool]) -> bool:
    until = time.monotonic() + 10
    while not look() and time.monotonic() < until:
        time.sleep(0.01)
    return look()


def queue() -> Message:
    with transaction.atomic():
        return outbox.queue(Kind.PASSWORD_CHANGED, channel="email", address=ahmad.email, language="ar", subject=AHMAD)


def test_a_commit_is_heard_without_waiting_for_the_poll() -> None:
    carrier = Slow()
    with running(carrier) as courier:
        assert eventually(lambda: Heartbeat.objects.filter(courier=courier.owner).exists())
        queue()
        began = time.monotonic()
        assert carrier.began.wait(10)
        assert time.monotonic() - began < 0.9, "heard by the poll of each second only"
        carrier.go_on.set()
        assert eventually(lambda: Message.objects.get().state == State.HANDED_OVER)


def test_a_courier_that_is_asked_to_stop_lets_a_running_send_end() -> None:
    carrier = Slow()
    with running(carrier) as courier:
        queue()
        assert carrier.began.wait(10)
        courier.stop()
        second = queue()
        carrier.go_on.set()
    states = dict(Message.objects.values_list("id", "state"))
    assert states.pop(second.id) == State.QUEUED
    assert list(states.values()) == [State.HANDED_OVER]


def test_two_couriers_share_the_work_and_send_nothing_twice() -> None:
    class Fast(Carrier):
        name = "fast"

        def __init__(self) -> None:
            self.references: list[str] = []

        def send(self, letter: Letter) -> Outcome:
            self.references.append(letter.reference)
            return Accepted()

    carrier = Fast()
    with running(carrier), running(carrier):
        for _ in range(60):
            queue()
        assert eventually(lambda: Message.objects.filter(state=State.HANDED_OVER).count() == 60)
    assert len(carrier.references) == len(set(carrier.references)) == 60


def test_a_database_that_is_away_is_waited_for() -> None:
    failures = [OperationalError("away")] * 3
    pulses: list[int] = []

    def fail_at_first() -> None:
        if failures:
            raise failures.pop()
        pulses.append(1)

    class Failing(Slow):
        def receipts(self) -> list[object]:  # type: ignore[override]  # it never returns any
            fail_at_first()
            return []

    carrier = Failing()
    carrier.go_on.set()
    with running(carrier):
        queue()
        assert eventually(lambda: bool(pulses) and Message.objects.get().state == State.HANDED_OVER)


def test_pulses_are_done_between_two_sends() -> None:
    done = threading.Event()
    with running(Slow(), Duty("seal", timedelta(seconds=0.5), done.set)):
        assert done.wait(10)


def test_addresses_are_forgotten_a_day_after_the_end_and_rows_after_thirty_days() -> None:
    now = clock.now()
    finished, waiting, old = queue(), queue(), queue()
    Message.objects.filter(id=finished.id).update(state=State.HANDED_OVER, finished_at=now - timedelta(hours=25))
    Message.objects.filter(id=old.id).update(created_at=now - timedelta(days=31))
    assert retention.empty_addresses() == 1
    assert retention.purge() == 1
    addresses = dict(Message.objects.values_list("id", "address"))
    assert addresses == {finished.id: "", waiting.id: ahmad.email}
