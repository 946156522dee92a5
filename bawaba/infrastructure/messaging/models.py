"""The post book: one row for each message, one for each provider's breaker, one for each of the courier's chores."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q

from bawaba.identifiers.addresses import email_key
from bawaba.infrastructure import clock
from bawaba.infrastructure.messaging.kinds import Channel


class State(models.TextChoices):
    """`sending` returns to `queued` after a failure that may pass; the others are final."""

    QUEUED = "queued"
    SENDING = "sending"
    HANDED_OVER = "handed_over"
    REFUSED = "refused"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    DEAD = "dead"


ADDRESS = "message.address"
OPEN = (State.QUEUED, State.SENDING)


class Report(models.TextChoices):
    """What the provider told later, where it tells anything."""

    DELIVERED = "delivered"
    FAILED = "failed"


class MessageQuerySet(models.QuerySet["Message"]):
    def waiting(self) -> "MessageQuerySet":
        """Not in a final state."""
        return self.filter(state__in=OPEN)

    def due(self, channels: Sequence[Channel], now: datetime) -> "MessageQuerySet":
        """Those that a courier may claim."""
        return self.waiting().filter(channel__in=channels, due_at__lte=now)

    def of_challenge(self, challenge: uuid.UUID) -> "MessageQuerySet":
        return self.filter(challenge=challenge)

    def to_address(self, address: str) -> "MessageQuerySet":
        """Those to one address, by its keyed digest: the only search an officer has."""
        return self.filter(address_digest__in=settings.KEYS.digests(ADDRESS, email_key(address)))

    def with_address_older_than(self, moment: datetime) -> "MessageQuerySet":
        """Finished before a moment and still holding the address."""
        return self.exclude(state__in=OPEN).exclude(address="").filter(finished_at__lt=moment)


class Message(models.Model):
    """No code, no password and no person's name is ever in a row: the text is rendered when it is sent."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=30)  # a `Kind`; without choices, so that a new message needs no migration
    language = models.CharField(max_length=2)
    variables = models.JSONField(default=dict)
    channel = models.CharField(max_length=5, choices=[(channel.value, channel.value) for channel in Channel])
    lane = models.PositiveSmallIntegerField()
    subject = models.CharField(max_length=36, blank=True)
    challenge = models.UUIDField(null=True)
    generation = models.PositiveSmallIntegerField(null=True)
    address = models.CharField(max_length=254, blank=True)
    address_digest = models.CharField(max_length=80)
    request = models.CharField(max_length=64, blank=True)

    state = models.CharField(max_length=11, choices=State, default=State.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    unknowns = models.PositiveSmallIntegerField(default=0)
    turn = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    lease_by = models.CharField(max_length=40, blank=True)
    expires_at = models.DateTimeField()

    provider = models.CharField(max_length=40, blank=True)
    provider_ref = models.CharField(max_length=120, blank=True)
    outcome = models.CharField(max_length=30, blank=True)
    handed_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    report = models.CharField(max_length=9, choices=Report, blank=True)
    reported_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=clock.now)

    objects = MessageQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index("channel", "lane", "due_at", condition=Q(state__in=OPEN), name="message_queue"),
            models.Index("provider_ref", condition=~Q(provider_ref=""), name="message_provider_ref"),
            models.Index("subject", "created_at", name="message_subject"),
            models.Index("challenge", condition=Q(challenge__isnull=False), name="message_challenge"),
            models.Index("address_digest", "created_at", name="message_address"),
            models.Index("created_at", name="message_created"),
            models.Index("finished_at", condition=~Q(address=""), name="message_address_kept"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class Provider(models.Model):
    """The breaker of one provider, shared by all couriers; `order` is what the demo inbox was told to do next."""

    name = models.CharField(max_length=40, primary_key=True)
    failures = models.PositiveIntegerField(default=0)
    counted_since = models.DateTimeField(null=True)
    paused_until = models.DateTimeField(null=True)
    fault = models.CharField(max_length=30, blank=True)
    order = models.CharField(max_length=20, blank=True)

    def __str__(self) -> str:
        return self.name


class Chore(models.Model):
    """When a chore of the courier is due again, who has it now, and how it went."""

    name = models.CharField(max_length=40, primary_key=True)
    every_seconds = models.FloatField(default=0)
    due_at = models.DateTimeField(default=clock.now)
    lease_by = models.CharField(max_length=60, blank=True)
    last_ok_at = models.DateTimeField(null=True)
    last_ms = models.PositiveIntegerField(default=0)
    last_error = models.CharField(max_length=80, blank=True)

    def __str__(self) -> str:
        return self.name


class Heartbeat(models.Model):
    """A courier's loop was alive at this moment. One row for each courier that ran within the last day."""

    courier = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.courier
