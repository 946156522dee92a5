"""Faults that others have published: each stands once in docs/regressions.toml, with tests that were seen to fail."""

import tomllib
from typing import Any

import pytest

from tests.gates.documents import DOCS, functions

ROWS: list[dict[str, Any]] = tomllib.loads((DOCS / "regressions.toml").read_text(encoding="utf-8"))["regression"]


def test_all_47_are_there_in_their_order() -> None:
    assert [row["id"] for row in ROWS] == [f"RT-{number:02}" for number in range(1, 48)]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_a_fault_of_others_has_a_test_here(row: dict[str, Any]) -> None:
    assert row["broken"].endswith(".")
    assert row["test"]
    for test in row["test"]:
        path, _, name = test.partition("::")
        assert name in functions(path), test
