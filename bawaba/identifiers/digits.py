"""Digits in every script, and the characters nobody sees.

Checks use `[0-9]` on folded text, never `isdigit`, `\\d` or `int` on what was typed: those take ٠-٩ for digits without
folding them, and `²` passes `isdigit` and then breaks `int`.
"""

import re
import unicodedata

TATWEEL = "\u0640"
INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\u3164\ufeff\uffa0]"
)
_SEPARATORS = re.compile(rf"[\s\-\u2010-\u2015\u2212\uff0d_./{TATWEEL}]")


def remove_invisible(text: str) -> str:
    """Without direction marks, joiners, fillers and their like. `strip` leaves them, and so does Django's CharField."""
    return INVISIBLE.sub("", text)


def fold_digits(text: str) -> str:
    """Every decimal digit (Unicode category Nd) as 0-9. No NFKC: it would make digits of `²` and `①`."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in text)


def clean_number(text: str) -> str:
    """The digits of a number or code as people type them; characters that are neither digit nor separator stay."""
    return fold_digits(_SEPARATORS.sub("", remove_invisible(text)))
