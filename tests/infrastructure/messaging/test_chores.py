"""Chores: each done once in its period by whichever courier is there, and a failing one harms no other."""

import logging
from datetime import timedelta

import pytest
import time_machine

from bawaba.infrastructure import clock
from bawaba.infrastructure.audit.models import Event
from bawaba.infrastructure.messaging.chores import HELD_LEASE, Duty, Roster, late
from bawaba.infrastructure.messaging.models import Chore

HOUR = timedelta(hours=1)

pytestmark = pytest.mark.django_db(transaction=True)


def roster(*duties: Duty, owner: str = "one") -> Roster:
    one = Roster(duties, owner)
    one.enrol()
    return one


def test_a_duty_is_done_once_in_its_period_by_any_courier() -> None:
    done: list[str] = []
    one = roster(Duty("sweep", HOUR, lambda: done.append("one")))
    two = roster(Duty("sweep", HOUR, lambda: done.append("two")), owner="two")
    one.run_due()
    two.run_due()
    assert done == ["one"]
    with time_machine.travel(clock.now() + HOUR):
        two.run_due()
        one.run_due()
    assert done == ["one", "two"]
    row = Chore.objects.get(name="sweep")
    assert (row.every_seconds, row.last_error) == (3600, "")
    assert row.last_ok_at is not None


def test_a_duty_that_fails_is_noted_without_its_words_and_tried_next_time() -> None:
    done: list[int] = []

    def fail() -> None:
        done.append(1)
        raise ValueError("maryam@example.com")

    one = roster(Duty("fail", HOUR, fail), Duty("sweep", HOUR, lambda: done.append(2)))
    one.run_due()
    assert done == [1, 2]
    row = Chore.objects.get(name="fail")
    assert (row.last_error, row.last_ok_at) == ("ValueError", None)
    with time_machine.travel(clock.now() + HOUR):
        one.run_due()
    assert done == [1, 2, 1, 2]


def test_a_duty_of_a_courier_that_died_comes_back_with_its_lease() -> None:
    done: list[str] = []
    duty = Duty("sweep", HOUR, lambda: done.append("two"), lease=timedelta(minutes=2))
    roster(duty)
    Chore.objects.filter(name="sweep").update(lease_by="dead", due_at=clock.now() + duty.lease)
    two = roster(duty, owner="two")
    two.run_due()
    assert done == []
    with time_machine.travel(clock.now() + timedelta(minutes=3)):
        two.run_due()
    assert done == ["two"]


def test_a_frequent_duty_keeps_its_lease_and_writes_nothing_while_it_has_it() -> None:
    done: list[str] = []
    one = roster(Duty("seal", timedelta(seconds=0.5), lambda: done.append("one")))
    two = roster(Duty("seal", timedelta(seconds=0.5), lambda: done.append("two")), owner="two")
    one.run_due()
    before = Chore.objects.values().get(name="seal")
    for _ in range(3):
        one.run_due()
        two.run_due()
    assert done == ["one"] * 4
    assert Chore.objects.values().get(name="seal") == before
    with time_machine.travel(clock.now() + HELD_LEASE * 0.8):
        one.run_due()
        two.run_due()
    assert done == ["one"] * 5, "renewed in time"
    with time_machine.travel(clock.now() + HELD_LEASE * 3):
        two.run_due()
        one.run_due()
    assert done == [*["one"] * 5, "two"], "the other took over, and the first noticed"


def test_a_courier_that_leaves_lets_another_go_on_at_once() -> None:
    done: list[str] = []
    one = roster(Duty("seal", timedelta(seconds=0.5), lambda: done.append("one")))
    two = roster(Duty("seal", timedelta(seconds=0.5), lambda: done.append("two")), owner="two")
    one.run_due()
    one.release()
    two.run_due()
    assert done == ["one", "two"]


def test_a_chore_is_late_after_three_periods_without_success() -> None:
    roster(Duty("sweep", HOUR, lambda: None)).run_due()
    assert late(clock.now() + 2.9 * HOUR) == []
    assert [row.name for row in late(clock.now() + 3.1 * HOUR)] == ["sweep"]


@pytest.mark.parametrize(("rows", "noted"), [(3, [{"kind": "sweep", "rows": 3}]), (0, [])])
def test_what_an_erasing_duty_found_is_in_the_register(
    rows: int, noted: list[dict[str, object]], caplog: pytest.LogCaptureFixture
) -> None:
    one = roster(Duty("sweep", HOUR, lambda: rows, erases=True))
    with caplog.at_level(logging.INFO):
        one.run_due()
    assert list(Event.objects.filter(event="retention.applied").values_list("facts", flat=True)) == noted
    assert Chore.objects.get().last_error == ""


def test_an_erasing_duty_must_say_how_many_rows_it_erased() -> None:
    roster(Duty("sweep", HOUR, lambda: None, erases=True)).run_due()
    assert Chore.objects.get().last_error == "TypeError"
