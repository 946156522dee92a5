"""The offer of a membership to one address."""

import uuid
from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q

from bawaba.domain.accounts.models import User
from bawaba.domain.companies.models.company import Company
from bawaba.domain.companies.models.membership import Membership
from bawaba.domain.companies.roles import Role, unpacked
from bawaba.infrastructure import clock
from bawaba.infrastructure.limits.table import INVITATION_LIFE


def _end_of_life() -> datetime:
    return clock.now() + timedelta(seconds=INVITATION_LIFE.value)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self) -> "InvitationQuerySet":
        """Those that can still be accepted. Expiry is part of the question, not the work of a clean-up."""
        return self.filter(state=Invitation.State.OPEN, expires_at__gt=clock.now(), company__state=Company.State.OPEN)

    def for_user(self, user: User) -> "InvitationQuerySet":
        """Those to the proven address of this person: nobody else sees or takes them."""
        return self.filter(email_key=user.email_key)

    def overdue(self) -> "InvitationQuerySet":
        return self.filter(state=Invitation.State.OPEN, expires_at__lte=clock.now())


class Invitation(models.Model):
    """Bound to one company, one address and its roles; good once, until it expires."""

    class State(models.TextChoices):
        OPEN = "open"
        ACCEPTED = "accepted"
        DECLINED = "declined"
        WITHDRAWN = "withdrawn"
        EXPIRED = "expired"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="invitations")
    email = models.CharField(max_length=254)
    email_key = models.CharField(max_length=254, db_index=True)
    roles = models.CharField(max_length=60)
    language = models.CharField(max_length=2)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, null=True)
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField(default=_end_of_life)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["company", "email_key"], condition=Q(state="open"), name="one_open_invitation_per_address"
            ),
        ]

    def __str__(self) -> str:
        return f"invitation {self.id}"

    @property
    def role_list(self) -> tuple[Role, ...]:
        return unpacked(self.roles)
