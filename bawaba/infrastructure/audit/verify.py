"""Reading the chain again: what was altered, taken out, moved, cut off or put in from outside."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from django.conf import settings

from bawaba.infrastructure.audit.append_only import KEPT
from bawaba.infrastructure.audit.chain import BEGINNING, Head, link
from bawaba.infrastructure.audit.models import Anchor, Event

MOST_FLAWS = 100


class Flaw(StrEnum):
    """What may be wrong with a chain."""

    ALTERED = "altered"  # the event is not the one that was sealed, or was never sealed by the courier
    MISSING = "missing"  # events before this one are gone
    MISPLACED = "misplaced"  # it does not follow the one before it
    UNKNOWN_KEY = "unknown_key"
    TRUNCATED = "truncated"  # the chain is shorter than a head that was signed earlier
    REWRITTEN = "rewritten"  # the chain holds something else at the place of a head
    FORGED_HEAD = "forged_head"
    FORGED_ANCHOR = "forged_anchor"


@dataclass(frozen=True)
class Finding:
    """A flaw and the place in the chain where it shows."""

    flaw: Flaw
    seq: int


@dataclass(frozen=True)
class Report:
    """`checked` links were read, up to place `last`; `waiting` events are not sealed yet."""

    checked: int
    last: int
    waiting: int
    findings: tuple[Finding, ...]

    @property
    def is_whole(self) -> bool:
        return not self.findings


def verify(*, head: Head | None = None, start: Head | None = None) -> Report:
    """Read the chain from its anchor or from `start`, and see that it holds `head`. Stops after 100 findings."""
    reader = _Reader(head, start)
    findings = tuple(islice(reader.read(), MOST_FLAWS))
    return Report(reader.checked, reader.seq, Event.objects.unsealed().count(), findings)


class _Reader:
    """Walks along the chain; `seq` and `hash` are those of the link it stands on."""

    def __init__(self, head: Head | None, start: Head | None) -> None:
        self.heads = [known for known in (start, head) if known]
        self.start = start
        self.checked = 0
        self.seq, self.hash = 0, BEGINNING

    def read(self) -> Iterator[Finding]:
        yield from (Finding(Flaw.FORGED_HEAD, known.seq) for known in self.heads if not known.is_genuine("head"))
        yield from self._begin()
        expected = {known.seq: known.hash for known in self.heads}
        links = Event.objects.sealed().filter(seq__gt=self.seq).values_list("seq", "prev", "hash", "key_id", *KEPT)
        for seq, prev, link_hash, key_id, *body in links.iterator(chunk_size=5000):
            yield from self._step(seq, prev, link_hash, key_id, body)
            if expected.get(seq, link_hash) != link_hash:
                yield Finding(Flaw.REWRITTEN, seq)
        yield from (Finding(Flaw.TRUNCATED, known.seq) for known in self.heads if known.seq > self.seq)

    def _begin(self) -> Iterator[Finding]:
        row = Anchor.objects.order_by("seq").last()
        if row:
            anchor = Head(row.seq, row.hash, row.made_at, row.key_id, row.signature)
            if not anchor.is_genuine("anchor"):
                yield Finding(Flaw.FORGED_ANCHOR, row.seq)
            self.seq, self.hash = row.seq, row.hash
        if self.start and self.start.seq > self.seq:
            found = Event.objects.filter(seq=self.start.seq).values_list("hash", flat=True).first()
            if found is not None and found != self.start.hash:
                yield Finding(Flaw.REWRITTEN, self.start.seq)
            if found is not None:
                self.seq, self.hash = self.start.seq, found

    def _step(self, seq: int, prev: str, link_hash: str, key_id: str, body: list[object]) -> Iterator[Finding]:
        key = settings.KEYS.versions("audit").get(key_id)
        if seq != self.seq + 1:
            yield Finding(Flaw.MISSING, seq)
        elif prev != self.hash:
            yield Finding(Flaw.MISPLACED, seq)
        if key is None:
            yield Finding(Flaw.UNKNOWN_KEY, seq)
        elif link(key, prev, seq, body) != link_hash:
            yield Finding(Flaw.ALTERED, seq)
        self.checked += 1
        self.seq, self.hash = seq, link_hash
