"""The clock that all couriers share, the database's: what one writes as the end of a lease, another must read."""

from datetime import datetime, timedelta

from django.db import connection

from bawaba.infrastructure import clock


class SharedClock:
    """`ahead` is how far the clock of the database's machine is before ours."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        return clock.now() + self.ahead

    def compare(self) -> None:
        """Asks the database; SQLite has no other clock than ours."""
        if connection.vendor == "sqlite":
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            theirs: datetime = cursor.fetchone()[0]
        self.ahead = theirs - clock.now()
