"""Saving the database and bringing it back, on whichever database the suite runs."""

from pathlib import Path

import pytest

from bawaba.commands import backup as command
from bawaba.infrastructure import backup

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.needs("postgresql")]


def test_a_copy_is_made_proven_and_for_its_owner_only(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main([str(tmp_path / "copies")]) == 0
    (copy,) = backup.saved_copies(tmp_path / "copies")
    assert str(copy) in capsys.readouterr().out
    assert copy.stat().st_mode & 0o777 == 0o600
    backup.prove(copy)


def test_the_oldest_copies_go(tmp_path: Path) -> None:
    for hour in range(3):
        (tmp_path / f"bawaba-20250101T0{hour}0000Z.sqlite3").touch()
    saved = backup.save(tmp_path, keep=2)
    assert [copy.name for copy in backup.saved_copies(tmp_path)] == ["bawaba-20250101T020000Z.sqlite3", saved.name]


def test_a_damaged_copy_is_refused(tmp_path: Path) -> None:
    saved = backup.save(tmp_path, keep=2)
    whole = saved.read_bytes()
    saved.write_bytes(b"\0" * 4096 + whole[4096:])
    with pytest.raises(backup.UnusableCopy):
        backup.prove(saved)


def test_nothing_is_kept_when_the_folder_cannot_be_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").touch()
    assert command.main([str(tmp_path / "file")]) == 1
    assert "Nothing was saved" in capsys.readouterr().err


def test_without_a_folder_the_command_says_what_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        command.main([])
    assert "BAWABA_BACKUP_DIR" in capsys.readouterr().err
