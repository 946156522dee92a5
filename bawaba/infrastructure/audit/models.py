"""The register of events: rows that are only added, then sealed one after another into a chain."""

from django.db import models

from bawaba.infrastructure import clock


class EventQuerySet(models.QuerySet["Event"]):
    def sealed(self) -> "EventQuerySet":
        """The chain, in its order."""
        return self.filter(seq__isnull=False).order_by("seq")

    def unsealed(self) -> "EventQuerySet":
        """What the courier has not put into the chain yet, in the order in which it came."""
        return self.filter(seq__isnull=True).order_by("id")

    def last_link(self) -> tuple[int, str] | None:
        """Place and hash of the last sealed event among these."""
        last = self.sealed().last()
        return (last.seq, last.hash) if last and last.seq is not None else None

    def about(self, subject: str) -> "EventQuerySet":
        """Everything that happened to this person, company or thing, newest first."""
        return self.filter(subject=subject).order_by("-id")


class Event(models.Model):
    """No foreign keys: the register outlives what it speaks of. Triggers refuse every change but the sealing."""

    id = models.BigAutoField(primary_key=True)
    recorded_at = models.DateTimeField(default=clock.now)
    event = models.CharField(max_length=40)
    subject = models.CharField(max_length=80)
    actor = models.CharField(max_length=80, blank=True)
    company = models.CharField(max_length=80, blank=True)
    request_id = models.CharField(max_length=40, blank=True)
    facts = models.JSONField(default=dict)
    seq = models.BigIntegerField(null=True, unique=True)
    prev = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64, blank=True)
    key_id = models.CharField(max_length=8, blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["id"], condition=models.Q(seq__isnull=True), name="event_unsealed"),
            models.Index(fields=["subject", "-id"], name="event_subject"),
            models.Index(fields=["actor", "-id"], name="event_actor"),
            models.Index(fields=["company", "-id"], name="event_company"),
            models.Index(fields=["event", "-id"], name="event_name"),
            models.Index(fields=["recorded_at"], name="event_time"),
        ]

    def __str__(self) -> str:
        return self.event


class Anchor(models.Model):
    """Where the chain begins after old events were removed: the last removed link, signed with the audit key."""

    seq = models.BigIntegerField(primary_key=True)
    hash = models.CharField(max_length=64)
    made_at = models.DateTimeField(default=clock.now)
    key_id = models.CharField(max_length=8)
    signature = models.CharField(max_length=64)

    def __str__(self) -> str:
        return str(self.seq)
