"""Words: every sentence has its Arabic, both languages say the same, and the guide's words stand as agreed."""

import csv
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polib
import pytest
from django import forms
from django.urls import reverse

from bawaba.commands import messages
from tests.gates import words

ROOT = Path(messages.ROOT).parent
CATALOGUES = sorted(messages.ROOT.glob("**/locale/ar/LC_MESSAGES/django.po"))
NAMED = re.compile(r"%\((\w+)\)[sd]|\{(\w+)\}")
SIX = "n==0 ? 0 : n==1 ? 1 : n==2 ? 2 : n%100>=3 && n%100<=10 ? 3 : n%100>=11 ? 4 : 5;"
ARABIC_INDIC = re.compile("[٠-٩۰-۹]")
OPERATORS = {"app.name", "org.name", "support.team"}  # settings, said by no catalogue


def _read_glossary() -> list[dict[str, str]]:
    with (ROOT / "docs/glossary.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


GLOSSARY = _read_glossary()


def entries() -> list[tuple[str, polib.POEntry]]:
    found = []
    for path in CATALOGUES:
        app = path.parents[3].name
        found += [(app, entry) for entry in polib.pofile(str(path))]
    return found


def names(text: str) -> list[str]:
    return sorted(a or b for a, b in NAMED.findall(text))


def test_every_sentence_has_its_arabic() -> None:
    known = {(e.msgid, e.msgid_plural, e.msgctxt or "") for _, e in entries()}
    missing = {w for w in words.used() if (w.text, w.plural, w.context) not in known}
    assert not missing, "\n".join(f"{w.place}: {w.text!r}" for w in sorted(missing))


def test_no_catalogue_keeps_what_nothing_says() -> None:
    used = {w.text for w in words.used()}
    for row in GLOSSARY:  # the guide's words may wait for their page
        used |= {row["english"], _as_written(row["english"])}
    stale = {f"{app}: {e.msgid}" for app, e in entries() if not {e.msgid, e.msgid_plural} & used}
    assert not stale


def test_every_field_says_its_name() -> None:
    """Without a label of its own Django makes one from the name in the code, in English on every page."""
    assert reverse("front")  # every door is open, and with it its forms
    fields = {(form, name): field for form in _forms(forms.BaseForm) for name, field in form.base_fields.items()}
    assert len(fields) > 50
    nameless = {place for place, field in fields.items() if not field.label and not field.widget.is_hidden}
    assert not {f"{form.__module__}.{form.__name__}.{name}" for form, name in nameless}


def _forms(form: type[forms.BaseForm]) -> Iterator[Any]:
    for heir in form.__subclasses__():
        if heir.__module__.startswith("bawaba."):
            yield heir
        yield from _forms(heir)


def test_nothing_is_unsure_or_empty() -> None:
    for app, entry in entries():
        texts = list(entry.msgstr_plural.values()) or [entry.msgstr]
        assert not entry.fuzzy, f"{app}: {entry.msgid}"
        assert all(text.strip() for text in texts), f"{app}: {entry.msgid}"
        assert not any(ARABIC_INDIC.search(text) for text in texts), f"{app}: {entry.msgid}"


def test_both_languages_name_the_same_values() -> None:
    for app, entry in entries():
        if not entry.msgstr_plural:
            assert names(entry.msgstr) == names(entry.msgid), f"{app}: {entry.msgid}"
            continue
        for form, text in entry.msgstr_plural.items():
            # None, one and two may be said in a word instead of with the number.
            expected = names(entry.msgid_plural)
            optional = [n for n in expected if not (form in {0, 1, 2} and n not in names(text))]
            assert names(text) == optional, f"{app}: {entry.msgid}, form {form}"


def test_arabic_counts_in_six_forms() -> None:
    for path in CATALOGUES:
        assert polib.pofile(str(path)).metadata["Plural-Forms"] == f"nplurals=6; plural={SIX}"
    for app, entry in entries():
        assert not entry.msgstr_plural or set(entry.msgstr_plural) == set(range(6)), f"{app}: {entry.msgid}"


def test_one_sentence_has_one_arabic() -> None:
    said = defaultdict(set)
    for _, entry in entries():
        said[(entry.msgctxt, entry.msgid)].add(entry.msgstr or tuple(sorted(entry.msgstr_plural.items())))
    assert not {key: texts for key, texts in said.items() if len(texts) > 1}


def test_english_is_what_the_code_says() -> None:
    """English needs no catalogue: its sentences are the identities."""
    assert not list(messages.ROOT.glob("**/locale/en"))


@pytest.mark.parametrize("row", GLOSSARY, ids=lambda row: row["key"])
def test_guides_words_stand_as_agreed(row: dict[str, str]) -> None:
    wanted = {(_as_written(row["english"]), _as_written(row["arabic"])), (row["english"], row["arabic"])}
    said = {english: arabic for english, arabic in _sentences() if english in dict(wanted)}
    if row["kind"] in {"mail", "sms"}:  # whether a message is sent at all, messaging's own tests ask
        assert not said or said.items() & wanted
    elif row["key"] not in OPERATORS:
        assert said, f"no catalogue says {row['english']!r}"
        assert said.items() <= wanted


def _sentences() -> Iterator[tuple[str, str]]:
    """English and Arabic of every entry; of a plural, the form in which the glossary is written."""
    for _, entry in entries():
        yield (entry.msgid_plural, entry.msgstr_plural[4]) if entry.msgid_plural else (entry.msgid, entry.msgstr)


def _as_written(text: str) -> str:
    return re.sub(r"\{(\w+)\}", r"%(\1)s", text)
