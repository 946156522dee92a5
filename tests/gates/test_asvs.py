"""Each requirement of the standard has a test or a page that shows it. docs/asvs.toml is the list."""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.gates.documents import DOCS, functions

ROOT = Path(__file__).parents[2]
ASVS = tomllib.loads((DOCS / "asvs.toml").read_text(encoding="utf-8"))
ROWS: list[dict[str, Any]] = ASVS["requirement"]
LEVELS_OF_THE_STANDARD = {1: 70, 2: 183}


@cache
def anchors(path: str) -> set[str]:
    file = ROOT / path
    if not file.is_file():
        return set()
    headings = re.findall(r"^#+ (.+)$", file.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^a-z0-9 -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_a_requirement_is_shown(row: dict[str, Any]) -> None:
    assert len({"test", "document", "open"} & set(row)) == 1
    assert row["requirement"].endswith(".")
    for test in row.get("test", []):
        path, _, name = test.partition("::")
        assert name in functions(path), test
    if "document" in row:
        path, _, anchor = row["document"].partition("#")
        assert anchor in anchors(path), row["document"]
    assert row.get("open", "a reason").strip()


def test_the_claim_counts_what_is_there() -> None:
    claim = ASVS["claim"]
    ids = [row["id"] for row in ROWS]
    assert len(ids) == len(set(ids)) == claim["rows"]
    for level in (1, 2, 3):
        assert sum(row["level"] == level for row in ROWS) == claim[f"level_{level}"]
    left_out = [identifier for entry in ASVS["not_applicable"] for identifier in entry["ids"]]
    assert not set(left_out) & set(ids)
    assert sum(row["level"] < 3 for row in ROWS) + len(left_out) == sum(LEVELS_OF_THE_STANDARD.values())


def test_a_deviation_names_the_profile() -> None:
    deviating = {row["id"] for row in ROWS if "deviation" in row}
    assert deviating == {"6.2.5", "6.3.3", "6.5.2"}
    assert all(identifier in ASVS["claim"]["profile_guide"] for identifier in deviating)


def test_what_is_open_waits_for_a_door_that_does_not_exist() -> None:
    """The officers' door, and the connection of outside identity providers. Level 3 is not claimed."""
    waiting = {"3.5.4", "6.4.4", "6.8.1", "6.8.2", "6.8.4", "7.4.5"}
    assert {row["id"] for row in ROWS if "open" in row and row["level"] < 3} == waiting
