"""`bawaba migrate`: brings the database to this version; saves an SQLite database first."""

import argparse
import sys

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from bawaba.commands import demo
from bawaba.infrastructure import backup
from bawaba.infrastructure.keys import NAMES, STORED

ADVISORY_LOCK = 0x62617761  # "bawa": of two jobs that migrate at once, the second waits


def main(arguments: list[str]) -> int:
    argparse.ArgumentParser(prog="bawaba migrate", description=__doc__).parse_args(arguments)
    settings.BAWABA.data_dir.mkdir(parents=True, exist_ok=True)
    if connection.introspection.table_names() and settings.KEYS.lacking(*STORED):
        print(
            f"The database is filled and its keys are not in {settings.BAWABA.keys_dir}. New ones would open nothing of"
            " it: set BAWABA_KEYS_DIR, or bring the saved keys back.",
            file=sys.stderr,
        )
        return 1
    make_keys()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
            cursor.execute("SELECT pg_advisory_lock(%s)", [ADVISORY_LOCK])
            cursor.execute("SET lock_timeout = '3s'")
    if not pending():
        return 0
    try:
        save_first()
    except (backup.UnusableCopy, OSError) as error:
        print(f"The database was not touched, because it could not be saved first. {error}", file=sys.stderr)
        return 1
    call_command("migrate", interactive=False, verbosity=0)
    print("The database is ready.", flush=True)
    if settings.BAWABA.demo:
        demo.fill_once()
    return 0


def make_keys() -> None:
    """The first version of each key that a new installation has not got yet."""
    for name in NAMES:
        settings.KEYS.newest(name)


def pending() -> int:
    """How many migrations wait."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def save_first() -> None:
    """A copy beside a filled SQLite database. PostgreSQL is saved by its operator."""
    if connection.vendor == "sqlite" and connection.introspection.table_names():
        backup.save(settings.BAWABA.data_dir / "before-migration", keep=3)
