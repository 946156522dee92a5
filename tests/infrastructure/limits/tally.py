"""What tests of limits say often: the moment, who is counted, how many times, and until when it is refused."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from bawaba.infrastructure.limits import counter
from bawaba.infrastructure.limits.counter import LimitReached
from bawaba.infrastructure.limits.table import Limit

START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
MARYAM = "maryam@example.com"
SALEM = "salem@example.com"


def at(seconds: float) -> time_machine.travel:
    """`seconds` after the start of the story; the clock stands still."""
    return time_machine.travel(START + timedelta(seconds=seconds), tick=False)


def spend(limit: Limit, key: str, times: int = 1) -> None:
    for _ in range(times):
        counter.spend(limit, key)


def refused_until(limit: Limit, key: str) -> datetime:
    with pytest.raises(LimitReached) as refused:
        counter.spend(limit, key)
    return refused.value.until
