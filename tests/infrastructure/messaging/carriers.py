"""Providers of the tests: they answer what they are told to, and keep what they were given."""

from collections.abc import Sequence
from datetime import timedelta

from bawaba.infrastructure.messaging.courier import Courier
from bawaba.infrastructure.messaging.kinds import Channel
from bawaba.infrastructure.messaging.providers.carrier import Carrier
from bawaba.infrastructure.messaging.providers.outcome import Accepted, Outcome
from bawaba.infrastructure.messaging.rendering import Letter
from bawaba.infrastructure.messaging.routes import Route


class Scripted(Carrier):
    """Gives the outcomes of its list one after the other, and accepts when the list is empty."""

    def __init__(self, *outcomes: Outcome, name: str = "scripted") -> None:
        self.name = name
        self.outcomes = list(outcomes)
        self.letters: list[Letter] = []

    def send(self, letter: Letter) -> Outcome:
        self.letters.append(letter)
        return self.outcomes.pop(0) if self.outcomes else Accepted(reference=f"{self.name}-{len(self.letters)}")

    def close(self) -> None:
        self.letters.clear()


def courier(
    *, email: Sequence[Carrier] = (), sms: Sequence[Carrier] = (), lease_time: timedelta | None = None
) -> Courier:
    """A courier over these providers, with one sending thread for each channel so that the order is plain."""
    routes = [Route(Channel.EMAIL, email, 1), Route(Channel.SMS, sms, 1)]
    return Courier(routes, lease_time=lease_time)


def deliver(*, email: Sequence[Carrier] = (), sms: Sequence[Carrier] = ()) -> int:
    """One courier that sends what is due and ends. Returns how many messages it took."""
    one = courier(email=email, sms=sms)
    try:
        return one.run_once()
    finally:
        for hands in one._hands.values():
            for _ in hands._threads:
                hands._tasks.put(None)
