"""Is the process alive, may it be sent requests, is the courier at work? Never red because a provider is down."""

import os
import shutil
from datetime import timedelta
from functools import cache

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from bawaba.infrastructure import clock
from bawaba.infrastructure.messaging.models import Heartbeat

LEAST_FREE_BYTES = 64 * 1024 * 1024
LONGEST_SILENCE = timedelta(seconds=30)


@require_safe
def live(_request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return _answer([])


@require_safe
def ready(_request: HttpRequest) -> HttpResponse:
    """Requests may be sent here. The reasons against it are words, one a line."""
    return _answer([reason for reason, is_so in REASONS.items() if is_so()])


@require_safe
def courier(_request: HttpRequest) -> HttpResponse:
    """A courier has given a sign of life within half a minute."""
    try:
        alive = Heartbeat.objects.filter(at__gt=clock.now() - LONGEST_SILENCE).exists()
    except DatabaseError:
        return _answer(["database"])
    return _answer([] if alive else ["silent"])


def _answer(reasons: list[str]) -> HttpResponse:
    return HttpResponse(
        "\n".join(reasons or ["ok"]) + "\n", status=503 if reasons else 200, content_type="text/plain; charset=utf-8"
    )


def _is_leaving() -> bool:
    """The web server's main process, our parent, leaves this sign before it stops us."""
    return (settings.BAWABA.data_dir / f"leaving.{os.getppid()}").exists()


def _has_no_database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return True
    return False


def _has_no_room() -> bool:
    return shutil.disk_usage(settings.BAWABA.data_dir).free < LEAST_FREE_BYTES


def _lacks_migrations() -> bool:
    try:
        return not _is_migrated()
    except (DatabaseError, _Waiting):
        return True


class _Waiting(Exception):
    """Migrations wait; raised so that only the good answer is remembered."""


@cache
def _is_migrated() -> bool:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise _Waiting
    return True


REASONS = {
    "leaving": _is_leaving,
    "database": _has_no_database,
    "disk": _has_no_room,
    "migrations": _lacks_migrations,
}
