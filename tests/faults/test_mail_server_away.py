"""F03: a mail server that is away, drops after the dot, refuses for good and for now. Nothing is lost or expired."""

import socket
import threading
import time
import uuid
from collections import Counter
from contextlib import suppress

import pytest
from django.db import connection, transaction

from bawaba.infrastructure.codes import codes
from bawaba.infrastructure.codes.codes import Purpose
from bawaba.infrastructure.messaging import breaker, outbox
from bawaba.infrastructure.messaging.courier import Courier
from bawaba.infrastructure.messaging.kinds import Channel, Kind
from bawaba.infrastructure.messaging.models import Message, State
from bawaba.infrastructure.messaging.providers.email import Email
from bawaba.infrastructure.messaging.providers.outcome import Reason
from bawaba.infrastructure.messaging.providers.smtp import Server
from bawaba.infrastructure.messaging.routes import Route
from tests.infrastructure.messaging.mail_servers import TRUSTING, Line
from tests.infrastructure.messaging.test_email import PORTAL

LETTERS = 60
DRAINED_SECONDS = 60


class Moody:
    """A server on one port that can be away, and drops every fourth mail after the dot while it is in a bad mood."""

    def __init__(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.taken: Counter[str] = Counter()
        self.bad_mood = True
        self._seen = 0
        self._listener: socket.socket | None = None

    def open(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def close(self) -> None:
        if self._listener is not None:
            with suppress(OSError):
                self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                link, _ = listener.accept()
            except OSError:
                return
            link.settimeout(20)
            threading.Thread(target=self._serve, args=(Line(link),), daemon=True).start()

    def _serve(self, line: Line) -> None:
        recipient = ""
        with suppress(OSError):
            line.greet()
            while command := line.hear():
                if command.startswith("rcpt"):
                    line.say("550 no such person" if "nobody" in command else "250 OK")
                    recipient = command
                elif command == "data":
                    line.say("354 go on")
                    line.hear_text()
                    self._seen += 1
                    self.taken[recipient] += 1
                    if self.bad_mood and self._seen % 4 == 0:
                        break
                    line.say("250 taken")
                else:
                    line.say("250 OK")
        line.close()


def queue(address: str) -> None:
    with transaction.atomic():
        challenge = codes.issue(purpose=Purpose.ACTIVATE, subject=str(uuid.uuid4()), address=address)
        outbox.queue(
            Kind.ACTIVATION_CODE,
            channel="email",
            address=address,
            language="ar",
            subject=str(uuid.uuid4()),
            challenge=challenge,
        )


def wait_until(count: int, state: State, seconds: float) -> float:
    """Seconds it took until so many messages were in a state."""
    began = time.monotonic()
    while Message.objects.filter(state=state).count() < count and time.monotonic() - began < seconds:
        time.sleep(0.1)
    assert Message.objects.filter(state=state).count() == count
    return time.monotonic() - began


@pytest.mark.faults
@pytest.mark.django_db(transaction=True)
def test_everything_arrives_within_a_minute_of_the_servers_return(monkeypatch: pytest.MonkeyPatch) -> None:
    server = Moody()
    carrier = Email(Server("127.0.0.1", server.port, "", "", "none"), PORTAL, TRUSTING)
    courier = Courier([Route(Channel.EMAIL, [carrier], 12)])

    def run() -> None:
        courier.run()
        connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    try:
        slowest = 0.0
        for number in range(LETTERS):
            began = time.monotonic()
            queue(f"person{number}@example.com")
            slowest = max(slowest, time.monotonic() - began)
        queue("nobody@example.com")
        time.sleep(3)
        assert Message.objects.filter(state=State.HANDED_OVER).count() == 0
        assert Message.objects.filter(state__in=(State.QUEUED, State.SENDING)).count() == LETTERS + 1
        assert slowest < 3, "who queues does not wait for the mail server"
        server.open()
        took = wait_until(1, State.REFUSED, breaker.PAUSE.total_seconds() + 30)
        server.bad_mood = False
        took += wait_until(LETTERS, State.HANDED_OVER, DRAINED_SECONDS)
        assert took < DRAINED_SECONDS
    finally:
        courier.stop()
        thread.join(40)
        server.close()
    assert not thread.is_alive()
    assert Message.objects.get(state=State.REFUSED).outcome == Reason.ADDRESS_REFUSED
    assert len(server.taken) == LETTERS
    assert sum(server.taken.values()) - LETTERS <= LETTERS, "only what was dropped after the dot comes twice"
