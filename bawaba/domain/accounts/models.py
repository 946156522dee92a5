"""The person with an account: always with a proven e-mail address."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from bawaba.infrastructure import clock


class Gender(models.TextChoices):
    MALE = "m"
    FEMALE = "f"


class Audience(models.TextChoices):
    """For whom the account was opened: the door the person came through."""

    ORGANIZATION = "organization"


class UserQuerySet(models.QuerySet["User"]):
    def with_email(self, key: str) -> "UserQuerySet":
        """Those with this comparison key of an e-mail (`identifiers.addresses.email_key`): none or one."""
        return self.filter(email_key=key)

    def with_civil_id(self, audience: str, civil_id: str) -> "UserQuerySet":
        """Those of an audience with this cleaned civil number: none or one."""
        return self.filter(audience=audience, civil_id_digest=settings.KEYS.digest("civil_id", civil_id))


class UserManager(BaseUserManager["User"].from_queryset(UserQuerySet)):  # type: ignore[misc]  # mypy cannot follow a computed base class
    def get_by_natural_key(self, username: str | None) -> Any:
        return self.get(email_key=username)


class User(AbstractBaseUser):
    """`is_active` false means blocked by staff and nothing else: who has not proven the e-mail is a Registration."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.CharField(max_length=254)
    email_key = models.CharField(max_length=254, unique=True)
    first_name = models.CharField(max_length=50)
    last_name = models.CharField(max_length=50)
    search_key = models.CharField(max_length=200, db_index=True)
    match_key = models.CharField(max_length=200, db_index=True)
    gender = models.CharField(max_length=1, choices=Gender, blank=True)
    civil_id_sealed = models.BinaryField(null=True)
    civil_id_digest = models.CharField(max_length=80, null=True)  # noqa: DJ001 null: an erased number is no longer unique
    mobile = models.CharField(max_length=16, blank=True)
    mobile_proven_at = models.DateTimeField(null=True)
    language = models.CharField(max_length=2, default="ar")
    audience = models.CharField(max_length=20, choices=Audience, default=Audience.ORGANIZATION)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=clock.now)
    password_changed_at = models.DateTimeField(default=clock.now)

    USERNAME_FIELD = "email_key"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["audience", "civil_id_digest"], name="one_person_per_civil_id"),
        ]

    @property
    def civil_id(self) -> str:
        """The civil number in clear. Only for pages that may show it."""
        if self.civil_id_sealed is None:
            return ""
        plain: bytes = settings.KEYS.decrypt(f"civil_id:{self.id}", self.civil_id_sealed)
        return plain.decode()

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}"
