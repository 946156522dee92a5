"""Mail servers that behave and that do not: what each answer means for the message."""

import dataclasses
import email
import socket
import time
import tracemalloc
from email.header import decode_header, make_header
from email.policy import default
from threading import Event

import pytest
import trustme
from django.conf import settings

from bawaba.configuration import UnclearSetting
from bawaba.infrastructure.messaging.kinds import Channel, Kind
from bawaba.infrastructure.messaging.providers import smtp
from bawaba.infrastructure.messaging.providers.email import Email
from bawaba.infrastructure.messaging.providers.outcome import Accepted, Busy, Outcome, Reason, Refused, Unknown
from bawaba.infrastructure.messaging.rendering import Letter
from tests.infrastructure.messaging.mail_servers import TRUSTING, Line, Mailbox, good_server, scripted_server
from tests.people import maryam

PORTAL = dataclasses.replace(
    settings.BAWABA,
    email_from="no-reply@portal.example",
    email_envelope="bounce@portal.example",
    support_email="help@portal.example",
)
LETTER = Letter(
    reference="7f6f0a52-0000-4000-8000-000000000001",
    channel=Channel.EMAIL,
    kind=Kind.ACTIVATION_CODE,
    address=maryam.email,
    language="ar",
    subject="رمز التحقق لتفعيل حسابك",
    text="رمز:\n\n481516\n.\n.dots\n",
    html="<p>481516</p>",
)


def send(server: smtp.Server, *, letter: Letter = LETTER) -> Outcome:
    carrier = Email(server, PORTAL, TRUSTING)
    try:
        return carrier.send(letter)
    finally:
        hang_up(carrier)


def hang_up(carrier: Email) -> None:
    for link in list(carrier._open):
        carrier._drop(link)


@pytest.mark.parametrize("tls", ["start", "implicit", "none"])
def test_a_mail_is_taken(tls: str) -> None:
    box = Mailbox()
    with good_server(box, tls=tls) as server:
        carrier = Email(server, PORTAL, TRUSTING)
        assert carrier.send(LETTER) == Accepted()
        assert carrier.link == ("" if tls == "none" else "TLSv1.3")
        hang_up(carrier)
    (envelope,) = box.envelopes
    assert (envelope.mail_from, envelope.rcpt_tos) == ("bounce@portal.example", [maryam.email])
    assert box.secured == [tls != "none"]
    mail = email.message_from_bytes(envelope.original_content or b"", policy=default)
    assert mail["Message-ID"] == f"<{LETTER.reference}@portal.example>"
    assert mail["Subject"] == LETTER.subject
    assert mail["From"].addresses[0].addr_spec == "no-reply@portal.example"
    # Read with the older parser: the newer one puts a space where an encoded name was folded.
    name = make_header(decode_header(email.message_from_bytes(envelope.original_content or b"")["From"]))
    assert str(name) == f"{PORTAL.portal_name_ar} <no-reply@portal.example>"
    assert mail["Reply-To"] == "help@portal.example"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-Auto-Response-Suppress"] == "All"
    assert mail["Content-Language"] == "ar, en"
    plain, html = mail.iter_parts()
    assert plain.get_content().replace("\r\n", "\n") == LETTER.text
    assert "481516" in html.get_content()


@pytest.mark.parametrize(
    ("recipient", "text", "outcome"),
    [
        ("550 5.1.1 unknown", "250 OK", Refused(Reason.ADDRESS_REFUSED)),
        ("552 full", "250 OK", Refused(Reason.ADDRESS_REFUSED)),
        ("451 4.7.1 greylisted", "250 OK", Busy(Reason.LATER)),
        ("250 OK", "554 5.7.1 spam", Refused(Reason.TEXT_REFUSED)),
        ("250 OK", "552 too large", Refused(Reason.TEXT_REFUSED)),
        ("250 OK", "451 try again", Busy(Reason.LATER)),
        ("421 closing", "250 OK", Busy(Reason.PROVIDER_ERROR)),
    ],
)
def test_a_clear_answer_is_understood(recipient: str, text: str, outcome: Outcome) -> None:
    with good_server(Mailbox(recipient=recipient, text=text)) as server:
        assert send(server) == outcome


def test_a_sign_in_is_made_and_a_wrong_one_is_ours_to_mend() -> None:
    with good_server(Mailbox(), user="portal", password="right", known_password="right") as server:
        assert send(server) == Accepted()
    with good_server(Mailbox(), user="portal", password="wrong", known_password="right") as server:
        assert send(server) == Busy(Reason.SIGN_IN)


def test_a_server_that_nobody_vouches_for_gets_nothing() -> None:
    box = Mailbox()
    for tls in ("start", "implicit"):
        with good_server(box, tls=tls, authority=trustme.CA()) as server:
            assert send(server) == Busy(Reason.NO_TLS)
    assert box.envelopes == []


