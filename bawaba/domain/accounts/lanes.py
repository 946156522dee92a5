"""In which lane failures of a sign-in or a reset count for an address: everybody's, or a known device's own.

A stranger who uses up the public lane does not lock the owner out: a browser from which the owner signed in before has
a lane of its own. It proves nothing and skips nothing.
"""

from collections.abc import Sequence

from bawaba.domain.accounts.models import Device, User
from bawaba.infrastructure.codes.derivation import PUBLIC


def of(email_key: str, digests: Sequence[str]) -> str:
    """The lane of a browser with these digests for this address: `PUBLIC`, or the id of the device if it is known."""
    known = Device.objects.known(email_key, digests)
    return known.hex if known else PUBLIC


def key(lane: str, email_key: str) -> str:
    """Under what a failed sign-in counts."""
    return f"{lane} {email_key}"


def keys_of(user: User) -> list[str]:
    """Every key under which this person's failures may stand."""
    devices = user.devices.values_list("id", flat=True)
    return [key(lane, user.email_key) for lane in (PUBLIC, *(device.hex for device in devices))]
