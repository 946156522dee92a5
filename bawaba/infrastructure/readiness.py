"""Whether this installation is ready for the public, in plain words: what is well, what to look at, what to mend.

Each check answers for one subject with one sentence. Nothing here changes anything, and no sentence holds a secret.
"""

import ctypes
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.x509 import load_pem_x509_certificate
from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from bawaba.infrastructure import backup, clock, keys
from bawaba.infrastructure.audit.models import Event
from bawaba.refusals import is_loopback
from bawaba.stores import wal_is_safe

CERTIFICATE_WARNING_SECONDS = 14 * 24 * 3600
BACKUP_AGE = timedelta(hours=26)
LEAST_FREE_SHARE = 0.10
OLDEST_POSTGRESQL = 140000
NOT_SYNCHRONISED = 5
CLOCK_DIFFERENCE = timedelta(seconds=5)
SEALING_DELAY = timedelta(seconds=10)


class Colour(StrEnum):
    RED = "red"
    AMBER = "amber"
    GREEN = "green"


@dataclass(frozen=True)
class Finding:
    """What one check says of its subject."""

    colour: Colour
    text: str


def red(text: str) -> Finding:
    return Finding(Colour.RED, text)


def amber(text: str) -> Finding:
    return Finding(Colour.AMBER, text)


def green(text: str) -> Finding:
    return Finding(Colour.GREEN, text)


def findings() -> dict[str, Finding]:
    """Every subject with what is to be said of it, in the order in which one sets a portal up."""
    return {subject: _safely(check) for subject, check in CHECKS.items()}


def _safely(check: Callable[[], Finding]) -> Finding:
    """One failing check must not hide the others."""
    try:
        return check()
    except (DatabaseError, OSError, ValueError) as error:
        return red(f"could not be looked at: {type(error).__name__}")


def _is_public() -> bool:
    return not is_loopback(urlsplit(settings.BAWABA.origin).hostname or "")


def _origin() -> Finding:
    if not _is_public():
        return amber(f"{settings.BAWABA.origin} can only be opened on this machine; set BAWABA_ORIGIN")
    return green(settings.BAWABA.origin)


def _demo() -> Finding:
    if settings.BAWABA.test_seam:
        return amber("the test seam is open")
    if settings.BAWABA.demo:
        return amber("demo mode shows every message to everybody who can open the portal")
    return green("off")


def _tls() -> Finding:
    if not _is_public():
        return green("not needed on this machine")
    if not settings.BAWABA.tls_cert:
        if not settings.BAWABA.proxy_count:
            return red(
                "no certificate is set and no proxy is trusted: BAWABA_TLS_CERT or BAWABA_PROXY_COUNT is missing"
            )
        return green("ended by the proxy")
    left = _certificate_seconds(Path(settings.BAWABA.tls_cert))
    if left < 0:
        return red("the certificate has expired")
    if left < CERTIFICATE_WARNING_SECONDS:
        return amber(f"the certificate expires in {int(left // 86400)} days")
    return green(f"the certificate is good for {int(left // 86400)} days")


def _certificate_seconds(path: Path) -> float:
    """How long a certificate file is still valid."""
    certificate = load_pem_x509_certificate(path.read_bytes())
    return (certificate.not_valid_after_utc - clock.now()).total_seconds()


def _proxies() -> Finding:
    count = settings.BAWABA.proxy_count
    bound_to_all = settings.BAWABA.bind.startswith(("0.0.0.0", "[::]"))  # noqa: S104 compared, not bound
    if count and bound_to_all:
        return amber("the portal listens on every address: whoever reaches it past the proxy may claim any source")
    return green(f"{count} trusted" if count else "none trusted; forwarding headers are ignored")


def _keys() -> Finding:
    try:
        for name in keys.NAMES:
            settings.KEYS.versions(name)
    except keys.UnusableKey as error:
        return red(str(error))
    if settings.BAWABA.data_dir.resolve() in settings.BAWABA.keys_dir.resolve().parents and _is_public():
        return amber("the keys lie inside the data folder: a copy of it holds both lock and key; set BAWABA_KEYS_DIR")
    return green("all there, readable by this user only")


def _database() -> Finding:
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


def _cache() -> Finding:
    if not settings.BAWABA.cache_url:
        return green("in the web process")
    try:
        client = cache._cache.get_client(write=True)  # type: ignore[attr-defined]  # noqa: SLF001 no public way
        policy = client.config_get("maxmemory-policy")["maxmemory-policy"]
        keeps = client.config_get("appendonly")["appendonly"] == "yes"
    except Exception as error:
        return red(f"does not answer: {type(error).__name__}")
    if policy != "noeviction":
        return red("maxmemory-policy must be noeviction: an evicted mark lets a used code be used again")
    return green("answers") if keeps else amber("appendonly is off: a restart forgets the marks of used codes")


def _clock() -> Finding:
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


def _disk() -> Finding:
    usage = shutil.disk_usage(settings.BAWABA.data_dir)
    share = usage.free / usage.total
    text = f"{share:.0%} of the data folder's disk is free"
    return amber(text) if share < LEAST_FREE_SHARE else green(text)


def _backups() -> Finding:
    folder = settings.BAWABA.backup_dir
    if not folder:
        return amber("no nightly copies: set BAWABA_BACKUP_DIR")
    copies = backup.saved_copies(Path(folder))
    if not copies:
        return amber("no copy has been made yet")
    age = clock.now().timestamp() - copies[-1].stat().st_mtime
    if age > BACKUP_AGE.total_seconds():
        return red(f"the newest copy is {age / 3600:.0f} hours old")
    return green(f"the newest copy is {age / 3600:.0f} hours old")


def _register() -> Finding:
    waiting = Event.objects.unsealed().filter(recorded_at__lt=clock.now() - SEALING_DELAY).count()
    return red(f"{waiting} events wait for their seal: is the courier running?") if waiting else green("sealed")


def _support() -> Finding:
    ours = settings.BAWABA
    if not (ours.support_email or ours.support_phones):
        return amber("the support page names nobody: set BAWABA_SUPPORT_EMAIL or BAWABA_SUPPORT_PHONES")
    return green("the page names a way to technical support")


CHECKS: dict[str, Callable[[], Finding]] = {
    "Origin": _origin,
    "Demo mode": _demo,
    "TLS": _tls,
    "Proxies": _proxies,
    "Keys": _keys,
    "Database": _database,
    "Cache": _cache,
    "Clock": _clock,
    "Disk": _disk,
    "Saved copies": _backups,
    "Register of events": _register,
    "Technical support": _support,
}
