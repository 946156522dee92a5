"""Counting: windows, refunds, keys, clocks, and what happens when nothing can be counted."""

from datetime import timedelta
from pathlib import Path
from shutil import copytree
from unittest import mock

import pytest
from django.conf import settings as installation
from django.db import OperationalError, connection
from hypothesis import given, settings
from hypothesis import strategies as st

from bawaba.infrastructure.keys import Keyring
from bawaba.infrastructure.limits import counter, retention
from bawaba.infrastructure.limits.counter import CountersUnavailable, LimitReached
from bawaba.infrastructure.limits.models import Counter
from bawaba.infrastructure.limits.rows import SECOND, micros, newest_row
from bawaba.infrastructure.limits.table import (
    API,
    CODE_CONSECUTIVE,
    CODE_FAILURES,
    FAILURES_SOURCE,
    SECOND_FACTOR_FAILURES,
    SEND_EMAIL,
    SIGN_IN_FAILURES,
    Limit,
    Window,
)
from tests.infrastructure.limits.tally import MARYAM, SALEM, START, at, refused_until, spend

pytestmark = pytest.mark.django_db


def test_one_e_mail_a_minute_is_exact_to_the_second() -> None:
    with at(0):
        counter.spend(SEND_EMAIL, MARYAM)
    with at(59.999):
        assert counter.peek(SEND_EMAIL, MARYAM) == START + timedelta(seconds=60)
        assert refused_until(SEND_EMAIL, MARYAM) == START + timedelta(seconds=60)
    with at(60):
        assert counter.peek(SEND_EMAIL, MARYAM) is None
        counter.spend(SEND_EMAIL, MARYAM)


def test_a_refusal_names_its_limit_and_nobody() -> None:
    with at(0):
        counter.spend(SEND_EMAIL, MARYAM)
        with pytest.raises(LimitReached, match=r"^send\.email$"):
            counter.spend(SEND_EMAIL, MARYAM)


def test_the_longest_of_the_full_windows_is_told() -> None:
    for minute in range(5):
        with at(60 * minute):
            counter.spend(SEND_EMAIL, MARYAM)
    with at(60 * 4 + 30):
        assert refused_until(SEND_EMAIL, MARYAM) == START + timedelta(hours=1)


def test_a_refusal_counts_in_no_window() -> None:
    with at(0):
        counter.spend(SEND_EMAIL, MARYAM)
    with at(1):
        for _ in range(20):
            refused_until(SEND_EMAIL, MARYAM)
    hour = Counter.objects.get(name="send.email:3600")
    assert hour.n == 1


def test_a_total_is_that_of_the_first_window_until_it_ends() -> None:
    with at(0):
        spend(SECOND_FACTOR_FAILURES, MARYAM, 2)
    for moment, total in ((299.999, 2), (300, 0)):
        with at(moment):
            assert counter.total(SECOND_FACTOR_FAILURES, MARYAM) == total


def test_one_persons_counter_leaves_anothers_alone() -> None:
    with at(0):
        spend(FAILURES_SOURCE, MARYAM, 30)
        refused_until(FAILURES_SOURCE, MARYAM)
        assert counter.peek(FAILURES_SOURCE, SALEM) is None
        counter.spend(FAILURES_SOURCE, SALEM)


def test_a_refunded_failure_can_be_spent_again() -> None:
    with at(0):
        spend(FAILURES_SOURCE, MARYAM, 30)
        counter.refund(FAILURES_SOURCE, MARYAM)
        counter.spend(FAILURES_SOURCE, MARYAM)
        refused_until(FAILURES_SOURCE, MARYAM)


def test_a_refund_does_not_reach_into_the_next_window() -> None:
    with at(0):
        counter.spend(API, MARYAM)
    with at(61):
        spend(API, MARYAM, 120)
        counter.refund(API, MARYAM, spent_at=START)
        refused_until(API, MARYAM)


def test_a_refund_of_nothing_gives_no_credit() -> None:
    with at(0):
        counter.refund(FAILURES_SOURCE, MARYAM)
        spend(FAILURES_SOURCE, MARYAM, 1)
        for _ in range(5):
            counter.refund(FAILURES_SOURCE, MARYAM)
        spend(FAILURES_SOURCE, MARYAM, 30)
        refused_until(FAILURES_SOURCE, MARYAM)


def test_success_clears_the_failures_in_a_row_and_no_period() -> None:
    with at(0):
        spend(SECOND_FACTOR_FAILURES, MARYAM, 5)
        counter.clear(SECOND_FACTOR_FAILURES, MARYAM)
        assert refused_until(SECOND_FACTOR_FAILURES, MARYAM) == START + timedelta(minutes=5)
    names = set(Counter.objects.values_list("name", flat=True))
    assert names == {"second_factor.failures:300", "second_factor.failures:3600", "second_factor.failures:86400"}


def test_an_officer_lifts_the_periods_and_never_the_failures_in_a_row() -> None:
    with at(0):
        spend(SECOND_FACTOR_FAILURES, SALEM, 5)
        spend(SECOND_FACTOR_FAILURES, MARYAM, 5)
        counter.lift(SECOND_FACTOR_FAILURES, MARYAM)
        counter.spend(SECOND_FACTOR_FAILURES, MARYAM)
        refused_until(SECOND_FACTOR_FAILURES, SALEM)
    in_a_row = Counter.objects.filter(name="second_factor.failures:0")
    assert sorted(in_a_row.values_list("n", flat=True)) == [5, 6]


