"""What a check says of its subject: well, worth a look, or in the way of the public."""

from dataclasses import dataclass
from enum import StrEnum


class Colour(StrEnum):
    RED = "red"
    AMBER = "amber"
    GREEN = "green"


@dataclass(frozen=True)
class Finding:
    """One sentence and its colour. It never holds a secret."""

    colour: Colour
    text: str


def red(text: str) -> Finding:
    return Finding(Colour.RED, text)


def amber(text: str) -> Finding:
    return Finding(Colour.AMBER, text)


def green(text: str) -> Finding:
    return Finding(Colour.GREEN, text)
