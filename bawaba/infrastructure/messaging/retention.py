"""What is forgotten of messages, and when. In slices, so that no write lock lasts."""

from datetime import timedelta

from bawaba.infrastructure import clock
from bawaba.infrastructure.messaging.models import Message

ADDRESS_KEPT = timedelta(hours=24)
ROW_KEPT = timedelta(days=30)
SLICE = 1_000


def empty_addresses() -> int:
    """Forgets where messages went a day after their final state. Returns how many."""
    done = 0
    rows = Message.objects.with_address_older_than(clock.now() - ADDRESS_KEPT)
    while ids := list(rows.values_list("id", flat=True)[:SLICE]):
        done += Message.objects.filter(id__in=ids).update(address="")
    return done


def purge() -> int:
    """Deletes the rows of messages after thirty days. Returns how many."""
    deleted = 0
    rows = Message.objects.filter(created_at__lt=clock.now() - ROW_KEPT)
    while ids := list(rows.values_list("id", flat=True)[:SLICE]):
        deleted += Message.objects.filter(id__in=ids).delete()[0]
    return deleted
