"""Putting events into the chain. The courier does it every half second; several may try at once, one succeeds."""

from django.conf import settings
from django.db import IntegrityError, connection, transaction

from bawaba.infrastructure.audit.append_only import KEPT
from bawaba.infrastructure.audit.chain import BEGINNING, link
from bawaba.infrastructure.audit.models import Anchor, Event

_SEAL = "UPDATE audit_event SET seq = %s, prev = %s, hash = %s, key_id = %s WHERE id = %s AND seq IS NULL"


class _Overtaken(Exception):
    """Another courier sealed these events meanwhile."""


def seal(*, limit: int = 1000) -> int:
    """Seal at most `limit` waiting events; how many were. 0 also when another courier was quicker.

    The order is that of the seal: an event of a long transaction comes late but is never missed.
    """
    if not Event.objects.unsealed().exists():
        return 0
    try:
        with transaction.atomic():
            return _seal(limit)
    except (IntegrityError, _Overtaken):
        return 0


def _seal(limit: int) -> int:
    key = settings.KEYS.newest("audit")
    seq, prev = _end()
    sealings = []
    for body in Event.objects.unsealed().values_list(*KEPT)[:limit]:
        seq += 1
        seal_hash = link(key, prev, seq, body)
        sealings.append((seq, prev, seal_hash, key.id, body[0]))
        prev = seal_hash
    if not sealings:
        return 0
    with connection.cursor() as cursor:
        cursor.executemany(_SEAL, sealings)
        if cursor.rowcount != len(sealings):
            raise _Overtaken
    return len(sealings)


def _end() -> tuple[int, str]:
    """Place and hash of the last link: that of the newest event, or of the anchor when all events are gone."""
    last = Event.objects.all().last_link()
    anchor = Anchor.objects.order_by("seq").values_list("seq", "hash").last()
    return max(filter(None, (last, anchor)), default=(0, BEGINNING))
