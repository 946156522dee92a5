"""Removing events whose time is over: the chain is cut behind a signed anchor, from which it verifies onwards."""

import logging
from datetime import datetime, timedelta

from django.conf import settings

from bawaba.infrastructure import clock
from bawaba.infrastructure.audit.chain import current_head, sign
from bawaba.infrastructure.audit.models import Anchor, Event

LEAST = timedelta(days=365)
MONTH = timedelta(days=30.5)
SLICE = 1000

log = logging.getLogger(__name__)


class TooYoung(Exception):
    """Events younger than a year are never removed."""


def remove_old() -> int:
    """Remove what is older than the installation keeps; how many events were."""
    return cut(clock.now() - max(settings.BAWABA.audit_months * MONTH, LEAST))


def show_head() -> None:
    """Write the signed end of the chain into the log, where whoever owns the database cannot take it back."""
    head = current_head()
    if head:
        log.info("audit_head", extra={"head": str(head)})


def cut(before: datetime) -> int:
    """Remove the sealed events recorded before this moment, at most up to the first younger one; how many were.

    Raises `TooYoung` for a moment less than a year ago. Works in slices, so that no write lock lasts long.
    """
    if before > clock.now() - LEAST:
        raise TooYoung
    chain = Event.objects.sealed()
    younger = chain.filter(recorded_at__gte=before).first()
    last = (chain.filter(seq__lt=younger.seq) if younger else chain).last_link()
    if last is None:
        return 0
    anchor = sign("anchor", *last)
    Anchor.objects.create(
        seq=anchor.seq, hash=anchor.hash, made_at=anchor.at, key_id=anchor.key_id, signature=anchor.signature
    )
    return _remove_up_to(anchor.seq)


def _remove_up_to(last: int) -> int:
    removed = 0
    while (first := Event.objects.sealed().filter(seq__lte=last).values_list("seq", flat=True).first()) is not None:
        removed += Event.objects.filter(seq__lt=first + SLICE, seq__lte=last).delete()[0]
    return removed
