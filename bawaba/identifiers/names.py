"""Names of people and companies in Arabic and Latin script. The person's spelling stands; folding lives in the keys."""

import re
import unicodedata

from bawaba.identifiers.digits import TATWEEL, fold_digits, remove_invisible
from bawaba.identifiers.problem import Problem

LONGEST = 50
_PRESENTATION_FORMS = re.compile("[\ufb50-\ufdff\ufe70-\ufeff]")
_LETTERS = {
    "arabic": re.compile("[\u0620-\u063f\u0641-\u06ff\u0750-\u077f\u08a0-\u08ff]"),
    "latin": re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]"),
}
_MARKS = {"arabic": re.compile("[\u0610-\u061a\u064b-\u065f\u0670]"), "latin": re.compile("[\u0300-\u036f]")}
_PUNCTUATION = " -'\u02bc."
_TYPOGRAPHIC = str.maketrans(
    {"\u2018": "'", "\u2019": "'", "\u2010": "-", "\u2011": "-"}
)  # what keyboards make of them
_SPACES = re.compile(r"[^\S\x00-\x1f\x7f-\x9f\u2028\u2029]+")  # a tab or line break inside a name is no space
_ARABS_OWN_LETTERS = re.compile("[\u0621-\u063a\u0641-\u064a\u0671]*")
_PERSIAN = str.maketrans({"ی": "ي", "ک": "ك"})
_SEARCH = str.maketrans(
    "أإآٱىیېئؤةۀہۃک",
    "ااااييييوههههك",
    f"ء{TATWEEL}",
)  # the core is Lucene's ArabicNormalizer; ICU does not equate all of these even at primary strength


def clean_name(text: str, *, longest: int = LONGEST) -> str:
    """A first or last name as stored: Arabic or Latin letters, never both, with space, hyphen, apostrophe, dot.

    Presentation forms (text pasted from a PDF) are expanded, tatweel and invisible characters removed, Persian ی ک
    among Arab letters stored as ي ك, spaces collapsed; harakat and spelling stay.
    Raises `Problem`: required, chars, script, length (after expansion, of the search key too).
    """
    name = _letters(text).translate(_TYPOGRAPHIC)
    if not name:
        raise Problem("required")
    _check_letters(name)
    _check_length(name, longest)
    return name


def clean_title(text: str, *, longest: int = 200) -> str:
    """The name of a company as stored: any letters, digits and signs that can be seen, cleaned as in `clean_name`.

    Raises `Problem`: required, chars, length.
    """
    title = _letters(text)
    if not title:
        raise Problem("required")
    if any(unicodedata.category(char) in {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"} for char in title):
        raise Problem("chars")
    _check_length(title, longest)
    return title


def search_key(text: str) -> str:
    """What a name is found and sorted by: فاطمة الأحمد and فاطمه الاحمد have the same. Queries pass through it too."""
    key = _fold(text)
    while key != (again := _fold(key)):  # what is dropped may let its neighbours join
        key = again
    return key


def match_key(text: str) -> str:
    """The search key without spaces, for hints of duplicates only: عبد الله and عبدالله."""
    return search_key(text).replace(" ", "")


def _letters(text: str) -> str:
    text = _PRESENTATION_FORMS.sub(_expand, remove_invisible(text)).replace(TATWEEL, "")
    if all(_ARABS_OWN_LETTERS.fullmatch(char) for char in text.translate(_PERSIAN) if char.isalpha()):
        text = text.translate(_PERSIAN)
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text.strip()))


def _expand(form: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", form.group()).lstrip(" ")  # the form of a mark brings a space of its own


def _check_length(text: str, longest: int) -> None:
    """The key must fit as well: `ß` is one character and `ss` in it, and a sign such as `㍿` is a whole word."""
    if max(len(text), len(search_key(text))) > longest:
        raise Problem("length")


def _check_letters(name: str) -> None:
    scripts = {script for script, letters in _LETTERS.items() if any(_is_letter(char, letters) for char in name)}
    if not scripts:
        raise Problem("chars")
    for place, char in enumerate(name):
        if char in _PUNCTUATION or any(_is_letter(char, letters) for letters in _LETTERS.values()):
            continue
        if place == 0 or name[place - 1] in _PUNCTUATION or not any(_MARKS[script].match(char) for script in scripts):
            raise Problem("chars")
    if len(scripts) > 1:
        raise Problem("script")


def _is_letter(char: str, letters: re.Pattern[str]) -> bool:
    return letters.match(char) is not None and unicodedata.category(char).startswith("L")


def _fold(text: str) -> str:
    if text.isascii() and text.isprintable():  # nothing to normalise and nothing to drop
        kept = text.lower()
    else:
        folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
        kept = "".join(char for char in folded if unicodedata.category(char) not in {"Cf", "Cc", "Mn"})
    return " ".join(fold_digits(kept.translate(_SEARCH)).split())
