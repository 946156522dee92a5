"""The code that belongs into a message: derived when it is needed, and only while it may be typed."""

from bawaba.infrastructure.codes import codes
from bawaba.infrastructure.codes.models import Challenge
from bawaba.infrastructure.messaging.kinds import SHAPES, Kind
from bawaba.infrastructure.messaging.models import Message


def has_code(message: Message) -> bool:
    """Whether this kind carries a code. False as well for a kind that a newer version has queued."""
    return message.kind in set(Kind) and SHAPES[Kind(message.kind)].has_code


def is_current(message: Message, challenge: Challenge | None) -> bool:
    """Whether the code of this row may still be typed: neither used nor killed, and at most one generation old."""
    if challenge is None or challenge.claimed_at is not None or challenge.killed_at is not None:
        return False
    return message.generation in (challenge.generation, challenge.generation - 1)


def code(message: Message, challenge: Challenge | None) -> str:
    """The code as digits, or nothing for a kind without one. Raises `UnusableKey`."""
    if challenge is None or message.generation is None or not has_code(message):
        return ""
    return codes.derive(challenge, message.generation, message.address)
