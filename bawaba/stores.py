"""Where the installation keeps its data: the settings of the database and of the cache."""

import sqlite3
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from bawaba.configuration import Configuration

# Up to these, SQLite in WAL mode can lose transactions or damage the file when one connection resets the log while
# another copies it back. Each line of releases was mended at the version named.
MENDED = {(3, 44): 6, (3, 50): 7, (3, 51): 3}
CACHE_ENTRIES = 100_000
CACHE_SECONDS_TO_CONNECT = 1
CACHE_SECONDS_TO_ANSWER = 2
# A statement that came so often is parsed and planned once and for all: a sign-in costs PostgreSQL half as much.
STATEMENTS_BEFORE_PREPARING = 5


def wal_is_safe(version: tuple[int, int, int] = sqlite3.sqlite_version_info) -> bool:
    """Whether this SQLite release may write ahead."""
    major, minor, patch = version
    if (major, minor) > max(MENDED):
        return True
    return patch >= MENDED.get((major, minor), patch + 1)


def database(configuration: Configuration) -> dict[str, Any]:
    """Django's entry for the one database."""
    return _postgresql(configuration) if configuration.database_url else _sqlite(configuration)


def cache(configuration: Configuration) -> dict[str, Any]:
    """Django's entry for the one cache: in the process, or Valkey where several processes share it."""
    if not configuration.cache_url:
        return {
            "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
            "OPTIONS": {"MAX_ENTRIES": CACHE_ENTRIES},
        }
    return {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": configuration.cache_url,
        "KEY_PREFIX": "bawaba",
        "OPTIONS": {
            "socket_connect_timeout": CACHE_SECONDS_TO_CONNECT,
            "socket_timeout": CACHE_SECONDS_TO_ANSWER,
        },
    }


def _sqlite(configuration: Configuration) -> dict[str, Any]:
    journal = "WAL" if wal_is_safe() else "DELETE"
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": configuration.data_dir / "bawaba.sqlite3",
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            # FULL: what a person was told is done must survive a power cut.
            "init_command": (
                f"PRAGMA journal_mode={journal}; PRAGMA synchronous=FULL; PRAGMA cache_size=-20000;"
                "PRAGMA mmap_size=134217728; PRAGMA journal_size_limit=67108864"
            ),
        },
    }


def _postgresql(configuration: Configuration) -> dict[str, Any]:
    url = urlsplit(configuration.database_url)
    options: dict[str, Any] = dict(parse_qsl(url.query))
    if not configuration.database_pooler:
        options |= {
            "options": f"-c statement_timeout={configuration.statement_seconds}s",
            "server_side_binding": True,
            "prepare_threshold": STATEMENTS_BEFORE_PREPARING,
        }
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(url.path.removeprefix("/")),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": unquote(url.hostname or ""),
        "PORT": str(url.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "DISABLE_SERVER_SIDE_CURSORS": True,  # a pooler may hand the next statement to another connection
        "OPTIONS": options,
    }
