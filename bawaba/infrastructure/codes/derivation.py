"""How a code comes from its challenge. The courier derives it to send it, the door to compare it; nobody stores it."""

import hmac
from hashlib import sha256

from django.conf import settings

from bawaba.infrastructure.codes.models import Challenge
from bawaba.infrastructure.keys import Key, UnusableKey

LABEL = "bawaba code 1"
PUBLIC = "public"


def address_digest(address: str) -> str:
    """The digest of a normalised address under the newest key."""
    digest: str = settings.KEYS.digest("challenge.address", address)
    return digest


def address_digests(address: str) -> list[str]:
    """The digests of a normalised address under every key that is still here."""
    versions = settings.KEYS.versions("index").values()
    return [settings.KEYS.digest_with(version, "challenge.address", address) for version in versions]


def lane_mark(lane: str) -> str:
    """The lane as it stands in the row: the id of a known device is nobody's business there."""
    if lane == PUBLIC:
        return lane
    digest: str = settings.KEYS.digest("challenge.lane", lane)
    return digest


def derive(challenge: Challenge, generation: int, address: str) -> str:
    """The code of `generation` as decimal digits, if `address` is the challenge's own; otherwise another one.

    HMAC-SHA256 over length-prefixed parts, all 256 bits of it modulo 10^digits, so the bias is below 1e-60.
    Raises `UnusableKey` when a key of the challenge is no longer here.
    """
    key = _version("code", challenge.key_id)
    index = _version("index", challenge.address_digest.partition(":")[0])
    digest = settings.KEYS.digest_with(index, "challenge.address", address)
    parts = (LABEL, challenge.purpose, challenge.subject, digest, bytes(challenge.nonce).hex(), str(generation))
    text = "".join(f"{len(part)}:{part}" for part in parts).encode()
    number = int.from_bytes(hmac.new(key.secret, text, sha256).digest())
    digits = challenge.digits
    if generation < challenge.generation:
        digits = challenge.previous_digits or challenge.digits
    return f"{number % 10**digits:0{digits}d}"


def _version(name: str, key_id: str) -> Key:
    try:
        key: Key = settings.KEYS.versions(name)[key_id]
    except KeyError as error:
        raise UnusableKey(name, "the version that made this challenge is not here") from error
    return key
