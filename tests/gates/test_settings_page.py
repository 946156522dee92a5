"""The page of settings says what the code does, and every setting has a sentence."""

from dataclasses import fields
from pathlib import Path

from bawaba.commands.settings import page
from bawaba.configuration import Configuration

PAGE = Path("docs/operate/settings.md")


def test_the_page_is_what_the_command_prints() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "python -m bawaba settings > docs/operate/settings.md"


def test_every_setting_is_explained_in_a_sentence() -> None:
    for declared in fields(Configuration):
        text = declared.metadata["text"]
        assert text[0].isupper() or text[0].islower(), declared.name
        assert text.endswith("."), declared.name
