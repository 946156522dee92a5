"""Dates, times and counts as people read them in both languages."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.utils import translation

from bawaba.web.ui import values

GUIDE = datetime(2019, 7, 20, 21, 30, tzinfo=UTC)  # half past midnight of the 21st in Kuwait


@pytest.mark.parametrize(
    ("language", "expected"), [("ar", "21\u00a0يوليو\u00a02019"), ("en", "21\u00a0July\u00a02019")]
)
def test_day_is_kuwaits_and_written_in_western_digits(language: str, expected: str) -> None:
    with translation.override(language):
        assert values.day(GUIDE) == expected
        assert values.day(date(2019, 7, 21)) == expected


def test_time_is_isolated() -> None:
    assert values.time(GUIDE) == '<bdi dir="ltr">00:30</bdi>'


def test_an_address_may_break_before_its_sign_and_its_dots_and_nowhere_else() -> None:
    assert values.address("a.b-c@example.com") == '<bdi dir="ltr">a<wbr>.b-c<wbr>@example<wbr>.com</bdi>'
    assert values.address("<b>@example") == '<bdi dir="ltr">&lt;b&gt;<wbr>@example</bdi>'


def test_moment_names_its_day_only_when_it_is_another_day() -> None:
    with translation.override("ar"):
        with time_machine.travel(GUIDE, tick=False):
            assert values.soon(GUIDE) == '<bdi dir="ltr">00:30</bdi>'
        with time_machine.travel(datetime(2019, 7, 19, 12, tzinfo=UTC), tick=False):
            assert values.soon(GUIDE) == '21\u00a0يوليو\u00a02019، الساعة\u00a0<bdi dir="ltr">00:30</bdi>'


@pytest.mark.parametrize(
    ("count", "arabic", "english"),
    [
        (0, "أقل من دقيقة", "less than a minute"),
        (1, "دقيقة واحدة", "1 minute"),
        (2, "دقيقتين", "2 minutes"),
        (3, "3 دقائق", "3 minutes"),
        (10, "10 دقائق", "10 minutes"),
        (11, "11 دقيقة", "11 minutes"),
        (99, "99 دقيقة", "99 minutes"),
        (100, "100 دقيقة", "100 minutes"),
        (103, "103 دقائق", "103 minutes"),
        (119, "119 دقيقة", "119 minutes"),
        (120, "ساعتين", "2 hours"),
        (121, "3 ساعات", "3 hours"),
        (1380, "23 ساعة", "23 hours"),
    ],
)
def test_minutes_follow_the_grammar(count: int, arabic: str, english: str) -> None:
    with translation.override("ar"):
        assert values.minutes(count) == arabic
    with translation.override("en"):
        assert values.minutes(count) == english


def test_wait_is_rounded_up() -> None:
    with time_machine.travel(GUIDE, tick=False):
        assert values.minutes_until(datetime(2019, 7, 20, 21, 31, 1, tzinfo=UTC)) == 2
        assert values.minutes_until(datetime(2019, 7, 20, 21, 29, tzinfo=UTC)) == 0


def test_telephone_is_grouped_and_never_broken() -> None:
    assert values.phone("+96550012345") == '<bdi dir="ltr">+965\N{NO-BREAK SPACE}5001\N{NO-BREAK SPACE}2345</bdi>'
    assert values.phone("+97333001234") == '<bdi dir="ltr">+97333001234</bdi>'


def test_a_value_is_escaped() -> None:
    assert values.ltr("<x>@example.com") == '<bdi dir="ltr">&lt;x&gt;@example.com</bdi>'
