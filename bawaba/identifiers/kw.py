"""Numbers of Kuwait: civil number, commercial registration number, mobile; and what of a value may be shown.

Civil number: twelve digits `C YYMMDD SSSS K`, issued by the Public Authority for Civil Information: century (1 = 18xx,
2 = 19xx, 3 = 20xx), birth date, serial, check digit. It does not say the gender.
"""

import re
from collections.abc import Collection, Iterable
from datetime import date

from bawaba.identifiers.abroad import clean_mobile_abroad
from bawaba.identifiers.digits import clean_number, fold_digits, remove_invisible
from bawaba.identifiers.problem import Problem

CENTURIES = ("2", "3")
KUWAITI_MOBILE = r"(?:41|[569][0-9])[0-9]{6}"

_WEIGHTS = (2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_FIRST_YEAR = {"1": 1800, "2": 1900, "3": 2000}
_MOBILE_SEPARATORS = re.compile(r"[\s\-\u2010-\u2015\u2212\uff0d./()]")


def clean_civil_id(text: str, *, today: date, centuries: Iterable[str] = CENTURIES) -> str:
    """The twelve digits of a civil number. `today` is the day in Asia/Kuwait; born today is valid.

    Raises `Problem`: required, format, century, birth_date, check_digit, birth_date_future.
    """
    digits = clean_number(text)
    if not digits:
        raise Problem("required")
    if not re.fullmatch("[0-9]{12}", digits):
        raise Problem("format")
    if digits[0] not in _FIRST_YEAR or digits[0] not in centuries:
        raise Problem("century")
    born = birth_date(digits)
    if digits[11] != check_digit(digits):
        raise Problem("check_digit")
    if born > today:
        raise Problem("birth_date_future")
    return digits


def check_digit(civil_id: str) -> str:
    """The twelfth digit that the first eleven ask for; empty where that serial is never issued (10, 11: so never 0)."""
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, civil_id, strict=False))
    digit = 11 - total % 11
    return str(digit) if digit < 10 else ""


def birth_date(civil_id: str) -> date:
    """The birth date in twelve digits. Raises `Problem`: century, birth_date."""
    first_year = _FIRST_YEAR.get(civil_id[0])
    if first_year is None:
        raise Problem("century")
    try:
        return date(first_year + int(civil_id[1:3]), int(civil_id[3:5]), int(civil_id[5:7]))
    except ValueError as error:
        raise Problem("birth_date") from error


def age(civil_id: str, *, today: date) -> int:
    """Completed years of the holder of a cleaned civil number."""
    born = birth_date(civil_id)
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def clean_cr_number(text: str, *, shortest: int = 1, longest: int = 12) -> str:
    """The digits of a commercial registration number, leading zeros kept. No check digit is known.

    Raises `Problem`: required, format.
    """
    digits = clean_number(text)
    if not digits:
        raise Problem("required")
    if not re.fullmatch(f"[0-9]{{{shortest},{longest}}}", digits):
        raise Problem("format")
    return digits


def cr_match_key(cr_number: str) -> str:
    """Equal for numbers that differ only in leading zeros: a hint of a duplicate, never a refusal."""
    return cr_number.lstrip("0") or "0"


def clean_mobile(text: str, *, pattern: str = KUWAITI_MOBILE, countries: Collection[str] = ("KW",)) -> str:
    """A mobile as E.164, `+96550012345`. `pattern` is what the eight digits of a Kuwaiti one must match.

    The country code without a plus counts as such only when eleven digits stand there: 96512345 is a mobile itself.
    Numbers are portable, and numbering libraries refuse live ones: in Kuwait the pattern decides. Other `countries`
    (ISO codes) need + or 00 in front. Raises `Problem`: required, invalid.
    """
    number = fold_digits(_MOBILE_SEPARATORS.sub("", remove_invisible(text))).replace("\uff0b", "+")
    if not number:
        raise Problem("required")
    kuwaiti = re.fullmatch(r"(?:\+965|00965|965)?([0-9]{8})", number)
    if kuwaiti and re.fullmatch(pattern, kuwaiti.group(1)):
        return "+965" + kuwaiti.group(1)
    if set(countries) == {"KW"}:
        raise Problem("invalid")
    return clean_mobile_abroad(number, countries=countries)


def mask_civil_id(civil_id: str) -> str:
    """`2820•••••483`: without the birth day and most of the serial."""
    return civil_id[:4] + "•" * 5 + civil_id[-3:]


def mask_mobile(mobile: str) -> str:
    """`+965 •••• •345`, with spaces that do not break."""
    return f"{mobile[:4]}\u00a0••••\u00a0•{mobile[-3:]}"


def mask_email(email: str) -> str:
    """`s••••@example.com`: the same number of dots whatever the length of the name."""
    local, _, domain = email.rpartition("@")
    return f"{local[:1]}••••@{domain}"
