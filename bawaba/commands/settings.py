"""`bawaba settings`: prints the page of all settings, `docs/operate/settings.md`."""

import argparse
from dataclasses import MISSING, Field, fields
from typing import Any

from bawaba.configuration import PREFIX, Configuration

HEAD = """# Settings

Everything is set by environment variables that begin with `BAWABA_`. A value may also be read from a file: give the
file's path in the variable of the same name with `_FILE` at its end; that is how secrets are meant to be given.
A name that no setting has, a value that cannot be understood and a combination that is dangerous stop the start and
say why. `python -m bawaba check` says in plain words what is still missing before the public may come.

This page is written by `python -m bawaba settings > docs/operate/settings.md`; a test compares the two.

| variable | default | meaning |
|---|---|---|
"""


def main(arguments: list[str]) -> int:
    argparse.ArgumentParser(prog="bawaba settings", description=__doc__).parse_args(arguments)
    print(page(), end="")
    return 0


def page() -> str:
    """The whole page, in Markdown."""
    return HEAD + "".join(f"{_row(declared)}\n" for declared in fields(Configuration))


def _row(declared: Field[Any]) -> str:
    notes = [declared.metadata["text"]]
    if declared.metadata["choices"]:
        notes.append("One of " + ", ".join(f"`{word}`" for word in declared.metadata["choices"]) + ".")
    if declared.metadata["secret"]:
        notes.append("Secret: give it as a file.")
    meaning = " ".join(notes).replace("|", "\\|")
    return f"| `{PREFIX}{declared.name.upper()}` | {_default(declared)} | {meaning} |"


def _default(declared: Field[Any]) -> str:
    value = declared.default
    if value is MISSING or value in ("", ()):
        return "empty"
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = ",".join(map(str, value)) if isinstance(value, tuple) else str(value)
    return f"`{text}`"
