"""How one event is tied to the one before it, and how the end of the chain is signed."""

import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from django.conf import settings

from bawaba.infrastructure import clock
from bawaba.infrastructure.audit.models import Event
from bawaba.infrastructure.keys import Key

BEGINNING = "0" * 64
_STAMP = "%Y%m%dT%H%M%SZ"


def link(key: Key, prev: str, seq: int, body: Sequence[Any]) -> str:
    """The hash of an event: over the hash before it, its place, and `body`, the columns `KEPT` in their order."""
    parts = [item.astimezone(UTC).isoformat() if isinstance(item, datetime) else item for item in body]
    text = json.dumps([prev, seq, key.id, parts], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hmac.new(key.secret, b"link\0" + text.encode(), sha256).hexdigest()


class UnreadableHead(Exception):
    """A text that is no head of a chain."""


@dataclass(frozen=True)
class Head:
    """The end of the chain at a moment. Kept outside the machine, it shows whether the chain was cut off later."""

    seq: int
    hash: str
    at: datetime
    key_id: str
    signature: str

    def __str__(self) -> str:
        return f"{self.seq}.{self.hash}.{self.at:{_STAMP}}.{self.key_id}.{self.signature}"

    @classmethod
    def parse(cls, text: str) -> "Head":
        """A head from its text. Raises `UnreadableHead`."""
        try:
            seq, link_hash, at, key_id, signature = text.strip().split(".")
            return cls(int(seq), link_hash, datetime.strptime(at, _STAMP).replace(tzinfo=UTC), key_id, signature)
        except ValueError as error:
            raise UnreadableHead from error

    def is_genuine(self, purpose: str) -> bool:
        """Whether the audit key signed this head for `purpose`: "head" to be kept outside, "anchor" for a cut."""
        key = settings.KEYS.versions("audit").get(self.key_id)
        return key is not None and hmac.compare_digest(_signature(key, purpose, self), self.signature)


def sign(purpose: str, seq: int, link_hash: str) -> Head:
    """A head signed now with the newest audit key."""
    key = settings.KEYS.newest("audit")
    unsigned = Head(seq, link_hash, clock.now().replace(microsecond=0), key.id, "")
    return Head(seq, link_hash, unsigned.at, key.id, _signature(key, purpose, unsigned))


def current_head() -> Head | None:
    """The signed end of the chain, or None while nothing is sealed."""
    last = Event.objects.all().last_link()
    return sign("head", *last) if last else None


def _signature(key: Key, purpose: str, head: Head) -> str:
    text = f"{purpose}\0{head.seq}\0{head.hash}\0{head.at:{_STAMP}}\0{head.key_id}"
    return hmac.new(key.secret, text.encode(), sha256).hexdigest()
