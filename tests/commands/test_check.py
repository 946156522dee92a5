"""The check for the public: each subject red, amber or green for its reason."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
import trustme
from pytest_django import Settings

from bawaba.commands import check
from bawaba.infrastructure import clock
from bawaba.infrastructure.keys import NAMES
from bawaba.infrastructure.limits.table import SEND_EMAIL_SITE, Window
from bawaba.infrastructure.messaging.kinds import Channel, Kind
from bawaba.infrastructure.messaging.models import Heartbeat, Message
from bawaba.infrastructure.readiness import messages
from bawaba.infrastructure.readiness.finding import Colour, Finding
from bawaba.infrastructure.readiness.findings import findings
from tests.infrastructure.messaging.mail_servers import Mailbox, good_server
from tests.servers import free_port

pytestmark = pytest.mark.django_db

Given = Callable[..., dict[str, Finding]]


@pytest.fixture(autouse=True)
def untouched(settings: Settings) -> None:
    """An installation on which nobody has set a way for messages yet; that of the tests has the demo's inbox."""
    settings.BAWABA = replace(settings.BAWABA, email_url=(), sms_providers=())
    for name in NAMES:
        settings.KEYS.newest(name)


@pytest.fixture
def given(settings: Settings) -> Given:
    """`given(origin=…)`: the findings with these settings changed."""

    def look(**changed: Any) -> dict[str, Finding]:
        settings.BAWABA = replace(settings.BAWABA, **changed)
        return findings()

    return look


