"""The list of events is one list: in the code, in the documents, and in the calls."""

import ast
from pathlib import Path

import pytest

from bawaba.infrastructure.audit.events import FACTS, EventType
from tests.gates.documents import DOCS, PAGES

BESIDE_FACTS = {"subject", "subjects", "actor", "company", "by", "why"}
PACKAGE = Path(__file__).parents[2] / "bawaba"


@pytest.mark.parametrize("name", PAGES)
def test_a_written_page_is_what_the_code_says(name: str) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == PAGES[name](), "run: python -m tests.gates.documents"


def test_every_fact_of_an_event_has_a_kind() -> None:
    assert {fact for event in EventType for fact in event.facts} == set(FACTS)


def test_every_event_has_a_sentence_and_a_short_dotted_name() -> None:
    for event in EventType:
        assert event.sentence.endswith("."), event.name
        assert event.value == event.value.lower(), event.name
        assert len(event.value) <= 40, event.name


def test_an_event_that_is_recorded_passes_only_facts_it_declares() -> None:
    unknown = []
    for path in PACKAGE.rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and call.args and isinstance(call.args[0], ast.Attribute):
                target = call.args[0]
                if isinstance(target.value, ast.Name) and target.value.id == "EventType":
                    given = {word.arg for word in call.keywords if word.arg} - BESIDE_FACTS
                    unknown += [(path.name, target.attr, fact) for fact in given - EventType[target.attr].facts]
    assert unknown == []
