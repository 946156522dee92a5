"""Mobiles of other countries: only of those on the list, and only what the library calls mobile and possible."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bawaba.identifiers.kw import clean_mobile
from bawaba.identifiers.problem import Problem

GULF = ("KW", "SA", "AE")


@pytest.mark.parametrize(
    ("text", "mobile"),
    [
        ("+966 51 234 5678", "+966512345678"),
        ("00966512345678", "+966512345678"),
        ("\u202a+٩٦٦٥١٢٣٤٥٦٧٨\u202c", "+966512345678"),
        ("+971 50 123 4567", "+971501234567"),
        ("50012345", "+96550012345"),
        ("+96541012345", "+96541012345"),
    ],
)
def test_mobiles_of_the_listed_countries(text: str, mobile: str) -> None:
    assert clean_mobile(text, countries=GULF) == mobile


@pytest.mark.parametrize(
    "text",
    [
        "966512345678",
        "+96622345678",
        "+966112345678",
        "+97150123456",
        "+447911123456",
        "+1",
        "+",
        "00",
        "+9665x",
        "+999123",
    ],
)
def test_everything_else_is_refused(text: str) -> None:
    with pytest.raises(Problem, match="invalid"):
        clean_mobile(text, countries=GULF)


def test_without_kuwait_on_the_list_its_mobiles_are_taken_all_the_same() -> None:
    assert clean_mobile("50012345", countries=("SA",)) == "+96550012345"


@pytest.mark.parametrize("text", ["+96522345678", "22345678", "+96570012345"])
def test_the_library_never_decides_for_kuwait(text: str) -> None:
    with pytest.raises(Problem, match="invalid"):
        clean_mobile(text, countries=GULF)


@given(st.text() | st.from_regex(r"(\+|00)[0-9]{1,16}", fullmatch=True))
def test_any_text_is_a_mobile_or_a_problem(text: str) -> None:
    try:
        mobile = clean_mobile(text, countries=GULF)
    except Problem:
        return
    assert clean_mobile(mobile, countries=GULF) == mobile
    assert len(mobile) <= 16
