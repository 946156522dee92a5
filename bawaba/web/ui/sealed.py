"""A value in an address that only the portal can read: what a person typed never stands in one in clear."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta

from cryptography.exceptions import InvalidTag
from django.conf import settings

from bawaba.infrastructure import clock
from bawaba.infrastructure.keys import UnusableKey


def make(text: str, *, salt: str) -> str:
    """`text` under AES-256-GCM with the time, as characters that an address may hold. `salt` names its use."""
    moment = int(clock.now().timestamp())
    return urlsafe_b64encode(settings.KEYS.encrypt(f"sealed:{salt}", f"{moment} {text}".encode())).decode()


def read(value: str, *, salt: str, life: int) -> str:
    """The text; empty for a value that is not ours, of another use, or older than `life` seconds."""
    try:
        plain = settings.KEYS.decrypt(f"sealed:{salt}", urlsafe_b64decode(value.encode("ascii"))).decode()
    except (ValueError, InvalidTag, UnusableKey):
        return ""
    moment, _, text = plain.partition(" ")
    age = clock.now() - datetime.fromtimestamp(int(moment), UTC)
    return text if age < timedelta(seconds=life) else ""
