"""Sessions and devices as records: what is kept of them, and for how long."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.models import Session

from bawaba.commands.duties import CHORES
from bawaba.domain.accounts.models import Device, SessionRecord, User
from bawaba.domain.accounts.sessions import actions as sessions
from bawaba.infrastructure import clock
from tests.accounts import open_account, signed_in
from tests.people import ahmad

pytestmark = pytest.mark.django_db


def test_dead_sessions_go_at_once_their_history_after_30_days_and_devices_after_90() -> None:
    open_account(ahmad)
    with time_machine.travel(clock.now(), tick=False) as moment:
        signed_in(ahmad)
        assert sessions.purge() == 0
        moment.shift(timedelta(hours=12, seconds=1))
        sessions.purge()
        assert not Session.objects.exists()
        assert SessionRecord.objects.count() == 1
        moment.shift(timedelta(days=30))
        sessions.purge()
        assert not SessionRecord.objects.exists()
        assert Device.objects.count() == 1
        moment.shift(timedelta(days=60))
        sessions.purge()
        assert not Device.objects.exists()


def test_the_courier_does_the_cleaning() -> None:
    assert {"sessions.purge", "accounts.erase_closed", "accounts.purge_email_changes"} <= {duty.name for duty in CHORES}


@pytest.mark.parametrize(
    ("since_then", "enters"),
    [
        ({}, True),
        ({"is_active": False}, False),
        ({"closed_at": clock.now()}, False),
        ({"session_stamp": "of a password set meanwhile"}, False),
    ],
    ids=["nothing", "blocked", "closed", "reset"],
)
def test_nobody_enters_after_what_ended_the_access(since_then: dict[str, Any], enters: bool) -> None:
    user = open_account(ahmad)
    before = clock.now()
    User.objects.update(last_login=before, **since_then)
    assert sessions.enter(user=user) is enters
    assert (User.objects.get().last_login > before) is enters
