"""A transaction that does not wait for the disk: everything else about it is as usual."""

from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from bawaba.infrastructure import clock
from bawaba.infrastructure.limits import counter
from bawaba.infrastructure.limits.light import light
from bawaba.infrastructure.limits.models import Counter
from bawaba.infrastructure.limits.table import CODE_FAILURES_SITE, FAILURES_SOURCE, SIGN_IN_FAILURES

pytestmark = pytest.mark.django_db(transaction=True)
WAITS = {"sqlite": ("PRAGMA synchronous", 2), "postgresql": ("SHOW synchronous_commit", "on")}
DOES_NOT = {"sqlite": 1, "postgresql": "off"}


def waiting() -> object:
    """What the database says of the wait."""
    with connection.cursor() as cursor:
        cursor.execute(WAITS[connection.vendor][0])
        return cursor.fetchone()[0]


def counted(*, twice: bool = False) -> None:
    for _ in range(1 + twice):
        Counter.objects.create(key="key", name="name", starts_at=0, n=1)


@pytest.fixture(autouse=True)
def as_in_production() -> None:
    """The suite's PostgreSQL waits for nothing, to be quick; this connection asks for what one in production does."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit TO ON")


def test_only_the_light_one_does_not_wait() -> None:
    usual = WAITS[connection.vendor][1]
    assert waiting() == usual
    with light():
        assert waiting() == DOES_NOT[connection.vendor]
        counted()
    assert (waiting(), Counter.objects.count()) == (usual, 1)


def test_an_error_takes_it_back_and_the_next_one_waits_again() -> None:
    with pytest.raises(IntegrityError), light():
        counted(twice=True)
    assert (waiting(), Counter.objects.count()) == (WAITS[connection.vendor][1], 0)


def test_inside_another_it_waits_with_it() -> None:
    with transaction.atomic(), light():
        assert waiting() == WAITS[connection.vendor][1]


ACTS: dict[str, Callable[[], object]] = {
    "spend": lambda: counter.spend(FAILURES_SOURCE, "192.0.2.1"),
    "refund": lambda: counter.refund(FAILURES_SOURCE, "192.0.2.1"),
    "clear": lambda: counter.clear(SIGN_IN_FAILURES, "maryam@example.com"),
    "hit": lambda: counter.hit(CODE_FAILURES_SITE),
    "take_back": lambda: counter.take_back(CODE_FAILURES_SITE, "site:1", spent_at=clock.now()),
}


@pytest.mark.parametrize("act", ACTS)
def test_counting_and_taking_back_are_light(act: str) -> None:
    with CaptureQueriesContext(connection) as statements:
        ACTS[act]()
    assert "synchronous" in str(statements.captured_queries)
    with transaction.atomic(), CaptureQueriesContext(connection) as statements:
        ACTS[act]()
    assert "synchronous" not in str(statements.captured_queries)
