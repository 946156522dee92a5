"""The database and the cache that the settings name."""

from pathlib import Path

import pytest

from bawaba import stores
from bawaba.configuration import Configuration


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 3), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 52, 0), True),
        ((4, 0, 0), True),
    ],
)
def test_only_a_mended_sqlite_writes_ahead(version: tuple[int, int, int], safe: bool) -> None:
    assert stores.wal_is_safe(version) is safe


def test_an_old_sqlite_falls_back_to_the_safe_journal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stores, "wal_is_safe", lambda: False)
    options = stores.database(Configuration(data_dir=Path("/srv/bawaba")))["OPTIONS"]
    assert "journal_mode=DELETE" in options["init_command"]
    assert "synchronous=FULL" in options["init_command"]


def test_the_address_of_a_postgresql_is_read_whole() -> None:
    address = "postgresql://web%40kw:p%3Ass@%2Frun%2Fpostgresql:5433/bawaba?sslmode=verify-full"
    entry = stores.database(Configuration(database_url=address))
    assert (entry["USER"], entry["PASSWORD"], entry["HOST"], entry["PORT"], entry["NAME"]) == (
        "web@kw",
        "p:ss",
        "/run/postgresql",
        "5433",
        "bawaba",
    )
    assert entry["OPTIONS"] == {
        "sslmode": "verify-full",
        "options": "-c statement_timeout=10s",
        "server_side_binding": True,
        "prepare_threshold": 5,
    }


def test_a_pooler_needs_no_start_options_and_no_prepared_statements() -> None:
    entry = stores.database(Configuration(database_url="postgresql://localhost/bawaba", database_pooler=True))
    assert entry["OPTIONS"] == {}


def test_the_cache_is_in_the_process_until_an_address_is_given() -> None:
    assert "LocMem" in stores.cache(Configuration())["BACKEND"]
    assert stores.cache(Configuration(cache_url="redis://localhost:1"))["LOCATION"] == "redis://localhost:1"
