"""F02: the courier killed in mid-send, and again and again. Nothing is lost, and a repeat carries the same code."""

import email
import secrets
import signal
import subprocess
import time
from collections import Counter
from email.policy import default
from threading import Event, Lock

import pytest

from tests.faults.inside import said, start
from tests.infrastructure.messaging.mail_servers import Line, Mailbox, good_server, scripted_server

LEASE = 2
MESSAGES = 200
FILL = """
import sys, uuid
from django.db import transaction
from bawaba.infrastructure.codes import codes
from bawaba.infrastructure.codes.codes import Purpose
from bawaba.infrastructure.messaging import outbox
from bawaba.infrastructure.messaging.kinds import Kind
for number in range(int(sys.argv[1])):
    address, subject = f"person{number}@example.com", str(uuid.uuid4())
    with transaction.atomic():
        challenge = codes.issue(purpose=Purpose.ACTIVATE, subject=subject, address=address)
        outbox.queue(
            Kind.ACTIVATION_CODE,
            channel="email",
            address=address,
            language="ar",
            subject=subject,
            challenge=challenge,
        )
"""
COURIER = f"""
from datetime import timedelta
from django.conf import settings
from bawaba.infrastructure.messaging.courier import Courier
from bawaba.infrastructure.messaging.routes import routes
Courier(routes(settings.BAWABA), lease_time=timedelta(seconds={LEASE})).run()
"""
WAITING = """
from bawaba.infrastructure.messaging.models import Message
print(Message.objects.waiting().count(), Message.objects.filter(state="handed_over").count())
"""


@pytest.fixture
def environment(environment: dict[str, str]) -> dict[str, str]:
    """Of an installation that sends mails and no SMS."""
    return environment | {"BAWABA_EMAIL_FROM": "no-reply@portal.example", "BAWABA_SMS_PROVIDERS": ""}


def kill(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()
    assert process.returncode == -signal.SIGKILL, "it ended by itself"


@pytest.mark.faults
def test_a_courier_killed_in_mid_send_sends_the_same_again_after_the_lease(environment: dict[str, str]) -> None:
    texts: list[bytes] = []
    times: list[float] = []
    arrived, lock = Event(), Lock()

    def hold_the_first(line: Line) -> None:
        line.take_until_text()
        text = b""
        while not text.endswith(b"\r\n.\r\n"):
            text += line.link.recv(65_536)
        with lock:
            texts.append(text)
            times.append(time.monotonic())
        arrived.set()
        if len(texts) == 1:
            line.link.recv(1)  # no answer: until the courier is dead
        line.say("250 taken")
        line.hear()

    with scripted_server(hold_the_first) as server:
        environment["BAWABA_EMAIL_URL"] = f"smtp+plain://127.0.0.1:{server.port}"
        said(FILL, environment, "1")
        first, second = start(COURIER, environment), start(COURIER, environment)
        try:
            assert arrived.wait(20)
            time.sleep(0.2)
            killed_at = time.monotonic()
            first.kill()
            second.kill()
            kill(first)
            kill(second)
            second = start(COURIER, environment)
            until = time.monotonic() + 30
            while len(texts) < 2 and time.monotonic() < until:
                time.sleep(0.05)
        finally:
            second.kill()
            second.communicate()
    assert len(texts) == 2
    assert times[1] - killed_at < LEASE + 2 + 3, "lease, two seconds, and the start of a process"
    one, two = (email.message_from_bytes(text, policy=default) for text in texts)
    assert one["Message-ID"] == two["Message-ID"]
    assert one.get_body(("plain",)).get_content() == two.get_body(("plain",)).get_content()  # type: ignore[union-attr]  # it has one


@pytest.mark.faults
def test_many_kills_lose_nothing(environment: dict[str, str]) -> None:
    box = Mailbox()
    kills = 0
    with good_server(box, tls="none") as server:
        environment["BAWABA_EMAIL_URL"] = f"smtp+plain://127.0.0.1:{server.port}"
        said(FILL, environment, str(MESSAGES))
        courier = start(COURIER, environment)
        try:
            until = time.monotonic() + 90
            while said(WAITING, environment).split() != ["0", str(MESSAGES)] and time.monotonic() < until:
                if kills < 5:
                    time.sleep(secrets.randbelow(300) / 1000)
                    kill(courier)
                    kills += 1
                    courier = start(COURIER, environment)
        finally:
            courier.kill()
            courier.communicate()
        assert said(WAITING, environment).split() == ["0", str(MESSAGES)]
    mails = [email.message_from_bytes(one.original_content or b"", policy=default) for one in box.envelopes]
    texts = {(mail["To"], mail["Message-ID"], mail.get_body(("plain",)).get_content()) for mail in mails}  # type: ignore[union-attr]  # they have one
    assert len({mail["To"] for mail in mails}) == MESSAGES
    assert len(texts) == MESSAGES, "a repeat says the same under the same id"
    assert max(Counter(mail["To"] for mail in mails).values()) <= 1 + kills
    assert len(mails) - MESSAGES <= kills * 12, "per kill at most what was in flight"
