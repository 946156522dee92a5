"""Passwords known from leaks, and the words most of them are made of: a sorted file of digests, searched in place.

The file holds the first 48 bits of the SHA-256 of every entry after `folded`. It is mapped, not read: processes share
it, and a look-up touches some twenty of its pages. `build.py` makes it; docs/operate/passwords.md says from what.
"""

import mmap
import re
from bisect import bisect_left
from functools import cache
from hashlib import sha256
from pathlib import Path

from bawaba.identifiers.names import match_key

FILE = Path(__file__).with_name("entries.bin")
WIDTH = 6
SHORTEST_WORD = 4
LONGEST_TRIM = 8
FEWEST_DIFFERENT = 4
_SWAPS = str.maketrans("01|l!3457@$", "oiiiieastas")
_EDGES = re.compile(r"^[\W\d_]+|[\W\d_]+$")


def folded(text: str) -> str:
    """What entries and passwords are compared as: NFKC, case folded, no spaces or marks, digit swaps undone."""
    return match_key(text).translate(_SWAPS)


def digest(entry: str) -> bytes:
    return sha256(entry.encode("utf-8", "surrogatepass")).digest()[:WIDTH]


def word(text: str) -> str:
    """The word of a password such as `P@ssw0rd2024!`, folded; empty when there is none or much stands around it."""
    key = match_key(text)
    core = _EDGES.sub("", key)
    if len(core) < SHORTEST_WORD or len(key) - len(core) > LONGEST_TRIM:
        return ""
    return core.translate(_SWAPS)


def contains(password: str) -> bool:
    """Whether the password, its word, or the part it repeats is listed, or it has hardly any different characters."""
    whole = folded(password)
    if len(set(whole)) < FEWEST_DIFFERENT:
        return True
    return any(_listed(text) for text in {whole, word(password), _repeated(whole)} if text)


def _repeated(text: str) -> str:
    period = (text + text).find(text, 1)
    return text[:period] if period < len(text) else ""


def _listed(text: str) -> bool:
    wanted = digest(text)
    entries = _entries()
    place = bisect_left(entries, wanted)
    return place < len(entries) and entries[place] == wanted


class Entries:
    """The digests of the file as a sequence, so that `bisect` can search them."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)

    def __len__(self) -> int:
        return len(self._bytes) // WIDTH

    def __getitem__(self, place: int) -> bytes:
        return self._bytes[place * WIDTH : (place + 1) * WIDTH]


@cache
def _entries() -> Entries:
    return Entries(FILE)
