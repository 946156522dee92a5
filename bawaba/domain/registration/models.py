"""A request to register: what the form submitted. It becomes an account only when its e-mail code comes back."""

import secrets
import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models

from bawaba.domain.accounts.models import Audience, Gender
from bawaba.infrastructure import clock, sql

LIFE = timedelta(days=7)


class State(models.TextChoices):
    """From pending to one of the others. Expiry is not a state: a pending request past its life is simply over."""

    PENDING = "pending"
    ACTIVATED = "activated"
    SUPERSEDED = "superseded"  # a rival of the same e-mail was first
    DISPUTED = "disputed"  # the civil number belongs to an account with another e-mail


def _number() -> str:
    """A number for the receipt: ten digits that say nothing about how many requests there are."""
    return str(secrets.randbelow(9 * 10**9) + 10**9)


def _end_of_life() -> datetime:
    return clock.now() + LIFE


_NEWEST_PENDING = "email_key = %s AND state = %s AND expires_at > %s ORDER BY created_at DESC, id DESC"


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def pending(self) -> "RegistrationQuerySet":
        """Those that can still become an account. Expiry is part of the question, not the work of a clean-up."""
        return self.filter(state=State.PENDING, expires_at__gt=clock.now())

    def pending_for(self, email_key: str) -> "RegistrationQuerySet":
        """The pending ones of one e-mail: several may wait side by side."""
        return self.pending().filter(email_key=email_key)

    def newest_pending_for(self, email_key: str) -> "Registration | None":
        """The newest of them, at a sign-in."""
        return sql.record(Registration, _NEWEST_PENDING, email_key, State.PENDING, clock.now())

    def ended_before(self, moment: datetime) -> "RegistrationQuerySet":
        """Those whose life ended before a moment, activated or not: they may be erased."""
        return self.filter(expires_at__lte=moment)


class Registration(models.Model):
    """The account that a request becomes keeps its id.

    `email_challenge` and `mobile_challenge` are the codes now valid; `known` marks a request for an e-mail that already
    has an account: its challenge is a decoy that no code opens. `nonce` is the form's: one form makes one request.
    `password_mark` lets a sign-in see without a hash that a password is not the request's (`credentials.mark`).
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.CharField(max_length=10, unique=True, default=_number)
    nonce = models.CharField(max_length=64, unique=True)
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    audience = models.CharField(max_length=20, choices=Audience, default=Audience.ORGANIZATION)
    first_name = models.CharField(max_length=50)
    last_name = models.CharField(max_length=50)
    gender = models.CharField(max_length=1, choices=Gender, blank=True)
    civil_id_sealed = models.BinaryField()
    civil_id_digest = models.CharField(max_length=80)
    cr_number = models.CharField(max_length=12)
    legal_form = models.CharField(max_length=20, blank=True)
    mobile = models.CharField(max_length=16)
    mobile_proven_at = models.DateTimeField(null=True)
    email = models.CharField(max_length=254)
    email_key = models.CharField(max_length=254)
    password = models.CharField(max_length=255)
    password_mark = models.CharField(max_length=2, default="")
    language = models.CharField(max_length=2)
    terms_version = models.CharField(max_length=20)
    terms_hash = models.CharField(max_length=64)
    terms_accepted_at = models.DateTimeField()
    email_proven_at = models.DateTimeField(null=True)
    email_challenge = models.UUIDField(null=True)
    mobile_challenge = models.UUIDField(null=True)
    known = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField(default=_end_of_life)

    objects = RegistrationQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["email_key", "-created_at"], name="registration_by_email"),
            models.Index(fields=["expires_at"], name="registration_by_end"),
        ]

    def __str__(self) -> str:
        return f"registration {self.number}"

    @property
    def civil_id(self) -> str:
        """The civil number in clear, to seal it anew for the account."""
        plain: bytes = settings.KEYS.decrypt(f"civil_id:{self.id}", self.civil_id_sealed)
        return plain.decode()
