"""Who may act for a company, in which roles, from when until when. Ended rows stay: they are evidence."""

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone

from bawaba.domain.accounts.models import User
from bawaba.domain.companies.models.company import Company
from bawaba.domain.companies.roles import Permission, Role, granted, unpacked
from bawaba.infrastructure import clock


class MembershipQuerySet(models.QuerySet["Membership"]):
    def acting(self) -> "MembershipQuerySet":
        """Those that give rights at this moment: active, not past their last day, person and company open."""
        return self.filter(
            Q(ends_on=None) | Q(ends_on__gte=timezone.localdate(clock.now())),
            state=Membership.State.ACTIVE,
            user__is_active=True,
            user__closed_at=None,
            company__state=Company.State.OPEN,
        )

    def of(self, user: User, company: Company) -> "MembershipQuerySet":
        return self.filter(user=user, company=company)

    def with_permission(self, permission: Permission) -> "MembershipQuerySet":
        """Those with a role that has the permission. No role's name is a part of another's."""
        wanted = Q()
        for role in Role:
            if permission in role.permissions:
                wanted |= Q(roles__contains=role.value)
        return self.filter(wanted)

    def administrators(self) -> "MembershipQuerySet":
        return self.filter(roles__contains=Role.ADMINISTRATOR.value)

    def present(self) -> "MembershipQuerySet":
        """Those that have not ended: requested, active, suspended."""
        return self.exclude(state=Membership.State.ENDED)

    def requested(self) -> "MembershipQuerySet":
        return self.filter(state=Membership.State.REQUESTED)

    def overdue(self) -> "MembershipQuerySet":
        """Past their last day and not ended yet."""
        return self.present().filter(ends_on__lt=timezone.localdate(clock.now()))


class Membership(models.Model):
    """A person in a company. `roles` are packed (`roles.packed`); `signatory` is what is known of the right to sign.

    `search_key` is that of the person's name, kept here too so that a page of members costs the same in any
    company: PostgreSQL walks the index, in which the members of a company lie in their order.
    """

    class State(models.TextChoices):
        REQUESTED = "requested"
        ACTIVE = "active"
        SUSPENDED = "suspended"
        ENDED = "ended"

    class Signatory(models.TextChoices):
        NONE = ""
        DECLARED = "declared"
        VERIFIED = "verified"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    state = models.CharField(max_length=10, choices=State)
    roles = models.CharField(max_length=60, blank=True)
    signatory = models.CharField(max_length=10, choices=Signatory, blank=True, default=Signatory.NONE)
    search_key = models.CharField(max_length=200, blank=True)
    active_from = models.DateTimeField(null=True)
    ends_on = models.DateField(null=True)
    ended_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=clock.now)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["company", "user"], condition=~Q(state="ended"), name="one_present_membership_per_person"
            ),
        ]
        indexes = [
            models.Index("company", "state", name="membership_of_company"),
            models.Index("company", "search_key", "id", name="members_by_name"),
        ]

    def __str__(self) -> str:
        return f"membership {self.id}"

    @property
    def number(self) -> str:
        """To be said on the telephone: ten digits, the first 32 bits of the id, so that one is found by the other."""
        return f"{self.id.int >> 96:010d}"

    @property
    def role_list(self) -> tuple[Role, ...]:
        return unpacked(self.roles)

    @property
    def permissions(self) -> frozenset[Permission]:
        """What its roles allow, whether or not it is acting."""
        return granted(self.role_list)
