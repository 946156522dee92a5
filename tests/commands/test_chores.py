"""`bawaba chores`: the schedule an operator can look at."""

from datetime import timedelta

import pytest
import time_machine

from bawaba.commands import chores
from bawaba.commands.duties import CHORES, PULSES
from bawaba.infrastructure import clock
from bawaba.infrastructure.messaging.chores import Duty, Roster
from bawaba.infrastructure.messaging.models import Chore

pytestmark = pytest.mark.django_db(transaction=True)
NEVER_RUN = "registrations.purge           hour              not yet"


def test_every_chore_is_shown_before_it_ever_ran(capsys: pytest.CaptureFixture[str]) -> None:
    assert chores.main([]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines[1:]] == [duty.name for duty in (*PULSES, *CHORES)]
    assert any(line.startswith(NEVER_RUN) for line in lines)


def test_the_last_run_and_the_next_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    with time_machine.travel("2026-03-01T06:00:10Z", tick=False):
        _run(Duty("registrations.purge", timedelta(hours=1), lambda: 0, erases=True))
        assert chores.main([]) == 0
    line = _line("registrations.purge", capsys)
    assert "hour" in line
    assert "2026-03-01 06:00 UTC" in line
    assert line.endswith("2026-03-01 07:00 UTC")


@pytest.mark.parametrize("trouble", ["failed", "late"])
def test_trouble_is_a_word_and_an_exit_code(trouble: str, capsys: pytest.CaptureFixture[str]) -> None:
    def act() -> int:
        if trouble == "failed":
            raise LookupError
        return 0

    _run(Duty("codes.purge", timedelta(hours=1), act, erases=True))
    with time_machine.travel(clock.now() + timedelta(hours=4)):
        assert chores.main([]) == 1
    assert _line("codes.purge", capsys).endswith("LookupError" if trouble == "failed" else "late")


def _run(duty: Duty) -> None:
    one = Roster([duty], "one")
    one.enrol()
    one.run_due()
    assert Chore.objects.count() == 1


def _line(name: str, capsys: pytest.CaptureFixture[str]) -> str:
    return next(line for line in capsys.readouterr().out.splitlines() if line.startswith(f"{name} "))
