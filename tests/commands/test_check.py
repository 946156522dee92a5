"""The check for the public: each subject red, amber or green for its reason."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import trustme
from pytest_django import Settings

from bawaba.commands import check
from bawaba.infrastructure import clock
from bawaba.infrastructure.readiness import Colour, Finding, findings

pytestmark = pytest.mark.django_db

Given = Callable[..., dict[str, Finding]]


@pytest.fixture
def given(settings: Settings) -> Given:
    """`given(origin=…)`: the findings with these settings changed."""

    def look(**changed: Any) -> dict[str, Finding]:
        settings.BAWABA = replace(settings.BAWABA, **changed)
        return findings()

    return look


def test_a_fresh_installation_has_nothing_red(capsys: pytest.CaptureFixture[str]) -> None:
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
        ("Register of events", {}, Colour.GREEN),
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
