"""The whole site together: counted in many rows, taken back, and for an hour not forgotten."""

from dataclasses import replace

import pytest

from bawaba.infrastructure.limits import counter
from bawaba.infrastructure.limits.counter import LimitReached
from bawaba.infrastructure.limits.models import Counter
from bawaba.infrastructure.limits.rows import SECOND, micros
from bawaba.infrastructure.limits.table import (
    CODE_FAILURES_SITE,
    REGISTER,
    SEND_EMAIL,
    SEND_EMAIL_SITE,
    SEND_SMS_SITE,
    SIGN_IN_FAILURES_SITE,
    SITE,
    Limit,
    Window,
)
from tests.infrastructure.limits.tally import MARYAM, START, at, spend

pytestmark = pytest.mark.django_db


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
        assert not counter.stays_over(SIGN_IN_FAILURES_SITE)
    with at(1800 + 3600):
        assert not counter.stays_over(CODE_FAILURES_SITE)


def test_a_row_that_holds_more_than_the_whole_site_may_counts_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("secrets.randbelow", lambda _: 0)
    small = replace(CODE_FAILURES_SITE, shards=2, windows=(Window(2, 3600),))
    with at(0):
        for _ in range(3):
            assert not counter.stays_over(small)
            counter.hit(small)
        assert counter.total(small) == 3
        assert counter.stays_over(small)


def test_whoever_the_sites_cap_refuses_is_counted_nowhere() -> None:
    with at(0):
        Counter.objects.create(key="site:0", name="send.email.site:3600", starts_at=micros(START), n=10_000)
        with pytest.raises(LimitReached) as refused:
            counter.spend_all((SEND_EMAIL, MARYAM), (SEND_EMAIL_SITE, SITE))
        assert refused.value.limit == SEND_EMAIL_SITE
        assert (counter.total(SEND_EMAIL, MARYAM), counter.total(SEND_EMAIL_SITE)) == (0, 10_000)


def test_the_hour_that_must_stay_below_is_moved_at_most_once_a_minute() -> None:
    counter.spend(SEND_SMS_SITE, SITE)
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


@pytest.mark.parametrize(("ahead", "believed"), [(600 * SECOND, True), (600 * SECOND + 1, False)])
def test_a_machine_ten_minutes_ahead_is_believed_that_the_site_is_over(ahead: int, believed: bool) -> None:
    until = micros(START) + 3600 * SECOND + ahead
    Counter.objects.create(key=SITE, name="code.failures.site:over", starts_at=0, n=1, not_before=until)
    with at(0):
        assert counter.stays_over(CODE_FAILURES_SITE) is believed


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
        counter.spend(limit, SITE)
        counter.spend(limit, SITE)
        assert counter.total(limit) == 2
