"""People of another system: taken line by line, checked first if one likes, stopped and started at will."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.test import override_settings

from bawaba.commands import import_users
from bawaba.domain.accounts import credentials, foreign, newcomers
from bawaba.domain.accounts.models import User
from bawaba.domain.accounts.newcomers import Newcomer
from bawaba.domain.companies.models import Membership
from bawaba.infrastructure.audit.models import Event
from bawaba.infrastructure.messaging.models import Message
from tests.accounts import enter, open_account
from tests.client import Browser
from tests.people import Person, ahmad, maryam, salem

pytestmark = pytest.mark.django_db


def their_hash(person: Person) -> str:
    return PBKDF2PasswordHasher().encode(person.password, "salt", 1000)


def row(person: Person, **changes: str) -> dict[str, str]:
    return {
        "email": person.email,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "civil_id": person.civil_id,
        "mobile": person.mobile,
        "gender": person.gender,
        "language": "ar",
        "password_hash": their_hash(person),
        "mobile_proven": "yes",
        "cr_number": "",
    } | changes


def csv_file(folder: Path, *rows: dict[str, str]) -> str:
    path = folder / "people.csv"
    lines = [",".join(rows[0]), *(",".join(values.values()) for values in rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(path)


def json_file(folder: Path, *rows: object) -> str:
    path = folder / "people.jsonl"
    path.write_text("".join(f"{json.dumps(values)}\n" for values in rows), encoding="utf-8")
    return str(path)


def test_people_of_a_table_can_sign_in_with_the_password_they_had(tmp_path: Path) -> None:
    assert import_users.main([csv_file(tmp_path, row(ahmad), row(maryam, cr_number="123456"))]) == 0
    user = User.objects.with_email(ahmad.email).get()
    assert foreign.is_foreign(user.password)
    assert user.civil_id == ahmad.civil_id
    assert user.mobile_proven_at
    assert not user.consents.exists()
    browser = Browser(ahmad)
    assert enter(browser, ahmad).path == "/sign-in/terms/"
    assert browser.submit("الموافقة والمتابعة", {"terms": "on"}).path == "/home/"
    assert Membership.objects.get().user.email == maryam.email
    assert not Message.objects.filter(kind="new_device").exists()


def test_hash_is_replaced_by_ours_at_the_first_sign_in(tmp_path: Path) -> None:
    import_users.main([csv_file(tmp_path, row(ahmad))])
    assert enter(Browser(ahmad), ahmad, password="wrong", status=422).path == "/sign-in/"
    assert foreign.is_foreign(User.objects.get().password)
    browser = Browser(ahmad)
    enter(browser, ahmad)
    browser.submit("الموافقة والمتابعة", {"terms": "on"})
    renewed = User.objects.get().password
    assert renewed.startswith("keyed$")
    assert not credentials.needs_rehash(renewed)
    assert browser.get("/security/").path == "/security/"
    assert enter(Browser(ahmad), ahmad).path == "/home/"


def test_json_lines_are_taken_too(tmp_path: Path) -> None:
    rows = [{**row(ahmad), "mobile_proven": True}, {**row(maryam), "mobile_proven": False, "password_hash": None}]
    assert import_users.main([json_file(tmp_path, *rows)]) == 0
    without = User.objects.with_email(maryam.email).get()
    assert not without.has_usable_password()
    assert without.mobile_proven_at is None


def test_dry_run_checks_everything_and_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [row(ahmad), row(maryam, civil_id="123"), row(salem, email=ahmad.email.upper())]
    assert import_users.main(["--dry-run", csv_file(tmp_path, *rows)]) == 1
    assert not User.objects.exists()
    assert not Event.objects.exists()
    printed = capsys.readouterr().out
    assert "1 accounts would be opened, 0 known already, 2 lines refused." in printed
    assert "line 3: civil_id" in printed
    assert "line 4: email" in printed


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("email", "no address"),
        ("first_name", ""),
        ("last_name", "<b>"),
        ("civil_id", "285041200021"),
        ("mobile", "12"),
        ("gender", "x"),
        ("language", "fr"),
        ("password_hash", "md5$x$y"),
        ("mobile_proven", "maybe"),
        ("cr_number", "abc"),
    ],
)
def test_unfit_line_is_named_by_number_and_column_and_never_by_its_value(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], column: str, value: str
) -> None:
    report = tmp_path / "refused.jsonl"
    file = csv_file(tmp_path, row(ahmad, **{column: value}), row(maryam))
    assert import_users.main([file, "--report", str(report)]) == 1
    assert json.loads(report.read_text()) == {"line": 2, "column": column}
    assert User.objects.get().email == maryam.email
    printed = capsys.readouterr()
    assert not value or value not in printed.out + printed.err


def test_second_run_passes_over_whoever_is_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import_users.main([csv_file(tmp_path, row(ahmad))])
    before = User.objects.get().password
    assert import_users.main([csv_file(tmp_path, row(ahmad, first_name="سالم"), row(maryam))]) == 0
    assert "1 accounts opened, 1 known already" in capsys.readouterr().out
    assert User.objects.with_email(ahmad.email).get().password == before
    assert User.objects.with_email(ahmad.email).get().first_name == ahmad.first_name


def test_civil_number_of_another_account_is_refused(tmp_path: Path) -> None:
    open_account(ahmad)
    assert import_users.main([csv_file(tmp_path, row(maryam, civil_id=ahmad.civil_id))]) == 1
    assert User.objects.count() == 1


def test_of_doubles_in_a_file_the_first_counts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [row(ahmad), row(maryam, civil_id=ahmad.civil_id), row(maryam), row(salem, email=ahmad.email.upper())]
    assert import_users.main([csv_file(tmp_path, *rows)]) == 1
    assert {user.email for user in User.objects.all()} == {ahmad.email, maryam.email}
    assert "  line 3: civil_id\n  line 5: email\n" in capsys.readouterr().out


def test_whoever_registers_while_a_part_is_taken_is_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read, create, tries = newcomers.known_emails, newcomers.create_users, list[Iterable[Newcomer]]()

    def read_when_he_is_there(people: Iterable[Newcomer]) -> set[str]:
        tries.append(people)
        if len(tries) == 2:
            open_account(ahmad)  # once more: here the part that is undone takes his transaction along
        return read(people)

    def create_when_he_was_faster(*, people: Sequence[Newcomer]) -> list[User]:
        if len(tries) == 1:
            open_account(ahmad)
        return create(people=people)

    monkeypatch.setattr(newcomers, "known_emails", read_when_he_is_there)
    monkeypatch.setattr(newcomers, "create_users", create_when_he_was_faster)
    assert import_users.main([csv_file(tmp_path, row(maryam), row(ahmad))]) == 0
    assert "1 accounts opened, 1 known already, 0 lines refused." in capsys.readouterr().out
    assert Event.objects.filter(event="import.user_added").count() == 1
    assert len(tries) == 2


@pytest.mark.parametrize("text", ["", "email\na@example.com\n", "email,first_name,last_name,civil_id,mobile,shoe\n"])
def test_columns_that_are_missing_or_unknown_stop_the_import(tmp_path: Path, text: str) -> None:
    path = tmp_path / "people.csv"
    path.write_text(text)
    report = tmp_path / "refused.jsonl"
    assert import_users.main([str(path), "--report", str(report)]) == 2
    assert not report.exists()


def test_file_that_cannot_be_read_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert import_users.main([str(tmp_path / "none.csv")]) == 2
    assert capsys.readouterr().err == f"{tmp_path / 'none.csv'}: No such file or directory.\n"
    path = tmp_path / "latin.csv"
    path.write_bytes(b"email\xff\n")
    assert import_users.main([str(path)]) == 2
    assert "it is not in UTF-8" in capsys.readouterr().err


@pytest.mark.parametrize("line", ["[]", "null", "{", '"x"', '{"email": 5}', '{"email": {"a": 1}}'])
def test_json_that_is_no_person_is_refused(tmp_path: Path, line: str) -> None:
    path = tmp_path / "people.jsonl"
    path.write_text(f"{line}\n")
    assert import_users.main([str(path)]) == 1


def test_register_of_events_knows_of_the_import(tmp_path: Path) -> None:
    import_users.main([csv_file(tmp_path, row(ahmad), row(maryam, mobile="1"))])
    assert Event.objects.filter(event="import.user_added").count() == 1
    assert Event.objects.get(event="import.finished").facts == {"kind": "users", "rows": 1, "refused": 1}


def test_everybody_costs_what_imported_people_cost_while_the_setting_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[str] = []

    def noted(raw: str, kept: str) -> bool:
        compared.append(kept)
        return False

    monkeypatch.setattr(foreign, "verify", noted)
    user = open_account(ahmad)
    with override_settings(BAWABA=replace(settings.BAWABA, imported_hash=their_hash(maryam))):
        for encoded in (user.password, credentials.DUMMY, foreign.stored(their_hash(ahmad))):
            credentials.verify_password("wrong", encoded)
    assert len(compared) == 3


def test_nobody_is_taken_when_the_report_cannot_be_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = tmp_path / "refused.jsonl"
    report.write_text("of the time before\n")
    assert import_users.main([csv_file(tmp_path, row(ahmad)), "--report", str(report)]) == 2
    assert capsys.readouterr().err == f"{report}: File exists.\n"
    assert report.read_text() == "of the time before\n"
    assert not User.objects.exists()
