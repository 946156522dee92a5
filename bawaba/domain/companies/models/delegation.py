"""A company lets another act for it in some services, from a day until a day."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from bawaba.domain.companies.models.company import Company
from bawaba.infrastructure import clock


class DelegationQuerySet(models.QuerySet["Delegation"]):
    def effective(self) -> "DelegationQuerySet":
        """Those under which the delegate may act today: accepted, within their days, both companies open."""
        today = timezone.localdate(clock.now())
        return self.filter(
            state=Delegation.State.ACTIVE,
            starts_on__lte=today,
            ends_on__gte=today,
            company__state=Company.State.OPEN,
            delegate__state=Company.State.OPEN,
        )

    def for_service(self, code: str) -> "DelegationQuerySet":
        return self.filter(services__code=code)

    def offered(self) -> "DelegationQuerySet":
        """Waiting for the delegate, and not over before it began."""
        return self.filter(state=Delegation.State.OFFERED, ends_on__gte=timezone.localdate(clock.now()))

    def overdue(self) -> "DelegationQuerySet":
        """Past their last day, or of a company that was closed, and not ended yet."""
        over = Q(ends_on__lt=timezone.localdate(clock.now()))
        closed = Q(company__state=Company.State.CLOSED) | Q(delegate__state=Company.State.CLOSED)
        return self.filter(over | closed, state__in=(Delegation.State.OFFERED, Delegation.State.ACTIVE))


class Delegation(models.Model):
    """`company` is the one that lets act, `delegate` the one that acts."""

    class State(models.TextChoices):
        OFFERED = "offered"
        ACTIVE = "active"
        REFUSED = "refused"
        REVOKED = "revoked"
        ENDED = "ended"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="delegations_given")
    delegate = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="delegations_taken")
    state = models.CharField(max_length=10, choices=State, default=State.OFFERED)
    starts_on = models.DateField()
    ends_on = models.DateField()
    created_at = models.DateTimeField(default=clock.now)

    objects = DelegationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(company=F("delegate")), name="nobody_delegates_to_itself"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="a_delegation_ends_after_it_starts"),
        ]

    def __str__(self) -> str:
        return f"delegation {self.id}"


class DelegatedService(models.Model):
    """A service of the catalogue, by its code and as it was called when the companies agreed."""

    delegation = models.ForeignKey(Delegation, on_delete=models.CASCADE, related_name="services")
    code = models.CharField(max_length=60)
    name_ar = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["delegation", "code"], name="one_row_per_delegated_service")]

    def __str__(self) -> str:
        return f"{self.code} of delegation {self.delegation_id}"
