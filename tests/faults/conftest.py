"""An empty installation on either database, for tests that kill processes in it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest

from tests.servers import postgresql


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
