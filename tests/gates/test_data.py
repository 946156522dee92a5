"""Every field of every table has a class, every table a time. docs/data.toml is the list."""

import re
import tomllib
from typing import Any

import pytest
from django.apps import apps

from bawaba.commands.duties import ERASING
from tests.gates.documents import DOCS

DATA = tomllib.loads((DOCS / "data.toml").read_text(encoding="utf-8"))
CLASSES = tuple(DATA["classes"])
ENTRIES: dict[str, dict[str, Any]] = {entry["name"]: entry for entry in DATA["model"]}
MODELS = {model._meta.label: model for model in apps.get_models(include_auto_created=True)}


def test_every_table_is_listed_once_and_no_other() -> None:
    assert len(ENTRIES) == len(DATA["model"])
    assert set(ENTRIES) == set(MODELS)


@pytest.mark.parametrize("name", ENTRIES)
def test_every_field_has_one_class_and_the_table_a_time(name: str) -> None:
    entry = ENTRIES[name]
    assert set(entry) - {"name", "kept", "erased_by"} <= set(CLASSES)
    assert len(entry["kept"]) >= len("always")
    listed = [field for kind in CLASSES for field in entry.get(kind, [])]
    assert sorted(listed) == sorted(field.name for field in MODELS[name]._meta.concrete_fields)


def test_a_time_that_ends_has_a_chore_that_sees_to_it() -> None:
    for name, entry in ENTRIES.items():
        assert bool(entry.get("erased_by")) or not re.search(r"\d+ (second|minute|hour|day|month)", entry["kept"]), name
    assert {chore for entry in ENTRIES.values() for chore in entry.get("erased_by", [])} == {
        duty.name for duty in ERASING
    }


def test_the_register_holds_nothing_personal() -> None:
    assert "personal" not in ENTRIES["audit.Event"]
    assert "personal" not in ENTRIES["limits.Counter"]
    assert "personal" not in ENTRIES["codes.Challenge"]


def test_civil_numbers_passwords_and_secrets_are_never_in_clear() -> None:
    for name, entry in ENTRIES.items():
        clear = [field for kind in ("public", "internal", "personal") for field in entry.get(kind, [])]
        for field in clear:
            assert not field.startswith(("civil_id", "password", "secret", "totp")), f"{name}.{field}"
