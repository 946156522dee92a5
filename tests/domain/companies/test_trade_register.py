"""The trade register as an imported table and as a service: what it proves, and what happens when it is not there."""

import json
import socketserver
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
import time_machine
from pytest_django import Settings

from bawaba.commands import import_register
from bawaba.domain.companies import actions, trade_register
from bawaba.domain.companies.models import Company, RegisterEntry
from bawaba.domain.companies.trade_register import service
from bawaba.domain.companies.trade_register.table import import_table
from bawaba.infrastructure import clock
from bawaba.infrastructure.audit.models import Event
from bawaba.infrastructure.keys import Keyring
from tests.domain.companies.scene import CR_NUMBER, account, messages_to
from tests.people import ahmad, maryam

pytestmark = pytest.mark.django_db
HEAD = "cr_number,name_ar,name_en,legal_form,valid_to,joint_signature,signatories\n"
LINE = f"{CR_NUMBER},شركة المثال,Example,wll,2099-12-31,yes,{ahmad.civil_id};{maryam.civil_id}\n"
TOKEN = "register-token"


@dataclass
class Desk:
    """A register's service that answers what the test puts here, `(status, body)`; the last one stays."""

    answers: list[tuple[int, bytes]] = field(default_factory=list)
    asked: list[tuple[str, str | None]] = field(default_factory=list)

    def says(self, status: int, body: object = None) -> None:
        self.answers.append((status, body if isinstance(body, bytes) else json.dumps(body).encode()))


@pytest.fixture
def desk(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    desk = Desk()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            desk.asked.append((self.path, self.headers["Authorization"]))
            status, body = desk.answers.pop(0) if len(desk.answers) > 1 else desk.answers[0]
            self.send_response(status)
            self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            """Silent."""

    monkeypatch.setattr(service, "WAITS", (0, 0))
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_address[1]}/cr/"
        settings.BAWABA = replace(
            settings.BAWABA,
            admission_policy="registry",
            trade_register="http",
            trade_register_url=address,
            trade_register_token=TOKEN,
        )
        yield desk
        server.shutdown()


def listing(*signatories: str, **changes: object) -> dict[str, object]:
    return {"name_ar": "شركة المثال", "legal_form": "wll", "signatories": signatories, **changes}


def test_a_table_is_taken_with_civil_numbers_as_digests_only() -> None:
    outcome = import_table([HEAD, LINE, "٩٩٨,,,,,,\n"])
    assert (outcome.taken, outcome.refused) == (2, [])
    entry = RegisterEntry.objects.get(cr_number=CR_NUMBER)
    assert (entry.name_en, entry.legal_form, entry.joint_signature) == ("Example", "wll", True)
    assert ahmad.civil_id not in json.dumps(entry.signatories)
    assert trade_register.lists(entry, account(ahmad))
    assert RegisterEntry.objects.filter(cr_number="998").exists()
    event = Event.objects.get(event="import.finished")
    assert event.facts == {"kind": "trade_register", "rows": 2, "refused": 0}


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("12A,,,,,,\n", "cr_number"),
        (",,,,,,\n", "cr_number"),
        ("1,شركة\x07,,,,,\n", "name_ar"),
        ("1,,,W.L.L,,,\n", "legal_form"),
        ("1,,,,31/12/2027,,\n", "valid_to"),
        ("1,,,,,perhaps,\n", "joint_signature"),
        ("1,,,,,,12345\n", "signatories"),
    ],
)
def test_a_line_at_fault_is_named_and_empties_nothing(line: str, column: str) -> None:
    import_table([HEAD, LINE])
    outcome = import_table([HEAD, "777,,,,,,\n", line])
    assert (outcome.taken, outcome.refused) == (1, [(3, column)])
    assert set(RegisterEntry.objects.values_list("cr_number", flat=True)) == {CR_NUMBER, "777"}


def test_an_import_replaces_the_one_before_unless_told_to_add() -> None:
    import_table([HEAD, LINE])
    import_table([HEAD, "777,,,,,,\n"], replace=False)
    assert RegisterEntry.objects.count() == 2
    import_table([HEAD, "777,,,,,,\n"])
    assert RegisterEntry.objects.get().cr_number == "777"


def test_many_lines_and_a_number_that_comes_twice() -> None:
    lines = [HEAD, *(f"{number},,N{number},,,,\n" for number in range(1, 1202)), "7,,Again,,,,\n"]
    assert import_table(lines).taken == 1202
    assert RegisterEntry.objects.count() == 1201
    assert RegisterEntry.objects.get(cr_number="7").name_en == "Again"


