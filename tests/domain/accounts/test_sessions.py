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
from tests.people import ahmad, maryam

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


DESKTOP, PHONE = ["2:desktop", "1:desktop"], ["1:phone"]


def begun(user: User, key: str, device: list[str] = DESKTOP, *, label: str = "Firefox", cap: int = 10) -> SessionRecord:
    Session.objects.create(session_key=key, session_data="", expire_date=clock.now() + timedelta(hours=12))
    return sessions.begin(user=user, key=key, device=device, label=label, method="password", first=False, cap=cap)


def test_beyond_the_cap_ones_own_sessions_end_that_were_used_longest_ago() -> None:
    owner, other = open_account(ahmad), open_account(maryam)
    with time_machine.travel(clock.now(), tick=False) as moment:
        keys = ["old", "used", "a", "b", "ended"]
        for key in keys:
            begun(owner, key)
            begun(other, f"her {key}")
            moment.shift(timedelta(seconds=1))
        sessions.end(key="ended", reason="sign_out")
        sessions.see(key="old")
        moment.shift(timedelta(seconds=1))
        begun(owner, "new", cap=3)
    running = SessionRecord.objects.filter(ended_at=None)
    assert set(running.filter(user=owner).values_list("key", flat=True)) == {"b", "old", "new"}
    assert running.filter(user=other).count() == 5
    rows = owner.session_records.exclude(ended_at=None).order_by("began_at").values_list("key", "end_reason")
    assert list(rows) == [("", "cap"), ("", "cap"), ("", "sign_out")]
    assert set(Session.objects.filter(session_key__in=keys).values_list("pk", flat=True)) == {"b", "old"}
    assert Session.objects.filter(session_key__startswith="her").count() == 5


def test_a_session_ends_once_and_for_the_first_reason() -> None:
    with time_machine.travel(clock.now(), tick=False) as moment:
        row = begun(open_account(ahmad), "key")
        sessions.end(key="key", reason="idle")
        ended = SessionRecord.objects.get().ended_at
        moment.shift(timedelta(seconds=1))
        assert not sessions._end(row, "cap")
    assert (SessionRecord.objects.get().ended_at, SessionRecord.objects.get().end_reason) == (ended, "idle")


def test_a_browser_seen_again_takes_the_newest_digest_and_what_it_says_of_itself() -> None:
    owner, other = open_account(ahmad), open_account(maryam)
    with time_machine.travel(clock.now(), tick=False) as moment:
        begun(owner, "first", DESKTOP[1:], label="Firefox")
        begun(owner, "second", PHONE, label="Chrome")
        begun(other, "hers", DESKTOP[1:], label="Firefox")
        before = clock.now()
        moment.shift(timedelta(seconds=1))
        again = begun(owner, "again", DESKTOP, label="Edge")
        now = clock.now()
    assert again.device == SessionRecord.objects.get(key="first").device
    devices = Device.objects.order_by("user__email_key", "label").values_list("digest", "label", "last_seen_at")
    assert list(devices) == [
        ("1:phone", "Chrome", before),
        ("2:desktop", "Edge", now),
        ("1:desktop", "Firefox", before),
    ]
