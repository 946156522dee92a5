"""The pages for people: their links lead somewhere, each page is led to, and commands and settings they name exist."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bawaba.commands.settings import page
from bawaba.commands.table import COMMANDS
from tests.gates.documents import ROOT

PAGES = [
    ROOT / "README.md",
    *(ROOT / name for name in ("SECURITY.md", "CONTRIBUTING.md", "CHANGELOG.md", "tests/README.md")),
    *ROOT.glob("examples/*/README.md"),
    *ROOT.glob("docs/**/*.md"),
]
LINK = re.compile(r"\]\(([^)#\s]+)")
COMMAND = re.compile(r"(?:python -m |`)bawaba ([a-z][a-z-]+)")
DEVELOPERS = {"makemigrations"}


def led_to(path: Path) -> Iterator[Path]:
    """Where a page's links within the repository lead."""
    for target in LINK.findall(path.read_text(encoding="utf-8")):
        if "://" not in target:
            yield (path.parent / target).resolve()


@pytest.mark.parametrize("path", PAGES, ids=str)
def test_every_link_leads_somewhere(path: Path) -> None:
    assert [target for target in led_to(path) if not target.exists()] == []


def test_every_page_is_led_to() -> None:
    reached, waiting = set(), [ROOT / "README.md"]
    while waiting:
        path = waiting.pop()
        if path not in reached:
            reached.add(path)
            waiting += path.glob("*.md") if path.is_dir() else led_to(path) if path.suffix == ".md" else ()
    assert set(PAGES) - reached == set()


@pytest.mark.parametrize("path", PAGES, ids=str)
def test_every_command_and_setting_exists(path: Path) -> None:
    text, settings = path.read_text(encoding="utf-8"), page()
    assert set(COMMAND.findall(text)) - set(COMMANDS) - DEVELOPERS == set()
    for name in re.findall(r"BAWABA_[A-Z_]*[A-Z]", text):
        assert f"`{name.removesuffix('_FILE')}`" in settings, name
