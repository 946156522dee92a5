"""Counting: windows, refunds, waits, the site, and what happens when nothing can be counted."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from unittest import mock

import pytest
import time_machine
from django.conf import settings as installation
from django.db import OperationalError, connection
from hypothesis import given, settings
from hypothesis import strategies as st

from bawaba.infrastructure.keys import Keyring
from bawaba.infrastructure.limits import counter, retention
from bawaba.infrastructure.limits.counter import CountersUnavailable, LimitReached
from bawaba.infrastructure.limits.models import Counter
from bawaba.infrastructure.limits.table import (
    API,
    CODE_CONSECUTIVE,
    CODE_FAILURES,
    CODE_FAILURES_SITE,
    FAILURES_SOURCE,
    REGISTER,
    SECOND_FACTOR_FAILURES,
    SEND_EMAIL,
    SEND_EMAIL_SITE,
    SEND_SMS_SITE,
    SIGN_IN_FAILURES,
    Limit,
    Window,
)

pytestmark = pytest.mark.django_db
START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
MARYAM = "maryam@example.com"
SALEM = "salem@example.com"


def at(seconds: float) -> time_machine.travel:
    return time_machine.travel(START + timedelta(seconds=seconds), tick=False)


def spend(limit: Limit, key: str, times: int = 1) -> None:
    for _ in range(times):
        counter.spend(limit, key)


def refused_until(limit: Limit, key: str) -> datetime:
    with pytest.raises(LimitReached) as refused:
        counter.spend(limit, key)
    return refused.value.until


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


def test_one_persons_counter_leaves_anothers_alone() -> None:
    with at(0):
        spend(FAILURES_SOURCE, MARYAM, 30)
        refused_until(FAILURES_SOURCE, MARYAM)
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
        spend(SECOND_FACTOR_FAILURES, MARYAM, 5)
        counter.lift(SECOND_FACTOR_FAILURES, MARYAM)
        counter.spend(SECOND_FACTOR_FAILURES, MARYAM)
    assert Counter.objects.get(name="second_factor.failures:0").n == 6


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


# --- sign-in: waits that double


def test_after_ten_failures_the_waits_double_from_a_second_to_an_hour() -> None:
    moment, waits = 0.0, []
    with at(moment):
        spend(SIGN_IN_FAILURES, MARYAM, 10)
    for _ in range(15):
        with at(moment):
            opens = refused_until(SIGN_IN_FAILURES, MARYAM)
        waits.append((opens - START).total_seconds() - moment)
        moment = (opens - START).total_seconds()
        with at(moment):
            counter.spend(SIGN_IN_FAILURES, MARYAM)
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 3600, 3600, 3600]


def test_waits_of_an_installation_double_up_to_their_longest() -> None:
    strict, moment, waits = replace(SIGN_IN_FAILURES, windows=(Window(2, 300),), waits=(3, 20)), 0.0, []
    with at(0):
        spend(strict, MARYAM, 2)
    for _ in range(5):
        with at(moment):
            opens = (refused_until(strict, MARYAM) - START).total_seconds()
        waits.append(opens - moment)
        moment = opens
        with at(moment):
            counter.spend(strict, MARYAM)
    assert waits == [3, 6, 12, 20, 20]


def test_the_waits_may_begin_with_the_first_failure() -> None:
    strict = replace(SIGN_IN_FAILURES, windows=(Window(1, 300),))
    for begun in (0, 3601):
        with at(begun):
            counter.spend(strict, MARYAM)
            assert refused_until(strict, MARYAM) == START + timedelta(seconds=begun + 1)


def test_failures_below_ten_are_forgotten_after_five_minutes() -> None:
    with at(0):
        spend(SIGN_IN_FAILURES, MARYAM, 9)
    with at(300):
        spend(SIGN_IN_FAILURES, MARYAM, 10)
        refused_until(SIGN_IN_FAILURES, MARYAM)


def test_waits_go_on_growing_until_an_hour_was_quiet() -> None:
    with at(0):
        spend(SIGN_IN_FAILURES, MARYAM, 10)
    with at(3600):
        counter.spend(SIGN_IN_FAILURES, MARYAM)
        assert refused_until(SIGN_IN_FAILURES, MARYAM) == START + timedelta(seconds=3602)
    with at(3602 + 3600):
        spend(SIGN_IN_FAILURES, MARYAM, 10)


def test_success_ends_the_waits() -> None:
    with at(0):
        spend(SIGN_IN_FAILURES, MARYAM, 10)
        counter.clear(SIGN_IN_FAILURES, MARYAM)
        spend(SIGN_IN_FAILURES, MARYAM, 10)


def test_after_a_refund_below_ten_the_others_are_forgotten_in_their_time() -> None:
    with at(0):
        spend(SIGN_IN_FAILURES, MARYAM, 10)
        counter.refund(SIGN_IN_FAILURES, MARYAM)
    with at(300):
        spend(SIGN_IN_FAILURES, MARYAM, 10)


def test_a_wait_that_is_over_is_told_no_more() -> None:
    with at(0):
        spend(SIGN_IN_FAILURES, MARYAM, 10)
    with at(1):
        assert counter.peek(SIGN_IN_FAILURES, MARYAM) is None


def test_a_refunded_attempt_takes_its_wait_with_it() -> None:
    with at(0):
        spend(SIGN_IN_FAILURES, MARYAM, 10)
        counter.refund(SIGN_IN_FAILURES, MARYAM)
        counter.spend(SIGN_IN_FAILURES, MARYAM)
    with at(1):
        counter.spend(SIGN_IN_FAILURES, MARYAM)
        counter.refund(SIGN_IN_FAILURES, MARYAM)
        counter.spend(SIGN_IN_FAILURES, MARYAM)
        assert refused_until(SIGN_IN_FAILURES, MARYAM) == START + timedelta(seconds=3)


# --- the whole site


def test_the_sites_failures_are_spread_over_rows_and_summed() -> None:
    with at(0):
        for _ in range(200):
            counter.hit(CODE_FAILURES_SITE)
        assert counter.total(CODE_FAILURES_SITE) == 200
    assert 10 <= Counter.objects.count() <= 16


def test_the_site_stays_over_until_a_whole_hour_was_below() -> None:
    with at(0):
        for _ in range(300):
            counter.hit(CODE_FAILURES_SITE)
        assert not counter.stays_over(CODE_FAILURES_SITE)
        counter.hit(CODE_FAILURES_SITE)
        assert counter.stays_over(CODE_FAILURES_SITE)
    with at(1800):
        counter.hit(CODE_FAILURES_SITE)
    with at(1800 + 3599):
        assert counter.stays_over(CODE_FAILURES_SITE)
    with at(1800 + 3600):
        assert not counter.stays_over(CODE_FAILURES_SITE)


def test_the_hour_that_must_stay_below_is_moved_at_most_once_a_minute() -> None:
    counter.spend(SEND_SMS_SITE, counter.SITE)
    with at(0):
        for _ in range(301):
            counter.hit(CODE_FAILURES_SITE)
    for moment, ends in ((60, 3600), (61, 3661)):
        with at(moment):
            counter.hit(CODE_FAILURES_SITE)
        with at(ends - 1):
            assert counter.stays_over(CODE_FAILURES_SITE)
        with at(ends):
            assert not counter.stays_over(CODE_FAILURES_SITE)
    assert not Counter.objects.get(name="send.sms.site:86400").not_before


def test_what_is_taken_back_of_one_limit_stays_in_the_others() -> None:
    one_row, other = replace(CODE_FAILURES_SITE, shards=1), replace(SEND_EMAIL_SITE, shards=1)
    with at(0):
        row = counter.hit(one_row)
        counter.hit(other)
        for _ in range(3):
            counter.take_back(one_row, row, spent_at=START)
        counter.hit(one_row)
    counts = dict(Counter.objects.values_list("name", "n"))
    assert counts == {"code.failures.site:3600": 1, "send.email.site:3600": 1}


def test_what_is_taken_back_late_leaves_the_next_hour_alone() -> None:
    one_row = replace(CODE_FAILURES_SITE, shards=1)
    with at(0):
        row = counter.hit(one_row)
    with at(3600):
        counter.hit(one_row)
        counter.take_back(one_row, row, spent_at=START)
    assert Counter.objects.get().n == 1


def test_a_failure_of_the_site_can_be_taken_back() -> None:
    with at(0):
        row = counter.hit(CODE_FAILURES_SITE)
        counter.hit(CODE_FAILURES_SITE)
        counter.take_back(CODE_FAILURES_SITE, row, spent_at=START)
        assert counter.total(CODE_FAILURES_SITE) == 1


def test_doors_are_warned_before_anything_is_refused() -> None:
    with at(0):
        spend(REGISTER, "192.0.2.1", 20)
        assert not counter.warned(REGISTER, "192.0.2.1")
        counter.spend(REGISTER, "192.0.2.1")
        assert counter.warned(REGISTER, "192.0.2.1")


@pytest.mark.parametrize("limit", [SEND_SMS_SITE, SEND_EMAIL_SITE], ids=lambda limit: limit.name)
def test_the_site_has_one_count_whatever_the_key(limit: Limit) -> None:
    with at(0):
        counter.spend(limit, counter.SITE)
        counter.spend(limit, counter.SITE)
        assert counter.total(limit) == 2


# --- keys, clocks, purge, faults


def test_no_key_stands_in_the_table_in_clear() -> None:
    counter.spend(CODE_FAILURES, MARYAM)
    assert MARYAM not in str(list(Counter.objects.values()))


def test_a_count_moves_along_when_the_key_of_digests_is_renewed(monkeypatch: pytest.MonkeyPatch, tmp_path: str) -> None:
    folder = type(installation.KEYS.folder)(tmp_path)
    monkeypatch.setattr(installation, "KEYS", Keyring(folder))
    with at(0):
        spend(CODE_CONSECUTIVE, MARYAM, 60)
        installation.KEYS._make("index", 2)
        monkeypatch.setattr(installation, "KEYS", Keyring(folder))
        spend(CODE_CONSECUTIVE, MARYAM, 40)
        refused_until(CODE_CONSECUTIVE, MARYAM)
    assert Counter.objects.get().key.startswith("2:")


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
    begun = counter.micros(START)
    row = counter._row(SIGN_IN_FAILURES, MARYAM, SIGN_IN_FAILURES.windows[0])
    longest = begun + (3600 + 600) * counter.SECOND
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


def test_the_purge_removes_what_is_over_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "SLICE", 2)
    with at(0):
        for key in "abcde":
            counter.spend(API, key)
        spend(SIGN_IN_FAILURES, MARYAM, 10)
        counter.spend(CODE_CONSECUTIVE, MARYAM)
    with at(59):
        assert retention.purge() == 0
    with at(60):
        assert retention.purge() == 5
    with at(3600):
        assert retention.purge() == 0
    with at(3601):
        assert retention.purge() == 1
    assert Counter.objects.get().name == "code.consecutive:0"


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
