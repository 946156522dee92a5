"""F07: processes whose clocks are minutes, an hour and a day apart, on one PostgreSQL. libfaketime moves them.

Couriers go by the database's clock, so a message is neither late nor lost. A web process goes by its own: what one has
begun ends in another too early or too late by the difference of their clocks, and never by more.
"""

import email
import subprocess
import time
from collections import Counter
from email.policy import default

import pytest

from tests.faults.inside import said, start
from tests.faults.test_audit_kill import FINISH
from tests.infrastructure.messaging.mail_servers import Mailbox, good_server
from tests.servers import false_clock

pytestmark = [
    pytest.mark.faults,
    pytest.mark.needs("faketime"),
    pytest.mark.parametrize("database", ["postgresql"], indirect=True),
]

SKEW = 300
MESSAGES = 40
ROUNDING = 60  # seconds, for processes that start slowly
PERIOD, TOLERATED = 600, 600  # seconds: the window of a source, and what counters take for an honest difference

FILL = """
import sys, uuid
from django.db import transaction
from bawaba.infrastructure.audit.events import EventType
from bawaba.infrastructure.audit.log import record
from bawaba.infrastructure.codes import codes
from bawaba.infrastructure.codes.codes import Purpose
from bawaba.infrastructure.messaging import outbox
from bawaba.infrastructure.messaging.kinds import Kind
for number in range(int(sys.argv[1])):
    address, subject = f"{sys.argv[2]}{number}@example.com", str(uuid.uuid4())
    with transaction.atomic():
        challenge = codes.issue(purpose=Purpose.RESET, subject=subject, address=address)
        record(EventType.SIGN_OUT, subject=subject)
        outbox.queue(
            Kind.RESET_CODE, channel="email", address=address, language="ar", subject=subject, challenge=challenge
        )
"""
COURIER = """
from django.conf import settings
from bawaba.commands.duties import PULSES
from bawaba.infrastructure.messaging.courier import Courier
from bawaba.infrastructure.messaging.routes import routes
Courier(routes(settings.BAWABA), pulses=PULSES).run()
"""
STATUS = """
from bawaba.infrastructure import clock
from bawaba.infrastructure.audit.models import Event
from bawaba.infrastructure.messaging import outbox
from bawaba.infrastructure.messaging.models import Heartbeat, Message
told = [outbox.status(challenge) for challenge in Message.objects.values_list("challenge", flat=True)]
print(sum(each.state == "handed_over" for each in told), Event.objects.unsealed().count())
print(max((abs(clock.now() - each.at).total_seconds() for each in told), default=0))
print(min((abs(clock.now() - each.at).total_seconds() for each in Heartbeat.objects.all()), default=9999))
"""
ISSUE = """
import uuid
from bawaba.infrastructure.codes import codes
from bawaba.infrastructure.codes.codes import Purpose
challenge = codes.issue(purpose=Purpose.RESET, subject=str(uuid.uuid4()), address="maryam@example.com")
print(challenge.id, codes.derive(challenge, challenge.generation, "maryam@example.com"))
"""
GUESS = """
import sys
from bawaba.infrastructure.codes import codes
from bawaba.infrastructure.codes.codes import CodeExpired
try:
    codes.check(sys.argv[1], typed=sys.argv[2], address="maryam@example.com", source="192.0.2.1")
except CodeExpired:
    print("expired")
else:
    print("right")
"""
EXHAUST = """
import sys
from bawaba.infrastructure.limits import counter
from bawaba.infrastructure.limits.table import FAILURES_SOURCE
try:
    while True:
        counter.spend(FAILURES_SOURCE, sys.argv[1])
except counter.LimitReached:
    pass
"""
WAIT = """
import sys
from bawaba.infrastructure import clock
from bawaba.infrastructure.limits import counter
from bawaba.infrastructure.limits.table import FAILURES_SOURCE
until = counter.peek(FAILURES_SOURCE, sys.argv[1])
print((until - clock.now()).total_seconds() if until else 0)
"""


