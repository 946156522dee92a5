"""The code that belongs into a message: derived when it is needed, and only while it may be typed."""

from bawaba.identifiers.addresses import email_key
from bawaba.infrastructure.codes import codes
from bawaba.infrastructure.codes.derivation import address_digests
from bawaba.infrastructure.codes.models import Challenge
from bawaba.infrastructure.messaging.kinds import SHAPES
from bawaba.infrastructure.messaging.models import Message

WITH_CODE = frozenset(kind for kind, shape in SHAPES.items() if shape.has_code)


class WrongPlace(Exception):
    """The challenge belongs to another address, or the index key is not that of the installation.

    A code derived all the same would be a wrong one.
    """


def has_code(message: Message) -> bool:
    """Whether this kind carries a code. False as well for a kind that a newer version has queued."""
    return message.kind in WITH_CODE


def is_current(message: Message, challenge: Challenge | None) -> bool:
    """Whether the code of this row may still be typed: neither used nor killed, and at most one generation old."""
    if challenge is None or challenge.claimed_at is not None or challenge.killed_at is not None:
        return False
    return message.generation in (challenge.generation, challenge.generation - 1)


def code(message: Message, challenge: Challenge | None) -> str:
    """The code as digits, or nothing for a kind without one. Raises `WrongPlace` and `UnusableKey`."""
    if challenge is None or message.generation is None or not has_code(message):
        return ""
    for address in (email_key(message.address), message.address):
        if challenge.address_digest in address_digests(address):
            return codes.derive(challenge, message.generation, address)
    raise WrongPlace
