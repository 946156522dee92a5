"""A clock for the processes of a portal, set while they run: libfaketime reads from a file how far it is ahead."""

from datetime import timedelta
from pathlib import Path

from tests.servers import false_clock

SECONDS_UNTIL_READ_AGAIN = 1


class Clock:
    def __init__(self, file: Path, ahead: timedelta) -> None:
        self.file = file
        self.ahead = timedelta()
        self.shift(ahead)

    def shift(self, by: timedelta) -> None:
        """Goes on from so much later. The processes notice within a second."""
        self.ahead += by
        written = self.file.with_suffix(".new")
        written.write_text(f"{self.ahead.total_seconds():+f}\n")
        written.replace(self.file)

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs to go by it. The times of files are left alone."""
        return false_clock(
            FAKETIME_TIMESTAMP_FILE=str(self.file),
            FAKETIME_CACHE_DURATION=str(SECONDS_UNTIL_READ_AGAIN),
            NO_FAKE_STAT="1",
        )
