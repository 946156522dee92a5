"""What is asked by hand must be what Django would have asked: on both databases, with every kind of field."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import models, transaction

from bawaba.domain.accounts.models import SessionRecord, User
from bawaba.infrastructure import clock, sql
from bawaba.infrastructure.audit.events import EventType
from bawaba.infrastructure.audit.log import record
from bawaba.infrastructure.audit.models import Event
from tests.accounts import open_account
from tests.people import maryam, salem

pytestmark = pytest.mark.django_db


def test_a_record_asked_by_hand_is_the_one_of_a_query_set() -> None:
    person = open_account(maryam)
    asked = sql.record(User, "id = %s AND is_active AND closed_at IS NULL", person.pk)
    assert asked is not None
    assert _values(asked) == _values(User.objects.get(pk=person.pk))
    asked.first_name = "Mariam"
    asked.save()
    assert User.objects.get().first_name == "Mariam"


def test_nobody_is_found_where_nobody_is() -> None:
    open_account(maryam)
    assert sql.record(User, "email_key = %s", salem.email) is None


@pytest.mark.parametrize("key", ["given", "of the database"])
def test_a_record_inserted_by_hand_is_the_one_that_was_saved(key: str) -> None:
    person = open_account(maryam)
    made: models.Model
    if key == "given":
        made = SessionRecord(user=person, key="k", label="Firefox", method="password")
    else:
        made = Event(event="sign_in.succeeded", subject=str(person.pk), facts={"method": "password", "amount": 3})
    sql.insert(made)
    kept = type(made)._default_manager.order_by("-pk")[0] if key != "given" else SessionRecord.objects.get()
    assert _values(kept) | {"id": None} == _values(made) | {"id": None}


def test_a_field_with_a_form_of_its_own_is_turned_back() -> None:
    record(EventType.RECOVERY_CODE_USED, subject="a" * 32, amount=3)
    asked = sql.record(Event, "subject = %s", "a" * 32)
    assert asked is not None
    assert asked.facts == {"amount": 3}


def test_events_keep_the_order_in_which_they_came() -> None:
    with transaction.atomic():
        for amount in (2, 1):
            record(EventType.RECOVERY_CODE_USED, subject="a" * 32, amount=amount)
    assert list(Event.objects.order_by("id").values_list("facts", flat=True)) == [{"amount": 2}, {"amount": 1}]


def test_a_moment_is_compared_as_a_moment() -> None:
    row = Session(session_key="a" * 40, session_data="", expire_date=datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC))
    sql.insert(row)
    condition = "session_key = %s AND expire_date > %s"
    assert sql.record(Session, condition, row.pk, datetime(2026, 1, 2, 3, 4, 5, 5, tzinfo=UTC)) == row
    assert sql.record(Session, condition, row.pk, row.expire_date) is None
    assert sql.record(Session, condition, row.pk, clock.now()) is None


def test_a_moment_written_by_hand_is_the_one_that_django_would_have_written() -> None:
    moment = datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC)
    assert sql.change("UPDATE accounts_user SET last_login = %s WHERE id = %s", moment, open_account(maryam).pk) == 1
    assert User.objects.filter(last_login=moment).exists()


def _values(record: models.Model) -> dict[str, Any]:
    return {field.attname: _plain(getattr(record, field.attname)) for field in record._meta.concrete_fields}


def _plain(value: object) -> object:
    return bytes(value) if isinstance(value, memoryview) else value
