"""One marked message through every provider of a channel, past the queue and through the real link."""

import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings

from bawaba.infrastructure.messaging.kinds import Channel, Kind
from bawaba.infrastructure.messaging.providers.outcome import Outcome
from bawaba.infrastructure.messaging.rendering import Letter
from bawaba.infrastructure.messaging.routes import routes

MARK_BYTES = 4


@dataclass(frozen=True)
class Attempt:
    """What a provider answered to the probe, and after how many seconds. `mark` stands in the text that was sent."""

    provider: str
    mark: str
    outcome: Outcome
    seconds: float


def probe(channel: Channel, address: str) -> Iterator[Attempt]:
    """Sends to `address` through each provider of the channel in turn. Raises `UnclearSetting`."""
    (route,) = [route for route in routes(settings.BAWABA) if route.channel is channel]
    for carrier in route.carriers:
        mark = secrets.token_hex(MARK_BYTES)
        began = time.monotonic()
        outcome = carrier.send(_letter(channel, address, mark))
        carrier.close()
        yield Attempt(carrier.name, mark, outcome, time.monotonic() - began)


def _letter(channel: Channel, address: str, mark: str) -> Letter:
    text = f"{settings.BAWABA.portal_name_en}: test {mark}."
    return Letter(
        reference=f"test-{mark}",
        channel=channel,
        kind=Kind.AUDIT_HEAD,  # a message to the operator himself, like that one
        address=address,
        language="en",
        text=text,
        subject=text,
        html=f"<p>{text}</p>",
    )
