"""The balancer's three questions."""

import os
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection
from django.test import Client

from bawaba.infrastructure import clock
from bawaba.infrastructure.messaging.models import Heartbeat
from bawaba.web.health import probes


@pytest.fixture
def database_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: Any, **_kwargs: Any) -> None:
        raise DatabaseError("gone")

    monkeypatch.setattr(connection, "cursor", refuse)


@pytest.fixture
def migrations_wait() -> Iterator[None]:
    probes._is_migrated.cache_clear()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'registration'")
    yield
    probes._is_migrated.cache_clear()


@pytest.mark.usefixtures("database_is_away")
def test_the_process_is_alive_whatever_the_database_does(client: Client) -> None:
    assert client.get("/healthz/live").status_code == 200


@pytest.mark.django_db
def test_requests_may_come_when_all_is_well(client: Client) -> None:
    answer = client.get("/healthz/ready")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


@pytest.mark.usefixtures("database_is_away")
def test_no_requests_without_the_database(client: Client) -> None:
    answer = client.get("/healthz/ready")
    assert answer.status_code == 503
    assert b"database" in answer.content


@pytest.mark.django_db
@pytest.mark.usefixtures("migrations_wait")
def test_no_requests_before_the_migrations(client: Client) -> None:
    assert client.get("/healthz/ready").content == b"migrations\n"


@pytest.mark.django_db
def test_no_requests_when_the_disk_is_full(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probes, "LEAST_FREE_BYTES", 2**62)
    assert client.get("/healthz/ready").content == b"disk\n"


@pytest.mark.django_db
def test_no_requests_while_leaving(client: Client, settings: Any) -> None:
    sign = settings.BAWABA.data_dir / f"leaving.{os.getppid()}"
    sign.touch()
    try:
        assert client.get("/healthz/ready").content == b"leaving\n"
    finally:
        sign.unlink()


@pytest.mark.django_db
def test_the_courier_is_silent_before_its_first_sign_of_life(client: Client) -> None:
    assert client.get("/healthz/courier").content == b"silent\n"


@pytest.mark.django_db
def test_the_courier_is_well_for_half_a_minute_after_a_sign(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    Heartbeat.objects.create(courier="one", at=clock.now())
    assert client.get("/healthz/courier").status_code == 200
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(seconds=31))
    assert client.get("/healthz/courier").content == b"silent\n"


@pytest.mark.usefixtures("database_is_away")
def test_without_the_database_nobody_knows_of_the_courier(client: Client) -> None:
    assert client.get("/healthz/courier").content == b"database\n"


@pytest.mark.parametrize("question", ["live", "ready", "courier"])
@pytest.mark.django_db
def test_nothing_can_be_sent_to_a_probe(client: Client, question: str) -> None:
    assert client.post(f"/healthz/{question}").status_code == 405
