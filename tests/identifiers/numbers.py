"""Civil numbers for tests: century 1, so that no number belongs to a living person."""

from datetime import date

from hypothesis import strategies as st

from bawaba.identifiers.kw import check_digit

NOV_22 = date(2026, 11, 22)
CENTURIES = ("1", "2", "3")
DIGITS = "0123456789"
SCRIPTS = ("٠١٢٣٤٥٦٧٨٩", "۰۱۲۳۴۵۶۷۸۹", "０１２３４５６７８９", "०१२३४५६७८९", "𝟎𝟏𝟐𝟑𝟒𝟓𝟔𝟕𝟖𝟗")
MARKS = ("\u200e", "\u200f", "\u061c", "\u202b", "\u2066", "\ufeff", "\u200b", "\u00ad")


def civil_id(born: date, serial: int) -> str:
    """The number of somebody born in the 19th century, empty where the serial is never issued."""
    eleven = f"1{born:%y%m%d}{serial:04d}"
    last = check_digit(eleven)
    return eleven + last if last else ""


civil_ids = st.builds(
    civil_id,
    st.dates(date(1800, 1, 1), date(1899, 12, 31)),
    st.integers(0, 9999),
).filter(bool)


@st.composite
def written(draw: st.DrawFn, plain: str) -> str:
    """The same digits as people write them: any script, mixed, with separators and invisible characters between."""
    text = ""
    for char in plain:
        script = draw(st.sampled_from((DIGITS, *SCRIPTS)))
        text += draw(st.sampled_from(("", "", "", " ", "-", "\u2010", "\u2212", *MARKS)))
        text += script[int(char)]
    return text + draw(st.sampled_from(("", *MARKS, "\n")))
