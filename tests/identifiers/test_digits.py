"""What is removed and what is folded before any number, code or name is looked at."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bawaba.identifiers.digits import clean_number, fold_digits, remove_invisible
from tests.identifiers.numbers import MARKS, SCRIPTS, written


@pytest.mark.parametrize("script", SCRIPTS)
def test_every_script_counts_alike(script: str) -> None:
    assert fold_digits(script) == "0123456789"


def test_every_decimal_digit_of_unicode_is_folded() -> None:
    for code in range(sys.maxunicode + 1):
        if unicodedata.category(chr(code)) == "Nd":
            assert fold_digits(chr(code)) in "0123456789"


@pytest.mark.parametrize("char", ["²", "①", "½", "Ⅷ", "八", "③"])
def test_a_number_that_is_no_digit_stays_as_it_is(char: str) -> None:
    assert clean_number(char) == char


@pytest.mark.parametrize("dash", ["-", "\u2010", "\u2011", "\u2012", "\u2013", "\u2014", "\u2015", "\u2212", "\uff0d"])
def test_every_dash_goes(dash: str) -> None:
    assert clean_number(f"12{dash}34") == "1234"


@pytest.mark.parametrize("char", [" ", "\t", "\u00a0", "\u3000", "\u2007", "_", ".", "/", "ـ", *MARKS])
def test_every_other_separator_goes(char: str) -> None:
    assert clean_number(f"{char}12{char}34{char}") == "1234"


def test_the_invisible_characters_are_these() -> None:
    ranges = "00AD 034F 061C 115F-1160 17B4-17B5 180E 200B-200F 202A-202E 2060-2064 2066-2069 3164 FEFF FFA0"
    invisible = set()
    for part in ranges.split():
        first, _, last = part.partition("-")
        invisible |= set(range(int(first, 16), int(last or first, 16) + 1))
    gone = {code for code in range(sys.maxunicode + 1) if not remove_invisible(chr(code))}
    assert gone == invisible


@given(st.text())
def test_cleaning_never_fails_and_cleaning_twice_changes_nothing(text: str) -> None:
    once = clean_number(text)
    assert clean_number(once) == once
    assert not any(char.isspace() for char in once)


@given(st.text("0123456789", min_size=1, max_size=20).flatmap(lambda plain: st.tuples(st.just(plain), written(plain))))
def test_digits_are_the_same_however_they_are_written(pair: tuple[str, str]) -> None:
    plain, text = pair
    assert clean_number(text) == plain
