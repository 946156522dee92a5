"""`bawaba chores`: what the courier does besides sending, how often, when last, and when next."""

import argparse
from datetime import datetime, timedelta

from bawaba.commands.duties import CHORES, PULSES
from bawaba.infrastructure import clock
from bawaba.infrastructure.messaging.chores import late
from bawaba.infrastructure.messaging.models import Chore

LINE = "{name:<30}{every:<18}{last:<22}{took:>9}  {due:<22}{word}"


def main(arguments: list[str]) -> int:
    """Exit code 0, or 1 when a chore failed or is late."""
    argparse.ArgumentParser(prog="bawaba chores", description=__doc__).parse_args(arguments)
    rows = {row.name: row for row in Chore.objects.all()}
    overdue = {row.name for row in late(clock.now())}
    print(LINE.format(name="chore", every="every", last="last success", took="took", due="next", word="").rstrip())
    words = []
    for duty in (*PULSES, *CHORES):
        row = rows.get(duty.name)
        words.append(_word(row, is_late=duty.name in overdue))
        print(
            LINE.format(
                name=duty.name,
                every=_period(duty.every),
                last=_moment(row.last_ok_at if row else None),
                took=f"{row.last_ms} ms" if row and row.last_ok_at else "",
                due=_moment(row.due_at if row else None),
                word=words[-1],
            ).rstrip()
        )
    return 1 if any(words) else 0


def _word(row: Chore | None, *, is_late: bool) -> str:
    if row is None:
        return ""
    return row.last_error or ("late" if is_late else "")


def _period(every: timedelta) -> str:
    seconds = every.total_seconds()
    for unit, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= length:
            count = round(seconds / length)
            return unit if count == 1 else f"{count} {unit}s"
    return f"{seconds:g} seconds"


def _moment(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC" if at else "not yet"
