"""Strangers who register in a portal whose parts are being killed. Both programs run in the environment of the portal.

`python -m tests.faults.registering AMOUNT` prints the e-mail of everybody as soon as they are told "registered", until
there are so many. `python -m tests.faults.registering check` reads these e-mails and prints what became of them.
"""

import json
import os
import socket
import sys
import time
from collections import Counter
from threading import Thread
from urllib.parse import parse_qs

from bench.journeys import Request, Response, register  # sets up Django

from django.db import connection  # isort: skip  # after Django is set up

from bawaba.domain.registration.models import Registration  # isort: skip
from bawaba.infrastructure.audit.events import EventType  # isort: skip
from bawaba.infrastructure.audit.models import Event  # isort: skip
from bawaba.infrastructure.messaging.models import Message, State  # isort: skip

CLIENTS = 8
FIRST = 10_000  # of the numbered strangers
SECONDS_FOR_AN_ANSWER = 30.0
HOST, _, PORT = os.environ["BAWABA_BIND"].rpartition(":")


def main() -> int:
    if sys.argv[1] == "check":
        json.dump(outcome(sys.stdin.read().split()), sys.stdout)
        return 0
    told: list[str] = []
    clients = [Thread(target=come, args=(number, int(sys.argv[1]), told)) for number in range(CLIENTS)]
    for client in clients:
        client.start()
    for client in clients:
        client.join()
    return 0


def come(number: int, amount: int, told: list[str]) -> None:
    """One stranger after the other sends the form, until as many as wanted have been told."""
    journey = register(number, CLIENTS, first=FIRST)
    request = next(journey)
    while len(told) < amount:
        response = answered(request)
        if request.counted and request.is_met_by(response):
            (email,) = parse_qs(request.wire.decode().rpartition("\r\n")[2])["email"]
            told.append(email)
            sys.stdout.write(f"{email}\n")
            sys.stdout.flush()
        request = journey.send(response)


def answered(request: Request) -> Response:
    """Sends the same again as long as nobody answers, as a person presses the button again."""
    while True:
        try:
            response = ask(request)
        except OSError:
            time.sleep(0.1)
            continue
        if (request.counted and response.status != 503) or request.is_met_by(response):
            return response


def ask(request: Request) -> Response:
    with socket.create_connection((HOST, int(PORT)), timeout=SECONDS_FOR_AN_ANSWER) as link:
        link.sendall(request.wire.replace(b"\r\n", b"\r\nConnection: close\r\n", 1))
        head, _, body = b"".join(iter(lambda: link.recv(65_536), b"")).partition(b"\r\n\r\n")
    if f"content-length: {len(body)}".encode() not in head.lower():
        raise ConnectionError("it died in the middle of the answer")
    return Response(int(head[9:12]), head, body)


def outcome(told: list[str]) -> dict[str, object]:
    """Of those who were told: how many are not there or twice. Of all there are: how many are half made or unsent."""
    rows = dict(Registration.objects.values_list("id", "email"))
    often = Counter(rows.values())
    noted = set(Event.objects.filter(event=EventType.REGISTRATION_SUBMITTED).values_list("subject", flat=True))
    mails = Message.objects.filter(channel="email")
    sent = set(mails.filter(state=State.HANDED_OVER).values_list("subject", flat=True))
    return {
        "lost": sum(1 for email in told if not often[email]),
        "twice": sum(1 for email in told if often[email] > 1),
        "half made": sum(1 for each in rows if str(each) not in noted),
        "unsent": sum(1 for each in rows if str(each) not in sent),
        "waiting": mails.waiting().count(),
        "database": _integrity(),
    }


def _integrity() -> str:
    """What SQLite says of its file; PostgreSQL has checked its log when it started."""
    if connection.vendor != "sqlite":
        return "ok"
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        return str(cursor.fetchone()[0])


if __name__ == "__main__":
    sys.exit(main())
