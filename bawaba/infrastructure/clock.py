"""The one clock. Nothing else in the product asks for the time."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present moment, in UTC and aware of it."""
    return datetime.now(UTC)  # noqa: TID251 this is the one place
