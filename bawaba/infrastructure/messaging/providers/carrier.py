"""The seam to the outside world: whoever carries a letter away."""

from typing import Protocol

from bawaba.infrastructure.messaging.providers.outcome import Outcome
from bawaba.infrastructure.messaging.rendering import Letter


class Carrier(Protocol):
    """One provider. `send` runs in a sending thread, touches no database, and ends within 30 seconds."""

    name: str

    def send(self, letter: Letter) -> Outcome: ...

    def close(self) -> None:
        """Ends what is open when the courier stops."""
