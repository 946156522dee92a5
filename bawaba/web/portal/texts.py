"""Texts the operator words: the terms and conditions, one file with both languages so that they cannot drift apart."""

import hashlib
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language

SHIPPED = Path(__file__).parent / "terms.toml"


class UnfitText(Exception):
    """A file of the operator that lacks a part: `path` and `part` name it."""

    def __init__(self, path: Path, part: str) -> None:
        super().__init__(f"{path}: {part}")
        self.path = path
        self.part = part


@dataclass(frozen=True)
class Text:
    """A text as accepted: its version, and the SHA-256 of the file with both languages."""

    version: str
    dated: date
    digest: str
    is_template: bool
    """Ours, not yet replaced by the operator's own."""
    arabic: str
    english: str

    @property
    def html(self) -> SafeString:
        """The text in the language of the page."""
        return blocks(self.english if get_language() == "en" else self.arabic)


def terms() -> Text:
    """The terms and conditions in force. Raises `UnfitText`."""
    own = settings.BAWABA.terms_path
    return _read(Path(own) if own else SHIPPED)


@lru_cache
def _read(path: Path) -> Text:
    content = path.read_bytes()
    values = tomllib.loads(content.decode())
    for part, kind in (("version", str), ("date", date), ("ar", str), ("en", str)):
        if not isinstance(values.get(part), kind):
            raise UnfitText(path, part)
    if not 1 <= len(values["version"]) <= 20:
        raise UnfitText(path, "version")
    return Text(
        version=values["version"],
        dated=values["date"],
        digest=hashlib.sha256(content).hexdigest(),
        is_template=path == SHIPPED,
        arabic=values["ar"],
        english=values["en"],
    )


def blocks(text: str) -> SafeString:
    """Plain text as HTML: blank lines part the blocks, `# ` begins a heading, `- ` the items of a list."""
    parts = (block.strip() for block in text.split("\n\n"))
    return format_html_join("\n", "{}", ((_block(part),) for part in parts if part))


def _block(part: str) -> SafeString:
    if part.startswith("# "):
        return format_html("<h2>{}</h2>", part.removeprefix("# "))
    lines = part.splitlines()
    if all(line.startswith("- ") for line in lines):
        items = format_html_join("", "<li>{}</li>", ((line.removeprefix("- "),) for line in lines))
        return format_html('<ul class="list">{}</ul>', items)
    return format_html("<p>{}</p>", " ".join(lines))
