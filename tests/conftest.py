"""What pytest needs to know of the whole installation under test."""

from dataclasses import replace
from importlib import import_module

import hypothesis
import pytest
from django.apps import apps
from django.conf import settings as installed
from django.core.cache import cache
from django.db import connections
from django.utils import translation
from pytest_django import Settings

from bawaba.configuration import Configuration
from bawaba.domain.accounts import credentials
from bawaba.domain.companies.models import LegalForm

# A machine that does other things as well is no reason to fail: what must be fast says so in a test of its own.
hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.load_profile("house")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """SQLite's test database is a file like the real one: threads on a database in memory meet other locks."""
    if not installed.BAWABA.database_url:
        test: dict[str, str] = connections.settings["default"]["TEST"]
        test["NAME"] = str(installed.BAWABA.data_dir / "test.sqlite3")


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """What the library of the sign-in counts in the cache would otherwise go on from test to test."""
    cache.clear()


@pytest.fixture(autouse=True)
def default_language() -> None:
    """The language of the last request stays in the thread: a test that makes addresses would take it over."""
    translation.deactivate()


@pytest.fixture(autouse=True)
def legal_forms(request: pytest.FixtureRequest) -> None:
    """A test that really commits empties all tables behind it, the rows of the migrations too: here they come back."""
    if request.node.get_closest_marker("django_db") is None:
        return
    request.getfixturevalue("_django_db_helper")  # pytest-django's own: the database of this test is there
    if not LegalForm.objects.exists():
        import_module("bawaba.domain.companies.migrations.0002_legal_forms").add(apps, None)


@pytest.fixture
def usual_hashes(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords cost what they cost in an installation that sets nothing else."""
    cost = {"password_memory": Configuration.password_memory, "password_passes": Configuration.password_passes}
    settings.BAWABA = replace(settings.BAWABA, **cost)
    monkeypatch.setattr(credentials, "DUMMY", credentials._dummy())
