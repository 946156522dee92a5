"""What is forgotten of the counters: rows whose period is over. In slices, so that no lock lasts."""

from datetime import datetime

from django.db.models import Q

from bawaba.infrastructure import clock
from bawaba.infrastructure.limits.counter import failing_closed
from bawaba.infrastructure.limits.models import Counter
from bawaba.infrastructure.limits.rows import SECOND, edge, micros, row_name
from bawaba.infrastructure.limits.table import IN_A_ROW, LIMITS, Limit, Window

SLICE = 1_000


def purge() -> int:
    """Deletes the rows whose period is over; returns how many there were."""
    now = clock.now()
    with failing_closed():
        return sum(_purge(limit, window, now) for limit in LIMITS for window in limit.windows)


def _purge(limit: Limit, window: Window, now: datetime) -> int:
    if window.seconds == IN_A_ROW:
        return 0
    calm = micros(now) - limit.waits[1] * SECOND
    over = Q(not_before=0, starts_at__lte=edge(window, now)) | Q(not_before__gt=0, not_before__lte=calm)
    rows = Counter.objects.filter(over, name=row_name(limit, window))
    deleted = 0
    while keys := list(rows.values_list("key", flat=True)[:SLICE]):
        deleted += rows.filter(key__in=keys).delete()[0]
    return deleted
