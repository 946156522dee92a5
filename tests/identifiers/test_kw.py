"""Civil number, CR number and mobile, row by row of the domain reference, and what must hold for every number."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bawaba.identifiers import kw
from bawaba.identifiers.problem import Problem
from tests.identifiers.numbers import CENTURIES, DIGITS, NOV_22, SCRIPTS, civil_ids, written


def civil_id_problem(text: str, today: date = NOV_22, centuries: tuple[str, ...] = CENTURIES) -> str:
    with pytest.raises(Problem) as caught:
        kw.clean_civil_id(text, today=today, centuries=centuries)
    return caught.value.code


@pytest.mark.parametrize(
    ("number", "born"),
    [
        ("282040701483", date(1982, 4, 7)),
        ("300092400929", date(2000, 9, 24)),
        ("304022600325", date(2004, 2, 26)),
        ("288020122596", date(1988, 2, 1)),
        ("227081660516", date(1927, 8, 16)),
        ("296022900013", date(1996, 2, 29)),
        ("300022900012", date(2000, 2, 29)),
    ],
)
def test_valid_civil_numbers_and_their_birth_dates(number: str, born: date) -> None:
    assert kw.clean_civil_id(number, today=NOV_22) == number
    assert kw.birth_date(number) == born


def test_the_nineteenth_century_only_where_it_is_accepted() -> None:
    assert kw.clean_civil_id("199123100029", today=NOV_22, centuries=CENTURIES) == "199123100029"
    assert kw.birth_date("199123100029") == date(1899, 12, 31)
    assert civil_id_problem("199123100029", centuries=kw.CENTURIES) == "century"


@pytest.mark.parametrize("last", DIGITS)
@pytest.mark.parametrize("eleven", ["29001010002", "19001010003", "19001010008"])  # 11 - r is 10, 10 and 11
def test_a_serial_that_is_never_issued_has_no_check_digit(eleven: str, last: str) -> None:
    assert kw.check_digit(eleven) == ""
    assert civil_id_problem(eleven + last) == "check_digit"


@pytest.mark.parametrize(
    "number", ["200022900014", "301022900010", "289332013455", "300000000005", "222222222222"]
)  # 29 February of 1900 and of 2001, months 33, 00 and 22
def test_a_date_that_never_was(number: str) -> None:
    assert civil_id_problem(number) == "birth_date"


def test_born_today_is_valid_and_born_tomorrow_is_not() -> None:
    assert civil_id_problem("399123100017") == "birth_date_future"
    assert civil_id_problem("326112300016") == "birth_date_future"
    assert kw.clean_civil_id("326112300016", today=date(2026, 11, 23)) == "326112300016"


@pytest.mark.parametrize("number", ["282040701438", "282040710483"])
def test_swapped_neighbours_are_caught(number: str) -> None:
    assert civil_id_problem(number) == "check_digit"


@pytest.mark.parametrize("number", ["482040701483", "000000000000"])
def test_a_century_that_does_not_exist(number: str) -> None:
    assert civil_id_problem(number, centuries=(*CENTURIES, "0", "4")) == "century"


@pytest.mark.parametrize("text", ["28204070148", "2820407014833", "28204070148O", "28204070148²", "28204070148\x00"])
def test_twelve_digits_and_nothing_else(text: str) -> None:
    assert civil_id_problem(text) == "format"


@pytest.mark.parametrize("text", ["", " ", "\u200e\u200f", "-"])
def test_nothing_left_is_nothing_given(text: str) -> None:
    assert civil_id_problem(text) == "required"


@pytest.mark.parametrize(
    "text",
    ["٢٨٢٠٤٠٧٠١٤٨٣", "۲۸۲۰۴۰۷۰۱۴۸۳", "282040٧٠١٤٨٣", "2820 4070 1483", "2820-4070-1483", "\u2066282040701483\u2069"],
)
def test_every_way_of_writing_it_is_one_number(text: str) -> None:
    assert kw.clean_civil_id(text, today=NOV_22) == "282040701483"
    assert kw.clean_civil_id(f"\u202b{text}\u202c\u200e", today=NOV_22) == "282040701483"


@pytest.mark.parametrize(("today", "years"), [(date(2026, 4, 6), 43), (date(2026, 4, 7), 44)])
def test_age_in_completed_years(today: date, years: int) -> None:
    assert kw.age("282040701483", today=today) == years


@given(civil_ids.flatmap(lambda plain: st.tuples(st.just(plain), written(plain))))
def test_an_issued_number_is_taken_in_any_writing(pair: tuple[str, str]) -> None:
    plain, text = pair
    assert kw.clean_civil_id(text, today=NOV_22, centuries=CENTURIES) == plain


@given(civil_ids, st.integers(0, 11), st.sampled_from(DIGITS))
def test_every_single_wrong_digit_is_caught(plain: str, place: int, digit: str) -> None:
    wrong = plain[:place] + digit + plain[place + 1 :]
    if wrong != plain:
        assert civil_id_problem(wrong) in {"century", "birth_date", "check_digit"}


@given(civil_ids, st.integers(0, 10))
def test_every_swap_of_neighbours_is_caught(plain: str, place: int) -> None:
    swapped = plain[:place] + plain[place + 1] + plain[place] + plain[place + 2 :]
    if swapped != plain:
        assert civil_id_problem(swapped) in {"century", "birth_date", "check_digit"}


@given(st.text() | st.text(DIGITS, min_size=11, max_size=13))
def test_any_text_is_a_number_or_a_problem(text: str) -> None:
    try:
        cleaned = kw.clean_civil_id(text, today=NOV_22, centuries=CENTURIES)
    except Problem:
        return
    assert len(cleaned) == 12
    assert set(cleaned) <= set(DIGITS)


@pytest.mark.parametrize(
    ("text", "number"),
    [("23118", "23118"), ("000123", "000123"), ("٢٣-١١٨", "23118"), ("1", "1"), ("9" * 12, "9" * 12)],
)
def test_a_cr_number_keeps_its_zeros(text: str, number: str) -> None:
    assert kw.clean_cr_number(text) == number


@pytest.mark.parametrize(
    ("text", "code"), [("", "required"), ("\u200f", "required"), ("9" * 13, "format"), ("12A", "format")]
)
def test_a_cr_number_is_digits_only(text: str, code: str) -> None:
    with pytest.raises(Problem, match=code):
        kw.clean_cr_number(text)


def test_the_bounds_of_a_cr_number_are_the_operators() -> None:
    assert kw.clean_cr_number("12345678901234", shortest=4, longest=15) == "12345678901234"
    with pytest.raises(Problem, match="format"):
        kw.clean_cr_number("123", shortest=4)


def test_leading_zeros_only_hint_at_a_duplicate() -> None:
    assert kw.cr_match_key("00120") == kw.cr_match_key("120") == "120"
    assert kw.cr_match_key("000") == "0"


@pytest.mark.parametrize(
    ("text", "mobile"),
    [
        *[(text, "+96550012345") for text in ("50012345", "5001-2345", "٥٠٠١٢٣٤٥", "۵۰۰۱۲۳۴۵", "(500) 12.34/5")],
        *[(text, "+96550012345") for text in ("+965 5001 2345", "0096550012345", "96550012345", "\uff0b96550012345")],
        *[(text, "+96550012345") for text in ("\u202a+965 5001 2345\u202c", "\u2068٠٠٩٦٥٥٠٠١٢٣٤٥\u2069")],
        ("96512345", "+96596512345"),
        *[(text, "+965" + text) for text in ("41012345", "66012345", "99012345", "51812345")],
    ],
)
def test_kuwaiti_mobiles(text: str, mobile: str) -> None:
    assert kw.clean_mobile(text) == mobile
    assert kw.clean_mobile(mobile) == mobile


@pytest.mark.parametrize(
    "text",
    [
        *("22345678", "+96522345678", "1812345", "40012345", "70012345", "5001234", "500123456", "965500123456"),
        *(
            "05001234",
            "+966512345678",
            "+96500965 5001 2345",
            "+96596550012345",
            "5001234O",
            "50012345x",
            "++96550012345",
        ),
        *("5001234²", "50+012345", "50012345;ext=1"),
    ],
)
def test_what_is_no_kuwaiti_mobile(text: str) -> None:
    with pytest.raises(Problem, match="invalid"):
        kw.clean_mobile(text)


@pytest.mark.parametrize("text", ["", "  ", "\u200e", "()-"])
def test_an_empty_mobile(text: str) -> None:
    with pytest.raises(Problem, match="required"):
        kw.clean_mobile(text)


@given(st.text() | st.text("+0123456789٠٩ -", max_size=16))
def test_any_text_is_a_mobile_or_a_problem(text: str) -> None:
    try:
        mobile = kw.clean_mobile(text)
    except Problem:
        return
    assert mobile.startswith("+965")
    assert len(mobile) == 12
    assert set(mobile[1:]) <= set(DIGITS)


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_mobile_is_the_same_in_every_script(script: str) -> None:
    assert kw.clean_mobile("".join(script[int(digit)] for digit in "41012345")) == "+96541012345"


def test_what_is_shown_of_a_value() -> None:
    assert kw.mask_civil_id("282040701483") == "2820•••••483"
    assert kw.mask_mobile("+96550012345") == "+965\u00a0••••\u00a0•345"
    assert kw.mask_email("salem@example.com") == "s••••@example.com"
    assert kw.mask_email("s@example.com") == "s••••@example.com"
