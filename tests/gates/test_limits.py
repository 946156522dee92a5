"""The table of limits people read is the table the product uses, and each limit refuses exactly where it says."""

import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine

from bawaba.infrastructure.limits import counter, rows, table
from bawaba.infrastructure.limits.models import Counter
from bawaba.infrastructure.limits.table import FIGURES, IN_A_ROW, LIMITS, NO_WAITS, Figure, Limit

DOCUMENT = tomllib.loads(Path("docs/limits.toml").read_text(encoding="utf-8"))
START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


def test_every_limit_of_the_code_is_in_the_document() -> None:
    assert {limit.name: _written(limit) for limit in LIMITS} == {
        name: {key: value for key, value in row.items() if key != "text"} for name, row in DOCUMENT["limit"].items()
    }


def test_every_limit_says_in_words_what_it_is_for() -> None:
    assert all(row["text"].endswith(".") for row in DOCUMENT["limit"].values())


def test_every_figure_of_the_code_is_in_the_document() -> None:
    written = {f.name: {"value": f.value, "unit": f.unit} | ({"fixed": True} if f.fixed else {}) for f in FIGURES}
    assert written == DOCUMENT["figure"]


def test_every_constant_of_the_table_is_listed_once() -> None:
    constants = [value for value in vars(table).values() if isinstance(value, Limit | Figure)]
    assert constants == [*LIMITS, *FIGURES]
    assert len({constant.name for constant in constants}) == len(constants)


@pytest.mark.django_db
@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: limit.name)
def test_a_limit_lets_n_through_and_refuses_the_next(limit: Limit) -> None:
    for window in limit.windows:
        with time_machine.travel(START, tick=False):
            _used(limit, window, window.most - 1)
            assert counter.peek(limit, "somebody") is None
            counter.spend(limit, "somebody")
            with pytest.raises(counter.LimitReached) as refused:
                counter.spend(limit, "somebody")
        assert refused.value.until == _opens(limit, window)


def _used(limit: Limit, full: table.Window, n: int) -> None:
    """As if `n` had been spent at the start, while the other windows are still empty."""
    Counter.objects.all().delete()
    row = "site:3" if limit.shards > 1 else rows.newest_row(limit, "somebody", full)
    begun = rows.micros(START)
    Counter.objects.create(key=row, name=rows.row_name(limit, full), starts_at=begun, n=n)


def _opens(limit: Limit, window: table.Window) -> datetime:
    if limit.waits != NO_WAITS:
        return START + timedelta(seconds=limit.waits[0])
    if window.seconds == IN_A_ROW:
        return counter.NEVER
    return START + timedelta(seconds=window.seconds)


def _written(limit: Limit) -> dict[str, Any]:
    row: dict[str, Any] = {"key": str(limit.key), "windows": [[w.most, w.seconds] for w in limit.windows]}
    if limit.waits != NO_WAITS:
        row["waits"] = list(limit.waits)
    if limit.shards > 1:
        row["shards"] = limit.shards
    if limit.warn_above:
        row["warn_above"] = limit.warn_above
    if limit.fixed:
        row["fixed"] = True
    return row
