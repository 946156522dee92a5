"""No regular expression of ours can be driven into long work: each meets texts that would drive a bad one there."""

import importlib
import pkgutil
import re
import time
from collections.abc import Iterator
from enum import Enum
from typing import Any

import pytest

import bawaba

SIZE = 100_000
PIECES = ("a", "1", " ", "-", "@", "a@", "a.", "1-", "1 ", "a,", "<", "\u202e", "é", "م", "٣", "[", "0" * 7 + "x", "%")
TEXTS = [(piece * SIZE)[:SIZE] for piece in PIECES] + [(piece * SIZE)[:SIZE] + "\n!" for piece in PIECES]
LONGEST = 0.25
"""Processor seconds. A good pattern takes a hundredth of it; one that costs the square of the text some minutes."""


def patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    for module in pkgutil.walk_packages(bawaba.__path__, "bawaba."):
        if module.name.endswith(("__main__", "wsgi")) or ".migrations" in module.name:
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            for found in _inside(value):
                if isinstance(found.pattern, str):
                    yield f"{module.name}.{name}", found


def _inside(value: Any) -> Iterator[re.Pattern[Any]]:
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, type) and issubclass(value, Enum):
        yield from (member.value for member in value if isinstance(member.value, re.Pattern))
    elif isinstance(value, dict):
        yield from (item for item in value.values() if isinstance(item, re.Pattern))
    elif isinstance(value, list | tuple | set | frozenset):
        yield from (item for item in value if isinstance(item, re.Pattern))


def slow(pattern: re.Pattern[str], texts: list[str]) -> list[str]:
    """What a text that takes too long begins with."""
    found = []
    for text in texts:
        began = time.process_time()
        pattern.search(text)
        pattern.fullmatch(text)
        if time.process_time() - began > LONGEST:
            found.append(text[:10])
    return found


def test_a_bad_pattern_is_found() -> None:
    assert slow(re.compile(r"(a|a)*b"), ["a" * 23]) == ["a" * 10]


OURS = {found.pattern: found for _, found in patterns()}


@pytest.mark.parametrize("pattern", OURS.values(), ids=range(len(OURS)))
def test_a_pattern_of_ours_stays_quick(pattern: re.Pattern[str]) -> None:
    assert slow(pattern, TEXTS) == []