@pytest.fixture
def environment(environment: dict[str, str]) -> dict[str, str]:
    """Of an installation that sends mails and no SMS."""
    return environment | {"BAWABA_EMAIL_FROM": "no-reply@portal.example", "BAWABA_SMS_PROVIDERS": ""}


def at(seconds: int, environment: dict[str, str]) -> dict[str, str]:
    """The same, with a clock that is wrong by so many seconds."""
    return environment | false_clock(FAKETIME=f"{seconds:+d}")


def status(environment: dict[str, str]) -> tuple[int, int, float, float]:
    """What a person is told, by a right clock: how many mails are handed over and the oldest news, in seconds.

    Between them the events that wait for their seal, at last how old the couriers' newest sign of life is.
    """
    first, second, third = said(STATUS, environment).splitlines()
    handed_over, unsealed = map(int, first.split())
    return handed_over, unsealed, float(second), float(third)


def sent(environment: dict[str, str], amount: int) -> tuple[float, float]:
    """Waits half a minute at most until all is sent and sealed; the two ages of the status then."""
    until = time.monotonic() + 30
    while (now := status(environment))[:2] != (amount, 0) and time.monotonic() < until:
        time.sleep(0.5)
    assert now[:2] == (amount, 0)
    return now[2:]


def end(*processes: subprocess.Popen[str]) -> None:
    for process in processes:
        assert process.poll() is None, "it ended by itself"
        process.kill()
        process.communicate()


def test_a_wrong_clock_delays_no_message_and_the_status_tells_the_time(environment: dict[str, str]) -> None:
    box, amount = Mailbox(), 0
    with good_server(box, tls="none") as server:
        environment["BAWABA_EMAIL_URL"] = f"smtp+plain://127.0.0.1:{server.port}"
        for web, courier in ((0, SKEW), (0, -SKEW), (SKEW, 0), (-SKEW, 0)):
            process = start(COURIER, at(courier, environment))
            try:
                began = time.monotonic()
                said(FILL, at(web, environment), "5", f"web{web}courier{courier}")
                amount += 5
                news, sign_of_life = sent(environment, amount)
                assert news < time.monotonic() - began + ROUNDING * 4, (web, courier)
                assert sign_of_life < ROUNDING, (web, courier)
            finally:
                end(process)
    assert len(box.envelopes) == amount


def test_couriers_ten_minutes_apart_send_everything_once(environment: dict[str, str]) -> None:
    box = Mailbox()
    with good_server(box, tls="none") as server:
        environment["BAWABA_EMAIL_URL"] = f"smtp+plain://127.0.0.1:{server.port}"
        couriers = [start(COURIER, at(skew, environment)) for skew in (SKEW, -SKEW)]
        try:
            said(FILL, environment, str(MESSAGES), "person")
            sent(environment, MESSAGES)
        finally:
            end(*couriers)
    mails = [email.message_from_bytes(one.original_content or b"", policy=default) for one in box.envelopes]
    assert set(Counter(mail["To"] for mail in mails).values()) == {1}
    assert len(mails) == MESSAGES
    assert "The register is whole." in said(FINISH, environment)


def test_a_code_ends_early_or_late_by_the_difference_and_no_more(environment: dict[str, str]) -> None:
    life = 600
    for skew in (-SKEW, SKEW):
        code = said(ISSUE, at(skew, environment)).split()
        assert said(GUESS, environment, *code) == "right\n", skew
        assert said(GUESS, at(life - SKEW - ROUNDING, environment), *code) == "right\n", skew
        assert said(GUESS, at(life + SKEW, environment), *code) == "expired\n", skew


def test_a_wrong_clock_leaves_no_lasting_lock(environment: dict[str, str]) -> None:
    for skew in (-86_400, -SKEW, SKEW, 3_600, 86_400):
        said(EXHAUST, at(skew, environment), str(skew))
        wait = float(said(WAIT, environment, str(skew)))
        assert 0 <= wait <= PERIOD + TOLERATED, skew
        assert float(said(WAIT, at(PERIOD + TOLERATED, environment), str(skew))) == 0, skew
