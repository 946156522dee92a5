"""The command line as a whole: what it lists, and sentences instead of traces when something is not there."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from bawaba.commands.table import COMMANDS
from tests.servers import free_port, surroundings


class Line:
    """A command line in an installation that has nothing yet."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = surroundings() | {
            "BAWABA_DATA_DIR": str(folder / "data"),
            "BAWABA_KEYS_DIR": str(folder / "keys"),
        }

    def says(self, *arguments: str, code: int = 1, **settings: str) -> str:
        """What a command answers that ends with `code`."""
        command = [sys.executable, "-m", "bawaba", *arguments]
        environment = self.environment | {f"BAWABA_{name}": value for name, value in settings.items()}
        ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert ended.returncode == code, ended.stderr
        assert "Traceback" not in ended.stderr
        return ended.stdout + ended.stderr


@pytest.fixture
def line(tmp_path: Path) -> Line:
    return Line(tmp_path)


def test_every_command_stands_apart_from_its_sentence(line: Line) -> None:
    listed = line.says(code=0)
    for name, command in COMMANDS.items():
        assert f"  {name} " in listed
        assert f" {command.text}\n" in listed


def test_a_command_that_is_none_is_named(line: Line) -> None:
    assert "bawaba has no command chekc; `python -m bawaba` lists" in line.says("chekc")


@pytest.mark.parametrize("command", ["settings", "version"])
def test_a_command_without_options_explains_itself(line: Line, command: str) -> None:
    assert f"usage: bawaba {command}" in line.says(command, "--help", code=0)


def test_a_port_of_another_is_named_before_anything_begins(line: Line) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        address = f"127.0.0.1:{other.getsockname()[1]}"
        answer = line.says("run", "--demo", BIND=address, ORIGIN=f"http://{address}")
    assert answer == f"bawaba cannot go on. {address}: Address already in use.\n"


@pytest.mark.parametrize("command", ["run", "migrate"])
def test_a_folder_that_cannot_be_made_is_named(line: Line, command: str) -> None:
    (line.folder / "data").touch()
    assert f"bawaba cannot go on. {line.folder / 'data'}: " in line.says(command)


def test_a_key_folder_that_cannot_be_made_is_named(line: Line) -> None:
    (line.folder / "keys").touch()
    assert f"bawaba cannot go on. {line.folder / 'keys'}" in line.says("migrate")


def test_a_database_without_tables_is_said(line: Line) -> None:
    (line.folder / "data").mkdir()
    answer = line.says("clients", "list")
    assert "bawaba cannot use the database: no such table: " in answer
    assert "has `bawaba migrate` made its tables?" in answer


def test_a_database_that_is_away_is_said(line: Line) -> None:
    port = free_port()
    answer = line.says("audit-verify", DATABASE_URL=f"postgresql://bawaba:Pearl-77@127.0.0.1:{port}/bawaba")
    assert "bawaba cannot use the database: connection failed: " in answer
    assert "Pearl-77" not in answer


def test_neither_web_process_nor_check_makes_the_keys_of_an_installation_up(line: Line) -> None:
    assert "does not start. session: is not here" in line.says("serve")
    assert "red    Keys                code: is not here" in line.says("check")
    assert not (line.folder / "keys" / "code.1").exists()


def test_a_certificate_that_is_not_there_is_named(line: Line) -> None:
    line.says("migrate", code=0)
    bind = f"127.0.0.1:{free_port()}"
    answer = line.says("serve", BIND=bind, TLS_CERT="/nowhere/cert.pem", TLS_KEY="/nowhere/key.pem")
    assert answer == "bawaba cannot go on. /nowhere/cert.pem: No such file or directory.\n"


def test_a_filled_database_never_gets_new_keys(line: Line) -> None:
    line.says("migrate", code=0)
    (line.folder / "keys").rename(line.folder / "elsewhere")
    assert f"its keys are not in {line.folder / 'keys'}." in line.says("migrate")
    copy = line.says("backup", str(line.folder / "copies"), code=0).split(": ")[1].split(". Keep")[0]
    (line.folder / "data").rename(line.folder / "away")
    assert f"Its keys are not in {line.folder / 'keys'}" in line.says("restore", copy)
    (line.folder / "keys").rename(line.folder / "wrong")
    (line.folder / "elsewhere").rename(line.folder / "keys")
    assert "Nothing was brought back. There is no file " in line.says("restore", str(line.folder / "none"))
    assert "The database is back" in line.says("restore", copy, code=0)
