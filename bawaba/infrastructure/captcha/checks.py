"""What the start refuses about the picture test."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error

FEWEST = 20


def alphabet_can_be_drawn_and_read(**_: Any) -> list[CheckMessage]:
    """Our fonts hold A-Z, a-z and 0-9; a character that stands twice, or too few of them, make the text guessable."""
    alphabet = settings.BAWABA.captcha_alphabet
    if alphabet.isascii() and alphabet.isalnum() and len(set(alphabet)) == len(alphabet) >= FEWEST:
        return []
    text = f"BAWABA_CAPTCHA_ALPHABET must be at least {FEWEST} different characters of A-Z, a-z and 0-9."
    return [Error(text, id="captcha.E001")]
