"""What may enter the register, and that nothing leaves it."""

import uuid
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from bawaba.infrastructure.audit.events import EventType
from bawaba.infrastructure.audit.log import Happening, OutsideTransaction, UnfitEvent, record, record_all, request_id
from bawaba.infrastructure.audit.models import Anchor, Event

MARYAM = str(uuid.UUID(int=2))
AHMAD = str(uuid.UUID(int=1))


@pytest.mark.django_db
def test_an_event_keeps_who_what_and_the_request() -> None:
    token = request_id.set("r-1")
    record(EventType.MEMBERSHIP_GRANTED, subject=MARYAM, actor=AHMAD, company="7", role="member")
    request_id.reset(token)
    event = Event.objects.about(MARYAM).get()
    assert (event.event, event.actor, event.company) == ("membership.granted", AHMAD, "7")
    assert event.facts == {"role": "member"}
    assert event.request_id == "r-1"
    assert event.seq is None


@pytest.mark.django_db
def test_the_same_happened_to_many() -> None:
    def added(who: str) -> Happening:
        return Happening(event=EventType.IMPORT_USER_ADDED, subject=who, facts={"kind": "users"})

    record_all([added(MARYAM), added(AHMAD)])
    for who in (MARYAM, AHMAD):
        assert Event.objects.about(who).get().facts == {"kind": "users"}
    with pytest.raises(UnfitEvent):
        record_all([added(MARYAM), added("maryam@example.com")])
    assert Event.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_no_event_without_the_transaction_of_what_happened() -> None:
    with pytest.raises(OutsideTransaction):
        record(EventType.SIGN_OUT, subject=MARYAM)
    assert not Event.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_what_is_undone_leaves_no_event() -> None:
    with transaction.atomic():
        record(EventType.SIGN_OUT, subject=MARYAM)
        transaction.set_rollback(True)
    assert not Event.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "unfit",
    [
        {"reason": "maryam@example.com"},
        {"reason": "Maryam"},
        {"reason": "مريم"},
        {"reason": "100000000000"},
        {"reason": "two words"},
        {"reason": True},
        {"factor": 51234567},
        {"channel": "email"},
    ],
)
def test_nothing_personal_and_nothing_undeclared_enters(unfit: dict[str, Any]) -> None:
    with pytest.raises(UnfitEvent) as caught:
        record(EventType.FACTOR_REMOVED, subject=MARYAM, **unfit)
    assert str(next(iter(unfit.values()))) not in str(caught.value)
    assert not Event.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["maryam@example.com", "+96551234567", "100000000000", "Maryam Ali", "a\nb"])
@pytest.mark.parametrize("part", ["subject", "actor", "company"])
def test_subject_actor_and_company_are_ids(part: str, who: str) -> None:
    with pytest.raises(UnfitEvent):
        record(EventType.SIGN_OUT, **{"subject": MARYAM, part: who})
    assert not Event.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("who", [MARYAM, "1234567" + "8" * 25, "1:" + "12345678" * 8, "1:" + "f" * 64, "courier", "7"])
def test_ids_of_every_form_are_taken(who: str) -> None:
    record(EventType.SIGN_OUT, subject=who, actor=who, company=who)
    assert Event.objects.about(who).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("column", ["event", "subject", "actor", "company", "request_id", "recorded_at", "facts"])
def test_an_event_cannot_be_changed(column: str) -> None:
    record(EventType.SIGN_OUT, subject=MARYAM)
    before = Event.objects.values().get()
    changed = {"recorded_at": "2020-01-01T00:00:00+00:00", "facts": {"session": "x"}}.get(column, "x")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Event.objects.update(**{column: changed})
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Event.objects.update(**{column: changed, "seq": 1})
    assert Event.objects.values().get() == before


@pytest.mark.django_db
def test_a_sealed_event_cannot_be_sealed_otherwise() -> None:
    record(EventType.SIGN_OUT, subject=MARYAM)
    Event.objects.update(seq=1, hash="a" * 64)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Event.objects.update(hash="b" * 64)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Event.objects.update(seq=None)


@pytest.mark.django_db
def test_an_event_cannot_be_removed_but_behind_an_anchor() -> None:
    for _ in range(3):
        record(EventType.SIGN_OUT, subject=MARYAM)
    first, second, _ = Event.objects.order_by("id")
    Event.objects.filter(id=first.id).update(seq=1)
    Event.objects.filter(id=second.id).update(seq=2)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Event.objects.filter(seq=1).delete()
    Anchor.objects.create(seq=1, hash="a" * 64, key_id="1", signature="b" * 64)
    assert Event.objects.filter(seq=1).delete()[0] == 1
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Event.objects.all().delete()
    assert Event.objects.count() == 2


@pytest.mark.django_db
def test_the_whole_register_cannot_be_emptied() -> None:
    record(EventType.SIGN_OUT, subject=MARYAM)
    statement = "TRUNCATE audit_event" if connection.vendor == "postgresql" else "DELETE FROM audit_event"
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Event.objects.count() == 1
