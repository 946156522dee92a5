"""Saved copies of the database: made while the portal runs, proven before they count, the oldest thrown away."""

import os
import shutil
import sqlite3
import subprocess
from pathlib import Path

from django.db import connection

from bawaba.infrastructure import clock

NAME = "bawaba-%Y%m%dT%H%M%SZ"


class UnusableCopy(Exception):
    """A saved database that must not be relied on; the reason holds nothing personal."""


def save(folder: Path, *, keep: int) -> Path:
    """Writes a consistent copy into `folder`, proves it and keeps the newest `keep`. Gives the file.

    SQLite copies itself (`VACUUM INTO`); PostgreSQL is dumped by `pg_dump`, which must be installed.
    Raises `UnusableCopy` when the copy is not sound, OSError when it cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    ending = ".sqlite3" if connection.vendor == "sqlite" else ".pgdump"
    fresh = folder / f".unfinished{ending}"
    fresh.unlink(missing_ok=True)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(fresh)])
    else:
        _pg("pg_dump", "--format=custom", "--no-owner", "--file", str(fresh))
    fresh.chmod(0o600)
    prove(fresh)
    _sync(fresh)
    saved = folder / (clock.now().strftime(NAME) + ending)
    fresh.rename(saved)
    _sync(folder)
    for old in saved_copies(folder)[:-keep]:
        old.unlink()
    return saved


def saved_copies(folder: Path) -> list[Path]:
    """The finished copies in `folder`, oldest first."""
    return sorted(folder.glob("bawaba-*Z.*"))


def prove(copy: Path) -> None:
    """Raises `UnusableCopy` unless the copy is there and reads back whole."""
    if not copy.is_file():
        raise UnusableCopy(f"There is no file {copy}.")
    if copy.suffix == ".pgdump":
        try:
            subprocess.run([_program("pg_restore"), "--list", str(copy)], check=True, capture_output=True)  # noqa: S603 a fixed program, no shell
        except subprocess.CalledProcessError as error:
            raise UnusableCopy("pg_restore cannot read the dump.") from error
        return
    try:
        database = sqlite3.connect(f"file:{copy}?mode=ro", uri=True)
        try:
            found = database.execute("PRAGMA integrity_check(1)").fetchone()[0]
        finally:
            database.close()
    except sqlite3.DatabaseError as error:
        raise UnusableCopy("The file is not a whole SQLite database.") from error
    if found != "ok":
        raise UnusableCopy("SQLite finds the file damaged.")


def bring_back(copy: Path) -> None:
    """Puts a proven copy into the empty place that the settings name. Raises `UnusableCopy`, FileExistsError."""
    prove(copy)
    if connection.vendor == "sqlite":
        target = Path(str(connection.settings_dict["NAME"]))
        target.parent.mkdir(parents=True, exist_ok=True)
        with copy.open("rb") as source, open(target, "xb", opener=_for_owner_only) as place:
            shutil.copyfileobj(source, place)
            place.flush()
            os.fsync(place.fileno())
        return
    if connection.introspection.table_names():
        raise FileExistsError("the database holds tables already")
    _pg("pg_restore", "--no-owner", "--exit-on-error", "--single-transaction", "--dbname", _database(), str(copy))


def _for_owner_only(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _pg(program: str, *arguments: str) -> None:
    """Runs one of PostgreSQL's programs on our database; the password travels in the environment, never in sight."""
    settings = connection.settings_dict
    environment = os.environ | {
        "PGHOST": str(settings["HOST"]),
        "PGPORT": str(settings["PORT"] or 5432),
        "PGUSER": str(settings["USER"]),
        "PGPASSWORD": str(settings["PASSWORD"]),
        "PGDATABASE": _database(),
    }
    try:
        subprocess.run([_program(program), *arguments], check=True, capture_output=True, env=environment)  # noqa: S603 a fixed program, no shell
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode(errors="replace").partition("\n")[0]  # later lines may quote what is stored
        raise UnusableCopy(f"{program} ended with {error.returncode}: {said}") from error


def _database() -> str:
    return str(connection.settings_dict["NAME"])


def _program(name: str) -> str:
    """Where PostgreSQL's program is. Raises FileNotFoundError."""
    found = shutil.which(name) or shutil.which(name, path=":".join(map(str, _debian_folders())))
    if found is None:
        raise FileNotFoundError(f"{name} is not installed (Debian: postgresql-client)")
    return found


def _debian_folders() -> list[Path]:
    return sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
