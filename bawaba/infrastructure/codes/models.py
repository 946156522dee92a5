"""What a code proves, and how long. The code itself is nowhere: it is derived when sent and when compared."""

import uuid
from datetime import datetime
from enum import StrEnum

from django.db import models
from django.db.models import Q

from bawaba.infrastructure import clock

OPEN = Q(claimed_at=None, killed_at=None)


class Purpose(StrEnum):
    ACTIVATE = "activate"
    MOBILE = "mobile"
    RESET = "reset"
    CHANGE_EMAIL = "change_email"


class ChallengeQuerySet(models.QuerySet["Challenge"]):
    def open(self) -> "ChallengeQuerySet":
        """Neither claimed nor killed; they may have expired."""
        return self.filter(OPEN)

    def live(self, now: datetime) -> "ChallengeQuerySet":
        """Open, and at least the newest code has not expired."""
        return self.open().filter(expires_at__gt=now)

    def in_order(self) -> "ChallengeQuerySet":
        """The same rows, locked in the order of their ids, so that two who change several never wait in a circle.

        Who wins is still decided by the UPDATE that follows. SQLite lets one write at a time and locks nothing here.
        """
        # nosemgrep: row-lock  it only puts those who wait in order, nothing rests on it
        ids = list(self.select_for_update().order_by("id").values_list("id", flat=True))
        return self.filter(id__in=ids)


class Challenge(models.Model):
    """One thing to prove: that somebody who acts as `subject` reads what is sent to an address.

    `subject` is the id of a registration or person, or empty for an address nobody has (a decoy, which never matches).
    `generation` is the newest code; the one before it stays good until `previous_expires_at`.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    purpose = models.CharField(max_length=16)
    subject = models.CharField(max_length=36, blank=True)
    address_digest = models.CharField(max_length=80)
    lane = models.CharField(max_length=80)
    nonce = models.BinaryField(max_length=16)
    key_id = models.CharField(max_length=8)
    digits = models.SmallIntegerField()
    generation = models.IntegerField(default=1)
    renewed_at = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    previous_digits = models.SmallIntegerField(default=0)
    previous_expires_at = models.DateTimeField(null=True)
    attempts = models.SmallIntegerField(default=0)
    created_at = models.DateTimeField(default=clock.now)
    claimed_at = models.DateTimeField(null=True)
    killed_at = models.DateTimeField(null=True)

    objects = ChallengeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["purpose", "subject", "lane"],
                condition=OPEN & ~Q(subject=""),
                name="one_open_challenge_of_a_subject",
            ),
            models.UniqueConstraint(
                fields=["purpose", "address_digest", "lane"],
                condition=OPEN & Q(subject=""),
                name="one_open_decoy_of_an_address",
            ),
        ]
        indexes = [models.Index(fields=["address_digest", "purpose"], condition=OPEN, name="open_challenge_by_address")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.id}"

    @property
    def decoy(self) -> bool:
        return self.subject == ""