def test_the_demo_has_nothing_red(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    settings.BAWABA = replace(settings.BAWABA, demo=True)
    assert check.main([]) == 0
    assert "Nothing stands in the way." in capsys.readouterr().out


def test_one_red_subject_fails_the_command(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    settings.BAWABA = replace(settings.BAWABA, origin="https://portal.example")
    assert check.main([]) == 1
    assert "red    TLS" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("subject", "changed", "colour"),
    [
        ("Origin", {}, Colour.AMBER),
        ("Origin", {"origin": "https://portal.example"}, Colour.GREEN),
        ("Demo mode", {}, Colour.GREEN),
        ("Demo mode", {"demo": True}, Colour.AMBER),
        ("Demo mode", {"demo": True, "test_seam": True}, Colour.AMBER),
        ("TLS", {}, Colour.GREEN),
        ("TLS", {"origin": "https://portal.example"}, Colour.RED),
        ("TLS", {"origin": "https://portal.example", "proxy_count": 1}, Colour.GREEN),
        ("TLS", {"origin": "https://portal.example", "tls_cert": "/nowhere", "tls_key": "/nowhere"}, Colour.RED),
        ("Proxies", {}, Colour.GREEN),
        ("Proxies", {"proxy_count": 1}, Colour.GREEN),
        ("Proxies", {"proxy_count": 1, "bind": "0.0.0.0:8000"}, Colour.AMBER),
        ("Keys", {}, Colour.GREEN),
        ("Keys", {"origin": "https://portal.example"}, Colour.AMBER),
        ("Database", {}, Colour.GREEN),
        ("Cache", {}, Colour.GREEN),
        ("Saved copies", {}, Colour.AMBER),
        ("Mail", {}, Colour.RED),
        ("Mail", {"demo": True}, Colour.AMBER),
        ("Mail", {"email_url": ("smtp://relay.example",)}, Colour.RED),
        ("SMS", {}, Colour.GREEN),
        ("SMS", {"mobile_proof": "required"}, Colour.RED),
        ("SMS", {"demo": True}, Colour.GREEN),
        ("SMS", {"sms_providers": ("telegram",)}, Colour.RED),
        ("Courier", {}, Colour.AMBER),
        ("Sending limits", {}, Colour.GREEN),
        ("Register of events", {}, Colour.GREEN),
        ("Admission", {}, Colour.GREEN),
        ("Admission", {"admission_policy": "registry"}, Colour.AMBER),
        ("Admission", {"admission_policy": "review"}, Colour.RED),
        ("Technical support", {}, Colour.AMBER),
        ("Technical support", {"support_email": "help@portal.example"}, Colour.GREEN),
        ("Technical support", {"support_phones": ("+96522000000",)}, Colour.GREEN),
    ],
)
def test_a_subject_has_the_colour_of_its_settings(
    given: Given, subject: str, changed: dict[str, Any], colour: Colour
) -> None:
    assert given(**changed)[subject].colour is colour


@pytest.mark.parametrize(("days", "colour"), [(-1, Colour.RED), (13, Colour.AMBER), (15, Colour.GREEN)])
def test_a_certificate_is_looked_at_before_it_ends(given: Given, tmp_path: Path, days: int, colour: Colour) -> None:
    ends = clock.now() + timedelta(days=days, hours=1)
    issued = trustme.CA().issue_cert("portal.example", not_after=ends)
    certificate = tmp_path / "cert.pem"
    issued.cert_chain_pems[0].write_to_path(certificate)
    public = {"origin": "https://portal.example", "tls_cert": str(certificate), "tls_key": "unread"}
    assert given(**public)["TLS"].colour is colour


@pytest.mark.parametrize(("hours", "colour"), [(1, Colour.GREEN), (27, Colour.RED)])
def test_an_old_copy_is_no_copy(
    given: Given, tmp_path: Path, hours: int, colour: Colour, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bawaba-20250101T000000Z.sqlite3").touch()
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(hours=hours))
    assert given(backup_dir=str(tmp_path))["Saved copies"].colour is colour


def test_an_open_key_is_red(given: Given, tmp_path: Path, settings: Settings) -> None:
    settings.KEYS = type(settings.KEYS)(tmp_path)
    settings.KEYS.versions("session")
    (tmp_path / "session.1").chmod(0o644)
    settings.KEYS = type(settings.KEYS)(tmp_path)
    assert given()["Keys"].colour is Colour.RED


@pytest.fixture
def relay() -> Iterator[tuple[str, Mailbox]]:
    """The setting of a mail server on this machine, and what it has taken."""
    box = Mailbox()
    with good_server(box, tls="none") as server:
        yield f"smtp+plain://localhost:{server.port}", box


def test_a_mail_server_that_answers_is_green(given: Given, relay: tuple[str, Mailbox]) -> None:
    assert given(email_url=(relay[0],), email_from="portal@portal.example")["Mail"].colour is Colour.GREEN


def test_a_mail_server_that_does_not_answer_is_red(given: Given) -> None:
    address = f"smtp+plain://127.0.0.1:{free_port()}"
    finding = given(email_url=(address,), email_from="portal@portal.example")["Mail"]
    assert finding.colour is Colour.RED
    assert "no answer" in finding.text


def test_a_real_test_mail_says_what_the_server_answered(
    settings: Settings, relay: tuple[str, Mailbox], capsys: pytest.CaptureFixture[str]
) -> None:
    address, box = relay
    settings.BAWABA = replace(settings.BAWABA, email_url=(address,), email_from="portal@portal.example")
    assert check.main(["--mail", "officer@body.example"]) == 0
    told = capsys.readouterr().out
    assert "accepted" in told
    assert "spf=pass" in told
    mark = told.partition("the mark ")[2].split()[0]
    (envelope,) = box.envelopes
    assert mark in str(message_from_bytes(envelope.original_content or b"", policy=default)["Subject"])


def test_a_test_mail_that_nobody_takes_fails(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    address = f"smtp+plain://127.0.0.1:{free_port()}"
    settings.BAWABA = replace(settings.BAWABA, email_url=(address,), email_from="portal@portal.example")
    assert check.main(["--mail", "officer@body.example"]) == 1
    assert "no_connection" in capsys.readouterr().out


def test_a_test_sms_without_a_provider_fails(capsys: pytest.CaptureFixture[str]) -> None:
    assert check.main(["--sms", "+96550000000"]) == 1
    assert "No provider is set." in capsys.readouterr().err


def test_a_busy_week_asks_for_a_higher_limit(given: Given, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "SEND_EMAIL_SITE", replace(SEND_EMAIL_SITE, windows=(Window(2, 3600),)))
    moment = clock.now().replace(minute=30) - timedelta(hours=2)
    for _ in range(3):
        Message.objects.create(
            kind=Kind.RESET_CODE,
            language="ar",
            channel=Channel.EMAIL,
            lane=0,
            due_at=moment,
            expires_at=moment,
            created_at=moment,
        )
    finding = given()["Sending limits"]
    assert finding.colour is Colour.AMBER
    assert "peak was 3" in finding.text


def test_a_courier_at_work_is_green(given: Given) -> None:
    Heartbeat.objects.create(courier="one", at=clock.now())
    assert given()["Courier"].colour is Colour.GREEN