def test_one_link_carries_many_mails_and_a_link_closed_meanwhile_is_made_anew() -> None:
    box = Mailbox()
    with good_server(box) as server:
        carrier = Email(server, PORTAL, TRUSTING)
        assert [carrier.send(LETTER) for _ in range(3)] == [Accepted()] * 3
        assert len(box.links) == 1
        socket.socket.shutdown(carrier._of_thread.link.link, socket.SHUT_RDWR)
        assert carrier.send(LETTER) == Accepted()
        hang_up(carrier)
    assert len(box.links) == 2


def no_tls(line: Line) -> None:
    line.greet()


def breaks_tls(line: Line) -> None:
    line.say("220 here")
    line.hear()
    line.say("250-here\r\n250 STARTTLS")
    line.hear()
    line.say("220 go ahead")
    line.link.recv(100)
    line.say("this is no handshake")


def refuses_greeting(line: Line) -> None:
    line.say("554 not you")


def refuses_sender(line: Line) -> None:
    line.greet()
    line.hear()
    line.say("550 5.7.1 sender")


def is_not_smtp(line: Line) -> None:
    line.say("HTTP/1.1 400 Bad Request")


def drops_before_the_dot(line: Line) -> None:
    line.take_until_text()


def drops_after_the_dot(line: Line) -> None:
    line.take_until_text()
    line.hear_text()


@pytest.mark.parametrize(
    ("script", "tls", "outcome"),
    [
        (no_tls, "start", Busy(Reason.NO_TLS)),
        (breaks_tls, "start", Busy(Reason.NO_TLS)),
        (refuses_greeting, "none", Busy(Reason.PROVIDER_ERROR)),
        (refuses_sender, "none", Busy(Reason.SENDER)),
        (is_not_smtp, "none", Busy(Reason.NO_CONNECTION)),
        (drops_after_the_dot, "none", Unknown()),
    ],
)
def test_a_server_that_misbehaves(script: object, tls: str, outcome: Outcome) -> None:
    with scripted_server(script, tls=tls) as server:  # type: ignore[arg-type]  # one of the functions above
        assert send(server) == outcome


def test_a_link_lost_before_the_dot_took_nothing() -> None:
    long = dataclasses.replace(LETTER, text="x" * 8_000_000)
    with scripted_server(drops_before_the_dot) as server:
        assert send(server, letter=long) == Busy(Reason.NO_CONNECTION)


def test_nobody_listens() -> None:
    with scripted_server(no_tls) as server:
        pass
    assert send(server) == Busy(Reason.NO_CONNECTION)


@pytest.mark.parametrize("after_dot", [False, True])
def test_a_server_that_hangs(after_dot: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp, "OPERATION_SECONDS", 0.3)
    done = Event()

    def hangs(line: Line) -> None:
        line.take_until_text() if after_dot else line.greet()
        done.wait(10)

    with scripted_server(hangs) as server:
        assert send(server) == (Unknown() if after_dot else Busy(Reason.TIMED_OUT))
        done.set()


@pytest.mark.parametrize("tls", ["none", "implicit"])
def test_a_server_that_drips_is_cut_off(tls: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smtp.Dialogue.watched, "__defaults__", (0.5,))
    done = Event()

    def drips(line: Line) -> None:
        line.link.sendall(b"\x16\x03\x03\x40\x00" if tls == "implicit" else b"220-")
        while not done.wait(0.05):
            line.link.sendall(b"x")

    with scripted_server(drips, tls=tls) as server:
        started = time.monotonic()
        assert send(server) == Busy(Reason.TIMED_OUT)
        assert time.monotonic() - started < 5
        done.set()


def test_a_greeting_without_end_is_not_kept() -> None:
    def floods(line: Line) -> None:
        while True:
            line.link.sendall(b"220-" + b"x" * 5000 + b"\r\n")

    tracemalloc.start()
    with scripted_server(floods) as server:
        assert send(server) == Busy(Reason.PROVIDER_ERROR)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 4_000_000


@pytest.mark.parametrize(
    "url",
    ["http://mail.example", "smtp://", "smtp+plain://mail.example", "smtp://mail.example/x", "smtp://u:p@mail:port"],
)
def test_a_setting_that_is_no_mail_server_stops_the_start_and_stays_secret(url: str) -> None:
    with pytest.raises(UnclearSetting) as refused:
        smtp.parse(url)
    assert "mail.example" not in str(refused.value)


def test_a_password_may_hold_any_character() -> None:
    server = smtp.parse("smtps://portal%40x:p%2Fa%3As%2C@mail.example:2465")
    assert (server.user, server.password, server.port, server.tls) == ("portal@x", "p/a:s,", 2465, "implicit")
