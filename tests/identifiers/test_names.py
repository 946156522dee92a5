"""Names as people type and paste them, row by row of the domain reference."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bawaba.identifiers.digits import INVISIBLE
from bawaba.identifiers.names import clean_name, clean_title, match_key, search_key
from bawaba.identifiers.problem import Problem

typed = st.text() | st.text("محمدأإآةىیک\u0640\u064b\u0654\u200d\u200fﻻﷲﱞ -.'ʼ’aébÅ\u030a\n", max_size=12)


def problem(text: str) -> str:
    with pytest.raises(Problem) as caught:
        clean_name(text)
    return caught.value.code


@pytest.mark.parametrize("text", ["", "  ", "\u200f\u200e", "\u202e", "\ufeff", "ـــ", "\u3164"])
def test_nothing_to_see_is_no_name(text: str) -> None:
    assert problem(text) == "required"


@pytest.mark.parametrize(
    "text", ["سالم\x00", "سا\x07لم", "سا\nلم", "سا\tلم", "سالم\ue000", "سالم\u0378", "سالم\U000e0041", "سا\u2028لم"]
)
def test_controls_have_no_place_in_a_name(text: str) -> None:
    assert problem(text) == "chars"


@pytest.mark.parametrize(
    "text",
    [
        "سالم1",
        "سالم٣",
        "سالم،",
        "<سالم>",
        "salem@",
        "Ωmega",
        "Иван",
        "山田",
        "-",
        ".",
        "ً",
        "a\u064b",
        "ﬁ",
        "Ａnna",
        "²",
    ],
)
def test_signs_digits_and_other_scripts(text: str) -> None:
    assert problem(text) == "chars"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("\u202eسالم\u202c", "سالم"),
        ("ﺳﺎﻟﻢ", "سالم"),
        ("ﻻﻓﻲ", "لافي"),
        ("عبد \ufdf2", "عبد الله"),
        ("مـحـمـد", "محمد"),
        ("مح\u200dم\u200cد", "محمد"),
        ("مُحَمَّد", "مُحَمَّد"),
        ("علی", "علي"),
        ("کریم", "كريم"),
        ("گلی", "گلی"),
        ("  عبد   الله ", "عبد الله"),
        ("عبد\u00a0الله", "عبد الله"),
        ("ا\u0653منة", "آمنة"),
        ("فاطمة", "فاطمة"),
        ("فاطمه", "فاطمه"),
        ("أحمد", "أحمد"),
        ("Al-Sabah", "Al-Sabah"),
        ("O\u2019Brien", "O'Brien"),
        ("Ma\u02bcmun", "Ma\u02bcmun"),
        ("J. Jose\u0301", "J. José"),
        ("mcDONALD", "mcDONALD"),
        ("سالم\n", "سالم"),
        ("محم\ufe7cد", "محمّد"),
    ],
)
def test_what_is_stored(text: str, name: str) -> None:
    assert clean_name(text) == name


@pytest.mark.parametrize("text", ["سالم Salem", "Salem سالم", "aسالم"])
def test_one_script_in_one_field(text: str) -> None:
    assert problem(text) == "script"


def test_length_counts_after_cleaning() -> None:
    assert clean_name("س" * 50 + "\u200f" * 50) == "س" * 50
    assert problem("س" * 51) == "length"
    assert clean_name("\ufdfa") == unicodedata.normalize("NFKC", "\ufdfa")
    assert len(clean_name("\ufdfa")) == 18
    assert problem("\ufdfa \ufdfa \ufdfa") == "length"


def test_what_fits_its_column_fits_it_as_a_key_too() -> None:
    assert clean_name("ß" * 25) == "ß" * 25
    assert problem("ß" * 26) == "length"
    with pytest.raises(Problem, match="length"):
        clean_title("㍿" * 101)


@given(typed)
def test_any_text_is_a_name_or_a_problem_and_a_name_stays_itself(text: str) -> None:
    try:
        name = clean_name(text)
    except Problem:
        return
    assert clean_name(name) == name
    assert name == name.strip()
    assert unicodedata.normalize("NFC", name) == name
    assert not INVISIBLE.search(name)
    assert all(unicodedata.category(char)[0] in "LM" or char in " -'." for char in name)


@pytest.mark.parametrize("title", ["شركة النور 2 للتجارة (ذ.م.م)", "Al Noor & Sons W.L.L.", "مؤسسة الأمل Trading"])
def test_a_company_may_have_digits_signs_and_two_scripts(title: str) -> None:
    assert clean_title(title) == title


@pytest.mark.parametrize(("text", "code"), [("\u200f", "required"), ("شركة\x00", "chars"), ("ش" * 201, "length")])
def test_what_is_no_company_name(text: str, code: str) -> None:
    with pytest.raises(Problem, match=code):
        clean_title(text)


@given(typed)
def test_any_text_is_a_title_or_a_problem(text: str) -> None:
    try:
        title = clean_title(text)
    except Problem:
        return
    assert clean_title(title) == title


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("فاطمة الأحمد", "فاطمه الاحمد"),
        ("آمنة", "امنه"),
        ("ٱلله", "الله"),
        ("مُصطفى", "مصطفي"),
        ("مؤمن", "مومن"),
        ("رائد", "رايد"),
        ("کریم", "كريم"),
        ("سماء", "سما"),
        ("مـحـمـد", "محمد"),
        ("٣ نجوم", "3 نجوم"),
        ("SALEM  Noor", "salem noor"),
        ("ﻻﻓﻲ", "لافي"),
        ("هدۃ", "هدة"),
    ],
)
def test_what_is_found_by_the_same_words(one: str, other: str) -> None:
    assert search_key(one) == search_key(other)


def test_the_search_key_is_spelled_out() -> None:
    assert search_key("فاطمة  الأحمد") == "فاطمه الاحمد"


def test_a_space_less_is_only_a_hint() -> None:
    assert match_key("عبد الله") == match_key("عبدالله") == "عبدالله"
    assert search_key("عبد الله") != search_key("عبدالله")
    assert match_key("على") == match_key("علي")


@given(typed)
def test_keys_are_their_own_keys(text: str) -> None:
    assert search_key(search_key(text)) == search_key(text)
    assert match_key(text) == search_key(text).replace(" ", "")
    assert not any(unicodedata.category(char) in {"Cf", "Cc", "Mn"} for char in search_key(text))
