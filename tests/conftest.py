"""What pytest needs to know of the whole installation under test."""

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connections

# A machine that does other things as well is no reason to fail: what must be fast says so in a test of its own.
hypothesis.settings.register_profile("house", deadline=None)
hypothesis.settings.load_profile("house")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """SQLite's test database is a file like the real one: threads on a database in memory meet other locks."""
    if not settings.BAWABA.database_url:
        test: dict[str, str] = connections.settings["default"]["TEST"]
        test["NAME"] = str(settings.BAWABA.data_dir / "test.sqlite3")


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """What the library of the sign-in counts in the cache would otherwise go on from test to test."""
    cache.clear()
