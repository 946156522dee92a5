"""When the administrator of a company has left: two officers, a notice, and time to object."""

import uuid

from django.db import models
from django.db.models import Q

from bawaba.domain.companies.models.company import Company
from bawaba.domain.companies.models.membership import Membership
from bawaba.infrastructure import clock


class RecoveryQuerySet(models.QuerySet["Recovery"]):
    def proposed(self) -> "RecoveryQuerySet":
        """Waiting for a second officer."""
        return self.filter(state=Recovery.State.PROPOSED)

    def objectionable(self) -> "RecoveryQuerySet":
        """Confirmed, and the time to object runs."""
        return self.filter(state=Recovery.State.CONFIRMED, takes_effect_at__gt=clock.now())

    def due(self) -> "RecoveryQuerySet":
        """Confirmed, and nobody objected in time."""
        return self.filter(state=Recovery.State.CONFIRMED, takes_effect_at__lte=clock.now())


class Recovery(models.Model):
    """The old administrators' memberships end and `membership` becomes administrator. `evidence` is kept for review."""

    class State(models.TextChoices):
        PROPOSED = "proposed"
        CONFIRMED = "confirmed"
        DECLINED = "declined"
        OBJECTED = "objected"
        DONE = "done"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="recoveries")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT)
    evidence = models.TextField()
    proposed_by = models.CharField(max_length=36)
    confirmed_by = models.CharField(max_length=36, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    takes_effect_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=clock.now)

    objects = RecoveryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "recoveries"
        constraints = [
            models.UniqueConstraint(
                fields=["company"], condition=Q(state__in=["proposed", "confirmed"]), name="one_recovery_at_a_time"
            ),
            models.CheckConstraint(condition=~Q(confirmed_by=models.F("proposed_by")), name="four_eyes"),
        ]

    def __str__(self) -> str:
        return f"recovery {self.id}"
