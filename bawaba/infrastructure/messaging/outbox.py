"""Where the rest of the product leaves its messages. Nothing is sent here: the courier sends what it finds."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models.functions import Now

from bawaba.identifiers.addresses import email_key
from bawaba.infrastructure import clock
from bawaba.infrastructure.audit.events import EventType
from bawaba.infrastructure.audit.log import record, request_id
from bawaba.infrastructure.codes.models import Challenge
from bawaba.infrastructure.messaging import wake
from bawaba.infrastructure.messaging.kinds import SHAPES, Channel, Kind
from bawaba.infrastructure.messaging.models import ADDRESS, Message, Report, State

NOTICE_LIFE = timedelta(hours=24)
LANGUAGES = ("ar", "en")
COPIED = (
    "kind",
    "language",
    "variables",
    "channel",
    "lane",
    "subject",
    "challenge",
    "generation",
    "address",
    "address_digest",
)


class WrongMessage(ValueError):
    """The caller asked for a message that does not exist in this form: `kind` and `reason` say what is wrong."""

    def __init__(self, kind: Kind, reason: str) -> None:
        super().__init__(f"{kind}: {reason}")
        self.kind = kind
        self.reason = reason


class NotSentAnew(Exception):
    """This message cannot be sent again."""


@dataclass(frozen=True)
class DeliveryStatus:
    """What a page may say about the newest message of a challenge.

    `state` and `report` are the row's words, `reason` a code of `providers.outcome.Reason` or empty, `at` when the
    state began: asked for while waiting, handed over or ended afterwards.
    """

    channel: Channel
    state: State
    at: datetime
    reason: str
    report: str


def queue(
    kind: Kind,
    *,
    channel: str,
    address: str,
    language: str,
    subject: str,
    challenge: Challenge | None = None,
    variables: Mapping[str, str | int] | None = None,
) -> Message:
    """Writes a message into the caller's transaction; it exists when that commits and never when it rolls back.

    `subject` is the id of whom it is about, or empty for an address nobody has. With a `challenge` the row lives as
    long as its code, and what still waits of an earlier send of the same challenge is overtaken; without one it lives
    a day. Raises `WrongMessage`, and `TransactionManagementError` outside a transaction.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("a message is queued inside the action's transaction")
    values = dict(variables or {})
    _check(kind, channel, language, challenge, values)
    now = clock.now()
    message = Message(
        kind=kind,
        channel=channel,
        lane=SHAPES[kind].lane,
        language=language,
        variables=values,
        subject=subject,
        address=address,
        address_digest=settings.KEYS.digest(ADDRESS, email_key(address)),
        request=request_id.get(),
        created_at=now,
        # The couriers compare with the database's clock; a web machine whose own runs ahead must not delay a message.
        due_at=Now() if connection.vendor == "postgresql" else now,
        expires_at=now + NOTICE_LIFE,
    )
    if challenge is not None:
        message.challenge = challenge.id
        message.generation = challenge.generation
        message.expires_at = challenge.expires_at
        message.turn = _overtake(challenge.id, channel)
    message.save(force_insert=True)
    wake.notify()
    return message


def status(challenge_id: uuid.UUID) -> DeliveryStatus | None:
    """The state of the newest message of a challenge; None when none is known (any more)."""
    message = Message.objects.of_challenge(challenge_id).order_by("-created_at").first()
    if message is None:
        return None
    return DeliveryStatus(
        channel=Channel(message.channel),
        state=State(message.state),
        at=message.finished_at or message.created_at,
        reason=message.outcome,
        report=message.report,
    )


def report(provider: str, reference: str, *, delivered: bool) -> bool:
    """Notes what a provider told later about a message it took. False when no message of it has this reference."""
    if not reference:
        return False
    rows = Message.objects.filter(provider_ref=reference, provider=provider, state=State.HANDED_OVER)
    told = Report.DELIVERED if delivered else Report.FAILED
    return rows.exclude(report=Report.DELIVERED).update(report=told, reported_at=clock.now()) == 1


def expire_all() -> int:
    """Nothing that waits is sent any more: a restored copy would send old messages twice. Returns how many waited."""
    return Message.objects.waiting().update(state=State.EXPIRED, finished_at=clock.now(), lease_by="")


def send_anew(message_id: uuid.UUID, *, actor: str) -> Message:
    """An officer has a message sent again that was given up: the same row's words, a new row. In a transaction.

    Raises `NotSentAnew` when it was not given up, its address is forgotten, or its code has expired: then the person
    asks for a new one.
    """
    now = clock.now()
    old = Message.objects.filter(id=message_id, state=State.DEAD).exclude(address="").first()
    if old is None or (old.challenge is not None and old.expires_at <= now):
        raise NotSentAnew
    message = Message(
        **{name: getattr(old, name) for name in COPIED},
        turn=old.turn + old.attempts,
        request=request_id.get(),
        created_at=now,
        due_at=now,
        expires_at=old.expires_at if old.challenge else now + NOTICE_LIFE,
    )
    message.save(force_insert=True)
    record(
        EventType.MESSAGE_RESENT,
        subject=str(message.id),
        actor=actor,
        kind=old.kind,
        channel=old.channel,
        message=str(old.id),
    )
    wake.notify()
    return message


def available(channel: Channel) -> bool:
    """Whether this installation can send by a channel at all. Everything works without SMS."""
    return bool(settings.BAWABA.sms_route if channel is Channel.SMS else settings.BAWABA.mail_route)


def _check(
    kind: Kind, channel: str, language: str, challenge: Challenge | None, values: Mapping[str, str | int]
) -> None:
    shape = SHAPES[kind]
    if channel not in shape.channels:
        raise WrongMessage(kind, f"has no text for the channel {channel}")
    if language not in LANGUAGES:
        raise WrongMessage(kind, "the language is neither ar nor en")
    if shape.has_code and challenge is None:
        raise WrongMessage(kind, "needs a challenge")
    if set(values) != shape.variables:
        raise WrongMessage(kind, f"needs exactly the variables {sorted(shape.variables)}")


def _overtake(challenge: uuid.UUID, channel: str) -> int:
    """Ends what still waits of this challenge. Returns how many sends it had: the new one begins one provider on."""
    earlier = Message.objects.of_challenge(challenge).filter(channel=channel)
    earlier.filter(state=State.QUEUED).update(state=State.SUPERSEDED, finished_at=clock.now())
    return earlier.filter(state__in=(State.HANDED_OVER, State.SENDING)).count()
