"""What a start prepares: static files are made once, and made anew when one of them has changed."""

from dataclasses import replace
from pathlib import Path

import pytest
from pytest_django import Settings

from bawaba.commands.prepare import prepare


@pytest.fixture
def folder(tmp_path: Path, settings: Settings) -> Path:
    settings.BAWABA = replace(settings.BAWABA, data_dir=tmp_path)
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATICFILES_DIRS = [tmp_path / "more"]
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "note.css").write_text("a { color: red }")
    return tmp_path


def made(folder: Path) -> dict[str, int]:
    """The files served, and when each was written."""
    return {path.name: path.stat().st_mtime_ns for path in (folder / "static").rglob("*") if path.is_file()}


def test_a_second_start_leaves_the_files_alone(folder: Path) -> None:
    prepare()
    first = made(folder)
    prepare()
    assert made(folder) == first
    assert sum(name.startswith("note.") for name in first) == 2  # as it is, and under its hashed name


def test_a_changed_file_is_made_anew(folder: Path) -> None:
    prepare()
    before = made(folder)
    (folder / "more" / "note.css").write_text("a { color: blue; margin: 0 }")
    prepare()
    hashed = {name for name in made(folder).keys() - before.keys() if name.endswith(".css")}
    assert len(hashed) == 1


def test_a_lost_folder_is_made_again(folder: Path) -> None:
    prepare()
    before = made(folder)
    for path in sorted((folder / "static").rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    (folder / "static").rmdir()
    prepare()
    assert made(folder).keys() == before.keys()
