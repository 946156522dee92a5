"""Mobiles of other countries, for operators who let some in. Kuwait's are decided by a pattern, never by this library:
it calls whole blocks invalid that are in use.
"""

from collections.abc import Iterable

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

from bawaba.identifiers.problem import Problem

_MOBILE = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)


def clean_mobile_abroad(number: str, *, countries: Iterable[str]) -> str:
    """E.164 of a number of one of `countries` (ISO codes), from digits after + or 00. Raises `Problem`: invalid."""
    international = "+" + number[2:] if number.startswith("00") else number
    if not international.startswith("+") or not international[1:].isascii() or not international[1:].isdecimal():
        raise Problem("invalid")
    try:
        found = phonenumbers.parse(international)
    except NumberParseException as error:
        raise Problem("invalid") from error
    if not phonenumbers.is_possible_number(found) or phonenumbers.number_type(found) not in _MOBILE:
        raise Problem("invalid")
    if phonenumbers.region_code_for_number(found) not in set(countries) - {"KW"}:
        raise Problem("invalid")
    return str(phonenumbers.format_number(found, PhoneNumberFormat.E164))
