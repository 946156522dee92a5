"""The guide's statements: each numbered once, each with a test that exists."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROW = re.compile(r"^\| (R\d+) \| (.+) \| (.+) \| `(tests/[\w/]+\.py)::(\w+)` \|$", re.MULTILINE)
LEDGER = ROW.findall((ROOT / "docs/ledger.md").read_text(encoding="utf-8"))


def test_all_95_statements_are_there_in_their_order() -> None:
    assert [number for number, *_ in LEDGER] == [f"R{number}" for number in range(1, 96)]


@pytest.mark.parametrize(("number", "path", "name"), [(row[0], row[3], row[4]) for row in LEDGER])
def test_the_test_that_proves_it_exists(number: str, path: str, name: str) -> None:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    assert name in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}, number
