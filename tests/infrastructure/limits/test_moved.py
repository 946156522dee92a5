"""An installation moves limits by a setting; what it cannot mean stops the start."""

import json
import os
import subprocess
import sys
from collections.abc import Callable

import pytest

from bawaba.configuration import UnclearSetting
from bawaba.infrastructure.limits.moved import Moved

TABLE = """
import json
from bawaba.infrastructure.limits import table
rows = {one.name: [one.warn_above, *([w.most, w.seconds] for w in one.windows)] for one in table.LIMITS}
print(json.dumps(rows | {one.name: one.value for one in table.FIGURES}))
"""


def table_with(limits: str) -> dict[str, object]:
    environment = os.environ | {"BAWABA_LIMITS": limits}
    done = subprocess.run([sys.executable, "-c", TABLE], env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise UnclearSetting("BAWABA_LIMITS", done.stderr.strip().splitlines()[-1])
    rows: dict[str, object] = json.loads(done.stdout)
    return rows


def test_a_larger_portal_moves_its_limits() -> None:
    before = table_with("")
    after = table_with("send.sms.site=5000/86400, send.sms=1/60 4/3600 8/86400,session.idle=600")
    assert after["send.sms.site"] == [4000, [5000, 86400]]
    assert after["send.sms"] == [0, [1, 60], [4, 3600], [8, 86400]]
    assert after["session.idle"] == 600
    assert {name for name in after if after[name] != before[name]} == {"send.sms.site", "send.sms", "session.idle"}


def test_failures_in_a_row_stay_when_the_periods_move() -> None:
    after = table_with("second_factor.failures=3/300 10/3600 20/86400")
    assert after["second_factor.failures"] == [0, [3, 300], [10, 3600], [20, 86400], [100, 0]]


@pytest.mark.parametrize(
    "limits",
    ["send.smss=1/60", "code.guesses=9", "code.consecutive=500/86400", "code.failures.site=900/3600", "body=1000000"],
)
def test_what_is_fixed_or_unknown_is_refused(limits: str) -> None:
    with pytest.raises(UnclearSetting, match=r"is no limit that can be moved"):
        table_with(limits)


def test_what_the_installation_says_wins_and_the_rest_stays() -> None:
    moved = Moved.read([" api = 5/10  7/20", "session.idle=600"])
    assert moved.periods("api", ((1, 2), (3, 4))) == ((5, 10), (7, 20))
    assert moved.periods("register", ((60, 3600),)) == ((60, 3600),)
    assert moved.number("session.idle", 900) == 600
    assert moved.number("session.life", 43_200) == 43_200
    moved.must_be_among({"api", "session.idle", "register"})


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(UnclearSetting) as complaint:
        act()
    assert complaint.value.name == "BAWABA_LIMITS"
    return complaint.value.reason


def test_a_name_that_is_not_among_the_limits_is_refused() -> None:
    moved = Moved.read(["api=1/2", "smoke=1"])
    assert refused(lambda: moved.must_be_among({"api"})) == "smoke is no limit that can be moved"


@pytest.mark.parametrize(
    "text", ["", "0/60", "10", "10/0", "10/60 20/3600", "10 /60", "-1/60", "٣/60", "1/60x", "1/2=3"]
)
def test_periods_that_are_not_clear_are_refused(text: str) -> None:
    moved = Moved.read([f"api={text}"])
    assert refused(lambda: moved.periods("api", ((120, 60),))) == "api must be 1 times how many/seconds"


def test_as_many_periods_as_before_must_be_clear() -> None:
    moved = Moved.read(["api=1/60 2/3600 x"])
    assert refused(lambda: moved.periods("api", ((1, 60), (2, 3600)))) == "api must be 2 times how many/seconds"


@pytest.mark.parametrize("text", ["", "0", "-1", "1.5", "٣", "1/60"])
def test_numbers_that_are_not_clear_are_refused(text: str) -> None:
    moved = Moved.read([f"session.idle={text}"])
    assert refused(lambda: moved.number("session.idle", 900)) == "session.idle must be a whole number above 0"


@pytest.mark.parametrize("entries", [["api"], ["api=1/60", "api=2/60"]])
def test_an_entry_without_value_or_twice_is_refused(entries: list[str]) -> None:
    assert refused(lambda: Moved.read(entries)) == "must be name=value, each name once"
