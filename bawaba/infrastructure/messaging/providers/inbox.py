"""The provider of demo mode: it takes everything, and the page at /inbox/ shows it.

What the page asks for the next message, a delay or a refusal, is an order in the provider's row.
"""

from datetime import timedelta

from bawaba.infrastructure.messaging.kinds import Channel
from bawaba.infrastructure.messaging.models import Provider
from bawaba.infrastructure.messaging.providers.carrier import Carrier
from bawaba.infrastructure.messaging.providers.outcome import Accepted, Busy, Outcome, Reason, Refused
from bawaba.infrastructure.messaging.rendering import Letter

NAME = "inbox"
DELAY = timedelta(seconds=20)
ORDERS = ("delay", "refuse")


class Inbox(Carrier):
    name = NAME

    def send(self, letter: Letter) -> Outcome:
        return Accepted(reference=letter.reference)


def give_order(order: str) -> None:
    """What to do with the next message: one of `ORDERS`, or empty to take back an order."""
    Provider.objects.update_or_create(name=NAME, defaults={"order": order})


def standing_order() -> str:
    """The order that waits for the next message, or empty."""
    row = Provider.objects.filter(name=NAME).first()
    return row.order if row else ""


def obey(channel: Channel) -> Outcome | None:
    """Carries out the standing order, once; None when there is none. Called by the courier's loop."""
    order = standing_order()
    if not order or Provider.objects.filter(name=NAME, order=order).update(order="") != 1:
        return None
    if order == "delay":
        return Busy(Reason.DELAYED, after=DELAY)
    return Refused(Reason.NUMBER_REFUSED if channel is Channel.SMS else Reason.ADDRESS_REFUSED)
