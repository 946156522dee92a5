"""One marked message through every provider of a channel, past the queue and through the real link."""

import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings

from bawaba.infrastructure import clock
from bawaba.infrastructure.messaging.kinds import Channel, Kind
from bawaba.infrastructure.messaging.models import Message
from bawaba.infrastructure.messaging.providers.outcome import Outcome
from bawaba.infrastructure.messaging.rendering import Letter, render
from bawaba.infrastructure.messaging.routes import route

MARK_BYTES = 4


@dataclass(frozen=True)
class Attempt:
    """What a provider answered to the probe, and after how many seconds. `mark` stands in the text that was sent.

    `link` is what is known of the link, such as the version of TLS.
    """

    provider: str
    link: str
    mark: str
    outcome: Outcome
    seconds: float


def probe(channel: Channel, address: str) -> Iterator[Attempt]:
    """Sends to `address` through each provider of the channel in turn. Raises `UnclearSetting`."""
    for carrier in route(settings.BAWABA, channel).carriers:
        mark = secrets.token_hex(MARK_BYTES)
        began = time.monotonic()
        outcome = carrier.send(_letter(channel, address, mark))
        carrier.close()
        yield Attempt(carrier.name, carrier.link, mark, outcome, time.monotonic() - began)


def _letter(channel: Channel, address: str, mark: str) -> Letter:
    now = clock.now()
    message = Message(
        kind=Kind.PROBE,
        channel=channel,
        language="ar",
        address=address,
        variables={"mark": mark},
        created_at=now,
        expires_at=now,
    )
    return render(message, code="", now=now)
