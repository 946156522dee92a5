"""The provider of demo mode: it takes everything, and the page at /inbox/ shows it.

What the page asks for the next message, a delay or a refusal, is an order in the provider's row. No text is kept: it
is rendered again when somebody looks, and once a code is dead, bullets stand in its place.
"""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from bawaba.infrastructure import clock
from bawaba.infrastructure.codes.models import Challenge
from bawaba.infrastructure.messaging import enclosed
from bawaba.infrastructure.messaging.kinds import Channel
from bawaba.infrastructure.messaging.models import Message, Provider, State
from bawaba.infrastructure.messaging.providers.carrier import Carrier
from bawaba.infrastructure.messaging.providers.outcome import Accepted, Busy, Outcome, Reason, Refused
from bawaba.infrastructure.messaging.rendering import Letter, render

NAME = "inbox"
DELAY = timedelta(seconds=20)
ORDERS = ("delay", "refuse")
BULLETS = "••••••"


class Inbox(Carrier):
    name = NAME

    def send(self, letter: Letter) -> Outcome:
        return Accepted(reference=letter.reference)


@dataclass(frozen=True)
class Item:
    """One message of the inbox; `letter` only once it has been handed over."""

    message: Message
    letter: Letter | None


def items(count: int) -> list[Item]:
    """The newest messages, newest first."""
    messages = list(Message.objects.order_by("-created_at", "-id")[:count])
    challenges = Challenge.objects.in_bulk([message.challenge for message in messages if message.challenge])
    return [Item(message, _read(message, challenges)) for message in messages]


def item(message_id: UUID) -> Item | None:
    message = Message.objects.filter(id=message_id).first()
    if message is None:
        return None
    return Item(message, _read(message, Challenge.objects.in_bulk([message.challenge] if message.challenge else [])))


def _read(message: Message, challenges: dict[UUID, Challenge]) -> Letter | None:
    if message.state != State.HANDED_OVER:
        return None
    challenge = challenges.get(message.challenge) if message.challenge else None
    alive = enclosed.is_current(message, challenge) and message.expires_at > clock.now() and message.address
    code = enclosed.code(message, challenge) if alive else BULLETS * enclosed.has_code(message)
    return render(message, code=code, now=message.handed_at or message.created_at)


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
