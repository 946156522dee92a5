"""The seam to the outside world: whoever carries a letter away."""

from dataclasses import dataclass
from typing import Protocol

from bawaba.infrastructure.messaging.providers.outcome import Outcome
from bawaba.infrastructure.messaging.rendering import Letter


@dataclass(frozen=True)
class Receipt:
    """What a provider tells later about the message it took under `reference`."""

    reference: str
    delivered: bool


class Carrier(Protocol):
    """One provider, implemented by subclasses. `send` runs in a sending thread and touches no database.

    It ends within 30 seconds, half of a lease.
    """

    name: str
    link: str = ""
    """What is known of the last link, such as the version of TLS; for people who set a provider up."""

    def send(self, letter: Letter) -> Outcome: ...

    def receipts(self) -> list[Receipt]:
        """The delivery reports that have come since the last call. Most providers give none."""
        return []

    def close(self) -> None:
        """Ends what is open when the courier stops."""
        return
