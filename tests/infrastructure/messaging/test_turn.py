"""The courier's turn at the one write lock of SQLite."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import OperationalError, connection, transaction

from bawaba.infrastructure.messaging import turn as module
from bawaba.infrastructure.messaging.models import Provider
from bawaba.infrastructure.messaging.turn import turn

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def writer(hold: threading.Event) -> Iterator[None]:
    """Somebody else who has the lock until `hold` is set."""
    has_it = threading.Event()

    def write() -> None:
        with transaction.atomic():
            Provider.objects.create(name="other")
            has_it.set()
            hold.wait(10)
        connection.close()

    thread = threading.Thread(target=write)
    thread.start()
    assert has_it.wait(10)
    try:
        yield
    finally:
        hold.set()
        thread.join(10)


def test_it_comes_when_the_lock_is_free_and_waits_as_before_afterwards() -> None:
    release = threading.Event()
    with writer(release):
        threading.Timer(0.1, release.set).start()
        with turn():
            Provider.objects.create(name="mine")
    assert set(Provider.objects.values_list("name", flat=True)) == {"other", "mine"}
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout")
            assert cursor.fetchone()[0] == module.PATIENCE_SECONDS * 1000


def fail_inside() -> None:
    with turn():
        Provider.objects.create(name="mine")
        raise ValueError("no")


def test_what_fails_inside_is_undone() -> None:
    with pytest.raises(ValueError, match="no"):
        fail_inside()
    assert not Provider.objects.exists()
    with turn():
        Provider.objects.create(name="mine")


def test_patience_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor != "sqlite":
        return
    monkeypatch.setattr(module, "PATIENCE_SECONDS", 0.2)
    with writer(threading.Event()), pytest.raises(OperationalError), turn():
        pass
