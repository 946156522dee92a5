"""The guide's statements: each numbered once, each with a test that exists."""

import re

import pytest

from tests.gates.documents import DOCS, functions

ROW = re.compile(r"^\| (R\d+) \| (.+) \| (.+) \| `(tests/[\w/]+\.py)::(\w+)` \|$", re.MULTILINE)
LEDGER = ROW.findall((DOCS / "ledger.md").read_text(encoding="utf-8"))


def test_all_95_statements_are_there_in_their_order() -> None:
    assert [number for number, *_ in LEDGER] == [f"R{number}" for number in range(1, 96)]


@pytest.mark.parametrize(("number", "path", "name"), [(row[0], row[3], row[4]) for row in LEDGER])
def test_the_test_that_proves_it_exists(number: str, path: str, name: str) -> None:
    assert name in functions(path), number
