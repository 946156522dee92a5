"""What the machine and its stores say: database, cache, clock, disk, saved copies, the register."""

import ctypes
import shutil
import sqlite3
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.core.cache import cache as the_cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from bawaba.infrastructure import backup, clock
from bawaba.infrastructure.audit.models import Event
from bawaba.infrastructure.readiness.finding import Finding, amber, green, red
from bawaba.stores import wal_is_safe

BACKUP_AGE = timedelta(hours=26)
LEAST_FREE_SHARE = 0.10
OLDEST_POSTGRESQL = 140000
NOT_SYNCHRONISED = 5
CLOCK_DIFFERENCE = timedelta(seconds=5)
SEALING_DELAY = timedelta(seconds=10)


def database() -> Finding:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return red("migrations wait: python -m bawaba migrate")
    if connection.vendor == "sqlite":
        if not wal_is_safe():
            return amber(
                f"SQLite {sqlite3.sqlite_version} has a fault in its fast mode, so the slow one is used; "
                "install pysqlite3 or a newer SQLite"
            )
        return green(f"SQLite {sqlite3.sqlite_version}, writing ahead")
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        version = int(cursor.fetchone()[0])
        cursor.execute("SHOW fsync")
        syncs = cursor.fetchone()[0] == "on"
    if version < OLDEST_POSTGRESQL:
        return red("PostgreSQL is older than 14")
    return green(f"PostgreSQL {version // 10000}") if syncs else red("PostgreSQL runs with fsync off: it may lose data")


def cache() -> Finding:
    if not settings.BAWABA.cache_url:
        return green("in the web process")
    try:
        client = the_cache._cache.get_client(write=True)  # type: ignore[attr-defined]  # noqa: SLF001 no public way
        policy = client.config_get("maxmemory-policy")["maxmemory-policy"]
        keeps = client.config_get("appendonly")["appendonly"] == "yes"
    except Exception as error:
        return red(f"does not answer: {type(error).__name__}")
    if policy != "noeviction":
        return red("maxmemory-policy must be noeviction: an evicted mark lets a used code be used again")
    return green("answers") if keeps else amber("appendonly is off: a restart forgets the marks of used codes")


def time() -> Finding:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            difference = abs(cursor.fetchone()[0] - clock.now())
        if difference > CLOCK_DIFFERENCE:
            return red(f"differs from the database's by {difference.total_seconds():.0f} s")
    if not _is_synchronised():
        return amber("the system does not keep its clock by a time server")
    return green("kept by a time server")


def _is_synchronised() -> bool:
    """What the Linux kernel knows of its clock; other systems are taken at their word."""
    library = ctypes.CDLL(None)
    if not hasattr(library, "adjtimex"):
        return True
    question = ctypes.create_string_buffer(512)  # a struct timex of zeros asks and changes nothing
    return bool(library.adjtimex(question) != NOT_SYNCHRONISED)


def disk() -> Finding:
    usage = shutil.disk_usage(settings.BAWABA.data_dir)
    share = usage.free / usage.total
    text = f"{share:.0%} of the data folder's disk is free"
    return amber(text) if share < LEAST_FREE_SHARE else green(text)


def copies() -> Finding:
    folder = settings.BAWABA.backup_dir
    if not folder:
        return amber("no daily copies: set BAWABA_BACKUP_DIR")
    copies = backup.saved_copies(Path(folder))
    if not copies:
        return amber("no copy has been made yet")
    age = clock.now().timestamp() - copies[-1].stat().st_mtime
    if age > BACKUP_AGE.total_seconds():
        return red(f"the newest copy is {age / 3600:.0f} hours old")
    return green(f"the newest copy is {age / 3600:.0f} hours old")


def register() -> Finding:
    waiting = Event.objects.unsealed().filter(recorded_at__lt=clock.now() - SEALING_DELAY).count()
    return red(f"{waiting} events wait for their seal: is the courier running?") if waiting else green("sealed")