def test_a_hundred_in_a_row_close_the_channel_whatever_the_time() -> None:
    with at(0):
        spend(CODE_CONSECUTIVE, MARYAM, 100)
    with at(10 * 365 * 86400):
        retention.purge()
        with pytest.raises(LimitReached) as refused:
            counter.spend(CODE_CONSECUTIVE, MARYAM)
    assert refused.value.closed


def test_several_limits_of_one_act_are_spent_together_or_not_at_all() -> None:
    with at(0):
        counter.spend(SEND_EMAIL, MARYAM)
        with pytest.raises(LimitReached):
            counter.spend_all((SEND_EMAIL, MARYAM), (FAILURES_SOURCE, "192.0.2.1"))
    assert counter.total(FAILURES_SOURCE, "192.0.2.1") == 0


def test_no_key_stands_in_the_table_in_clear() -> None:
    counter.spend(CODE_FAILURES, MARYAM)
    assert MARYAM not in str(list(Counter.objects.values()))


def test_a_count_moves_along_when_the_key_of_digests_is_renewed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(installation, "KEYS", Keyring(tmp_path))
    with at(0):
        spend(CODE_CONSECUTIVE, MARYAM, 60)
        installation.KEYS._make("index", 2)
        monkeypatch.setattr(installation, "KEYS", Keyring(tmp_path))
        spend(CODE_CONSECUTIVE, MARYAM, 40)
        refused_until(CODE_CONSECUTIVE, MARYAM)
    assert Counter.objects.get().key.startswith("2:")


def test_a_worker_that_has_not_met_the_newest_key_disturbs_nobody(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    older = Keyring(tmp_path / "older")
    older.newest("index")
    newer = Keyring(copytree(older.folder, tmp_path / "newer"))
    newer.rotate("index")
    for keys in (older, newer, older, newer):
        monkeypatch.setattr(installation, "KEYS", keys)
        counter.spend(CODE_CONSECUTIVE, MARYAM)
    assert counter.total(CODE_CONSECUTIVE, MARYAM) == 4


def test_a_clock_that_was_a_day_ahead_leaves_no_lasting_lock() -> None:
    with at(86400):
        spend(FAILURES_SOURCE, MARYAM, 30)
        spend(SIGN_IN_FAILURES, MARYAM, 10)
    with at(0):
        assert refused_until(FAILURES_SOURCE, MARYAM) == START + timedelta(minutes=10)
        refused_until(SIGN_IN_FAILURES, MARYAM)
        counter.spend(SIGN_IN_FAILURES, MARYAM)
        assert refused_until(SIGN_IN_FAILURES, MARYAM) == START + timedelta(seconds=2)
    with at(600):
        counter.spend(FAILURES_SOURCE, MARYAM)


def test_ten_minutes_and_the_longest_wait_are_still_taken_for_honest() -> None:
    with at(600):
        counter.spend(SEND_EMAIL, MARYAM)
    begun = micros(START)
    row = newest_row(SIGN_IN_FAILURES, MARYAM, SIGN_IN_FAILURES.windows[0])
    longest = begun + (3600 + 600) * SECOND
    Counter.objects.create(key=row, name="sign_in.failures:300", starts_at=begun, n=30, not_before=longest)
    with at(0):
        assert counter.peek(SEND_EMAIL, MARYAM) == START + timedelta(seconds=660)
        assert counter.peek(SIGN_IN_FAILURES, MARYAM) == START + timedelta(seconds=4200)


def test_a_worker_some_minutes_behind_shortens_no_window() -> None:
    with at(300):
        counter.spend(SEND_EMAIL, MARYAM)
    with at(0):
        refused_until(SEND_EMAIL, MARYAM)
    with at(301):
        assert refused_until(SEND_EMAIL, MARYAM) == START + timedelta(seconds=360)


@pytest.mark.parametrize("call", [counter.spend, counter.peek, counter.refund, counter.clear, counter.lift])
def test_a_database_that_does_not_answer_is_never_taken_for_no_failures(call: mock.Mock) -> None:
    with (
        mock.patch.object(connection, "cursor", side_effect=OperationalError("gone")),
        mock.patch.object(connection, "chunked_cursor", side_effect=OperationalError("gone")),
        mock.patch("django.db.transaction.Atomic.__enter__"),
        mock.patch("django.db.transaction.Atomic.__exit__", return_value=False),
        pytest.raises(CountersUnavailable),
    ):
        call(SECOND_FACTOR_FAILURES, MARYAM)


@settings(deadline=None)
@given(steps=st.lists(st.tuples(st.integers(0, 90), st.booleans()), max_size=40))
def test_any_run_of_spends_and_refunds_agrees_with_a_plain_model(steps: list[tuple[int, bool]]) -> None:
    limit, now, begun, n = Limit("model", API.key, (Window(3, 60),)), 0, -61, 0
    Counter.objects.all().delete()
    for pause, back in steps:
        now += pause
        with at(now):
            if back:
                counter.refund(limit, MARYAM)
                n = max(0, n - 1)
                continue
            if begun + 60 <= now:
                begun, n = now, 0
            if n < 3:
                counter.spend(limit, MARYAM)
                n += 1
            else:
                assert refused_until(limit, MARYAM) == START + timedelta(seconds=begun + 60)