def test_the_command_says_what_it_did(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    good, bad, other = tmp_path / "good.csv", tmp_path / "bad.csv", tmp_path / "other.csv"
    good.write_text("\ufeff" + HEAD + LINE, encoding="utf-8")
    bad.write_text(HEAD + LINE + "x,,,,,,\n", encoding="utf-8")
    other.write_text("number\n1\n", encoding="utf-8")
    assert [import_register.main([str(each)]) for each in (good, bad, other, tmp_path)] == [0, 1, 2, 2]
    printed = capsys.readouterr()
    assert "1 entries taken, 1 lines refused.\n  line 3: cr_number" in printed.out
    assert "cr_number" in printed.err


def test_signatories_are_known_again_after_a_rotation_of_the_key(settings: Settings, tmp_path: Path) -> None:
    settings.KEYS = Keyring(tmp_path)
    import_table([HEAD, LINE])
    (tmp_path / "index.2").write_text("cd" * 32)
    (tmp_path / "index.2").chmod(0o600)
    settings.KEYS = Keyring(tmp_path)
    assert trade_register.lists(RegisterEntry.objects.get(), account(ahmad))


def test_the_service_is_asked_outside_the_admission_and_appoints_afterwards(desk: Desk) -> None:
    desk.says(200, listing(ahmad.civil_id))
    founder = account(ahmad)
    membership = actions.admit_registrant(user=founder, cr_number=CR_NUMBER)
    assert (membership.state, membership.company.register) == ("requested", "waiting")
    assert desk.asked == []
    assert actions.ask_register() == 1
    assert desk.asked == [(f"/cr/{CR_NUMBER}", f"Bearer {TOKEN}")]
    membership.refresh_from_db()
    assert (membership.state, membership.signatory) == ("active", "verified")
    assert (membership.company.status, membership.company.register) == ("verified", "found")
    assert messages_to(founder) == ["membership_admitted"]
    assert actions.ask_register() == 0


def test_an_answer_is_good_for_a_day(desk: Desk) -> None:
    desk.says(200, listing(ahmad.civil_id))
    trade_register.ask(CR_NUMBER)
    assert trade_register.known([CR_NUMBER])
    with time_machine.travel(clock.now() + timedelta(days=1, seconds=1), tick=False):
        assert trade_register.known([CR_NUMBER]) == {}


def test_a_number_without_an_entry_is_absent_and_an_old_answer_goes(desk: Desk) -> None:
    desk.says(200, listing())
    desk.says(404)
    trade_register.ask(CR_NUMBER)
    RegisterEntry.objects.update(read_at=clock.now() - timedelta(days=2))
    company = actions.admit_registrant(user=account(ahmad), cr_number=CR_NUMBER).company
    assert actions.ask_register() == 1
    company.refresh_from_db()
    assert (company.register, company.status) == ("absent", "declared")
    assert not RegisterEntry.objects.exists()
    assert len(desk.asked) == 2


def test_a_registration_that_is_over_is_absent_and_not_asked_about_for_ever(desk: Desk) -> None:
    desk.says(200, listing(ahmad.civil_id, valid_to="2020-12-31"))
    company = actions.admit_registrant(user=account(ahmad), cr_number=CR_NUMBER).company
    assert actions.ask_register() == 1
    company.refresh_from_db()
    assert (company.register, company.status) == ("absent", "declared")
    with time_machine.travel(clock.now() + timedelta(minutes=6), tick=False):
        assert actions.ask_register() == 0
    assert len(desk.asked) == 1


def test_who_comes_to_a_verified_company_a_day_later_has_the_register_asked_once(desk: Desk) -> None:
    desk.says(200, listing(ahmad.civil_id))
    company = actions.admit_registrant(user=account(ahmad), cr_number=CR_NUMBER).company
    actions.ask_register()
    with time_machine.travel(clock.now() + timedelta(days=2), tick=False):
        actions.admit_registrant(user=account(maryam), cr_number=CR_NUMBER)
        assert actions.ask_register() == 1
        company.refresh_from_db()
        assert (company.register, company.status) == ("found", "verified")
    with time_machine.travel(clock.now() + timedelta(days=2, minutes=6), tick=False):
        assert actions.ask_register() == 0


@pytest.mark.parametrize(
    ("status", "body", "reason", "tries"),
    [
        (500, None, "status", 3),
        (503, None, "status", 3),
        (429, None, "status", 3),
        (401, None, "status", 1),
        (302, None, "status", 1),
        (200, b"<html>", "unclear", 1),
        (200, [], "unclear", 1),
        (200, {"name_ar": 7}, "unclear", 1),
        (200, {"valid_to": "soon"}, "unclear", 1),
        (200, b" " * 70_000, "unclear", 1),
    ],
)
def test_no_clear_answer_is_said_to_be_none(desk: Desk, status: int, body: object, reason: str, tries: int) -> None:
    desk.says(status, body)
    with pytest.raises(trade_register.NotReachable, match=reason):
        trade_register.ask(CR_NUMBER)
    assert len(desk.asked) == tries


def test_a_fault_that_passes_is_not_seen(desk: Desk) -> None:
    desk.says(503)
    desk.says(200, listing())
    assert trade_register.ask(CR_NUMBER)


def test_a_silent_or_missing_service_keeps_the_company_waiting(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.says(503)
    company = actions.admit_registrant(user=account(ahmad), cr_number=CR_NUMBER).company
    assert actions.ask_register() == 0
    assert actions.ask_register() == 0
    assert len(desk.asked) == 3  # and not again within five minutes
    company.refresh_from_db()
    assert (company.register, company.status) == ("waiting", "declared")
    desk.answers[:] = [(200, json.dumps(listing(ahmad.civil_id)).encode())]
    with time_machine.travel(clock.now() + timedelta(minutes=6), tick=False):
        assert actions.ask_register() == 1
    assert Company.objects.get().is_verified


def test_nobody_listens(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "WAITS", (0, 0))
    settings.BAWABA = replace(settings.BAWABA, trade_register_url="http://127.0.0.1:9/")
    with pytest.raises(trade_register.NotReachable, match="refused"):
        trade_register.ask(CR_NUMBER)
