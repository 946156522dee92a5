"""Turns the catalogues (.po, written by hand) into the form gettext reads (.mo), at every start.

Pure Python, because the gettext tools are not on every machine and a .po file needs little: comments, continued
strings, contexts, plurals. An entry marked fuzzy is left out, as msgfmt does.
"""

import ast
import os
import re
import struct
from collections.abc import Iterator
from pathlib import Path

import bawaba

ROOT = Path(bawaba.__file__).parent
LINE = re.compile(r'(?:(msgctxt|msgid|msgid_plural|msgstr|msgstr\[(\d)\]) )?(".*")$')


class UnreadableCatalogue(Exception):
    """A line of a catalogue that is neither comment nor entry: `path` and `line` say where."""

    def __init__(self, path: Path, line: int) -> None:
        super().__init__(f"{path.name}, line {line}")
        self.path = path
        self.line = line


def compile_catalogues(root: Path = ROOT) -> int:
    """Compile every catalogue under `root` that is newer than its compiled form; returns how many were compiled."""
    stale = [po for po in sorted(root.glob("**/locale/*/LC_MESSAGES/*.po")) if _is_stale(po)]
    for po in stale:
        _write(po.with_suffix(".mo"), compiled(read(po)))
    return len(stale)


def read(po: Path) -> dict[str, str]:
    """The entries of a catalogue as gettext keys them: context, identity and plural in one string."""
    return dict(_entries(po))


def compiled(entries: dict[str, str]) -> bytes:
    """The .mo file: the identities and their translations, sorted, each with its length and place."""
    pairs = sorted((key.encode(), text.encode()) for key, text in entries.items())
    place = 28 + 16 * len(pairs)
    tables: list[bytes] = []
    texts = b""
    for column in (0, 1):
        for pair in pairs:
            tables.append(struct.pack("<II", len(pair[column]), place + len(texts)))
            texts += pair[column] + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, place)
    return head + b"".join(tables) + texts


def _is_stale(po: Path) -> bool:
    mo = po.with_suffix(".mo")
    return not mo.exists() or mo.stat().st_mtime < po.stat().st_mtime


def _write(path: Path, content: bytes) -> None:
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    fresh.write_bytes(content)
    fresh.replace(path)  # another process may be reading the old one


def _entries(po: Path) -> Iterator[tuple[str, str]]:
    parts: dict[str, str] = {}
    name, fuzzy = "", False
    for number, line in enumerate([*po.read_text(encoding="utf-8").splitlines(), ""], 1):
        if not line.strip():
            if parts and not fuzzy:
                yield _entry(parts)
            parts, fuzzy = {}, False
        elif line.startswith("#"):
            fuzzy = fuzzy or (line.startswith("#,") and "fuzzy" in line)
        elif found := LINE.match(line):
            name = found[1] or name
            parts[name] = parts.get(name, "") + ast.literal_eval(found[3])
        else:
            raise UnreadableCatalogue(po, number)


def _entry(parts: dict[str, str]) -> tuple[str, str]:
    key = parts["msgid"]
    if "msgid_plural" in parts:
        key += "\0" + parts["msgid_plural"]
    if "msgctxt" in parts:
        key = parts["msgctxt"] + "\x04" + key
    return key, "\0".join(parts[name] for name in sorted(parts) if name.startswith("msgstr"))
