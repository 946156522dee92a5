"""An empty installation on either database, for tests that kill processes in it; and when these tests run."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from itertools import chain, groupby
from pathlib import Path

import pytest

from tests.servers import postgresql

LONGEST = "test_bad_input"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begins with what takes longest, so that two workers come to their end together: each is given one half.

    What uses the database of the tests stays where it stands: who really commits comes after who does not.
    """
    slow = [item for item in items if item.get_closest_marker("faults") and not item.get_closest_marker("django_db")]
    rest = [item for item in items if item not in slow]
    longest = sorted((item for item in slow if item.path.stem == LONGEST), key=lambda item: item.name)
    modules = [list(module) for _, module in groupby((item for item in slow if item not in longest), lambda i: i.path)]
    first = longest[::2] + list(chain(*modules[::2]))
    second = longest[1::2] + list(chain(*modules[1::2]))
    half = max(len(items) // 2 - len(first), 0)
    items[:] = first + rest[:half] + second + rest[half:]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.needs("postgresql"))])
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of an empty database that syncs as in production; empty for SQLite in the data folder."""
    with postgresql(durable=True) if request.param == "postgresql" else nullcontext("") as address:
        yield address


@pytest.fixture
def environment(database: str, tmp_path: Path) -> dict[str, str]:
    """Of an installation with that database, migrated."""
    values = os.environ | {
        "BAWABA_DATA_DIR": str(tmp_path),
        "BAWABA_KEYS_DIR": str(tmp_path / "keys"),
        "BAWABA_DATABASE_URL": database,
    }
    subprocess.run([sys.executable, "-m", "bawaba", "migrate"], env=values, check=True, capture_output=True)
    return values
