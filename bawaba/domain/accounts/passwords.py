"""Which passwords are taken: length, kinds of characters, known leaks, words that others know."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from django.conf import settings

from bawaba.domain.accounts.blocklist import entries

LONGEST = 128
PHRASE = 15
SHORTEST_CONTEXT = 3
KINDS = ("upper", "lower", "digit", "symbol")
_COUNTRY = "Kuwait الكويت"
_ARTICLE = re.compile("^(?:وال|بال|ال|لل)")
ENOUGH = 8 * LONGEST  # NFC joins at most four code points into one: so many never become 128
_KINDS_OF = {"Lu": "upper", "Ll": "lower", "Nd": "digit"}
_OTHER_LETTERS = {"Lt", "Lm", "Lo"}  # those of Arabic: neither upper nor lower case, and no symbols


class WeakPassword(Exception):
    """A password that is not taken. `shortest` and `longest` are the lengths asked for.

    `codes` are the last parts of `err.password.*`, all that apply: `length`, `upper`, `lower`, `digit`, `symbol`,
    `too_long`, `context`, `breached`.
    """

    def __init__(self, codes: tuple[str, ...], *, shortest: int) -> None:
        super().__init__(", ".join(codes))
        self.codes = codes
        self.shortest = shortest
        self.longest = LONGEST


@dataclass(frozen=True)
class Profile:
    """A rule: the shortest length alone and beside a second factor, and whether the four kinds are asked for."""

    alone: int
    with_second_factor: int
    kinds: bool

    def shortest(self, *, second_factor: bool) -> int:
        return self.with_second_factor if second_factor else self.alone


PROFILES = {
    "guide": Profile(alone=8, with_second_factor=8, kinds=True),
    "kw-nbcc": Profile(alone=14, with_second_factor=8, kinds=True),
    "nist": Profile(alone=15, with_second_factor=8, kinds=False),
}


def profile() -> Profile:
    """The rule of this installation."""
    return PROFILES[settings.BAWABA.password_profile]


def normalised(raw: str) -> str:
    """NFC and nothing else: never trimmed, folded or shortened. Two keyboards may write one letter in two ways."""
    return unicodedata.normalize("NFC", raw)


def check(raw: str, *, context: Iterable[str] = (), second_factor: bool = False) -> None:
    """Raises `WeakPassword` with everything that is wrong.

    `context` is what others know of the person: e-mail, civil number, CR number, mobile, names. The names of portal,
    operator and country are always part of it. `second_factor` says that the account has one already.
    """
    shortest = profile().shortest(second_factor=second_factor)
    password = normalised(raw[:ENOUGH])
    if len(password) > LONGEST:
        raise WeakPassword(("too_long",), shortest=shortest)
    codes = [*_missing(password, shortest)]
    if _leans_on(password, context):
        codes.append("context")
    if entries.contains(password):
        codes.append("breached")
    if codes:
        raise WeakPassword(tuple(codes), shortest=shortest)


def kinds(password: str) -> set[str]:
    """Which of upper case, lower case, digit (any script) and symbol (neither letter nor digit, so space too) occur."""
    categories = {unicodedata.category(char) for char in password} - _OTHER_LETTERS
    return {_KINDS_OF.get(category, "symbol") for category in categories}


def _missing(password: str, shortest: int) -> Iterable[str]:
    if profile().kinds and len(password) >= PHRASE:
        return
    if len(password) < shortest:
        yield "length"
    if profile().kinds:
        found = kinds(password)
        yield from (kind for kind in KINDS if kind not in found)


def _leans_on(password: str, context: Iterable[str]) -> bool:
    """Whether a known word stands in the password, unless what is left without it is a phrase by itself."""
    whole = rest = entries.folded(password)
    for known in sorted(_words(context) | _words_of_the_house(*_names_of_the_house()), key=len, reverse=True):
        rest = rest.replace(known, "")
    return rest != whole and len(rest) < PHRASE


@cache
def _words_of_the_house(*names: str) -> frozenset[str]:
    return _words(names)


def _words(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(word for text in texts for word in _words_of(text))


def _words_of(text: str) -> Iterable[str]:
    text = text.rpartition("@")[0] or text
    for part in (text, text.removeprefix("+965"), *re.split(r"[\s._+\-]+", text)):
        for word in (entries.folded(part), entries.folded(_ARTICLE.sub("", part))):
            if len(word) >= SHORTEST_CONTEXT:
                yield word


def _names_of_the_house() -> tuple[str, ...]:
    house = settings.BAWABA
    return (house.portal_name_ar, house.portal_name_en, house.operator_name_ar, house.operator_name_en, _COUNTRY)
