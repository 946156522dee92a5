"""The person with an account: always with a proven e-mail address. Also what belongs to that person alone."""

import secrets
import uuid
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.crypto import salted_hmac

from bawaba.infrastructure import clock, sql
from bawaba.infrastructure.limits import table

DEVICE_LIFE = timedelta(seconds=table.DEVICE_LIFE.value)
SESSION_LIFE = timedelta(seconds=table.SESSION_LIFE.value)
SESSION_IDLE = timedelta(seconds=table.SESSION_IDLE.value)
SESSION_HISTORY = timedelta(days=30)
OBJECTION_LIFE = timedelta(hours=72)
CLOSED_CONTACTS = timedelta(days=90)


class Gender(models.TextChoices):
    MALE = "m"
    FEMALE = "f"


class Audience(models.TextChoices):
    """For whom the account was opened: the door the person came through."""

    ORGANIZATION = "organization"


def _stamp() -> str:
    return secrets.token_hex(16)


class UserQuerySet(models.QuerySet["User"]):
    def open(self) -> "UserQuerySet":
        """Those whose account is neither blocked nor closed."""
        return self.filter(is_active=True, closed_at=None)

    def open_one(self, pk: uuid.UUID) -> "User | None":
        """The person with this id, unless the account is blocked or closed."""
        return sql.record(User, "id = %s AND is_active AND closed_at IS NULL", pk)

    def to_erase(self) -> "UserQuerySet":
        """Those closed more than ninety days ago whose contact data are still there."""
        return self.filter(closed_at__lte=clock.now() - CLOSED_CONTACTS).exclude(email="")

    def with_email(self, key: str) -> "UserQuerySet":
        """Those with this comparison key of an e-mail (`identifiers.addresses.email_key`): none or one."""
        return self.filter(email_key=key)

    def one_with_email(self, key: str) -> "User | None":
        """The same at a sign-in."""
        return sql.record(User, "email_key = %s", key)

    def with_civil_id(self, audience: str, civil_id: str) -> "UserQuerySet":
        """Those of an audience with this cleaned civil number: none or one."""
        return self.filter(audience=audience, civil_id_digest__in=settings.KEYS.digests("civil_id", civil_id))


class UserManager(BaseUserManager["User"].from_queryset(UserQuerySet)):  # type: ignore[misc]  # mypy cannot follow a computed base class
    def get_by_natural_key(self, username: str | None) -> Any:
        return self.get(email_key=username)


class User(AbstractBaseUser):
    """`is_active` false means blocked by staff and nothing else: who has not proven the e-mail is a Registration.

    `email_key` is the comparison key of `email`; a closed account gives its own back. `session_stamp` stands in every
    session of the person: a new one ends them all at once, also those that a parallel request is about to write.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.CharField(max_length=254)
    email_key = models.CharField(max_length=254, unique=True)
    password = models.CharField(max_length=255)
    session_stamp = models.CharField(max_length=32, default=_stamp)
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
    closed_at = models.DateTimeField(null=True)

    USERNAME_FIELD = "email_key"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["audience", "civil_id_digest"], name="one_person_per_civil_id"),
        ]

    def __str__(self) -> str:
        return str(self.id)

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

    def get_session_auth_hash(self) -> str:
        """What each session of this person must carry. Not made from the password's hash, which a sign-in may renew."""
        return salted_hmac("bawaba.accounts.session", self.session_stamp, algorithm="sha256").hexdigest()

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """None: the stamp is the only thing that keeps a session alive."""
        yield from ()

    def set_password(self, raw_password: str | None) -> None:
        """Never: a password is set by `actions.set_password`, with its notice and the end of other sessions."""
        raise NotImplementedError

    def check_password(self, raw_password: str | None) -> bool:
        """Never: the one comparison of a sign-in is bounded and counted, see `credentials.verify_password`."""
        raise NotImplementedError


_CONSENT = "SELECT 1 FROM accounts_consent WHERE user_id = %s AND version = %s LIMIT 1"


class ConsentQuerySet(models.QuerySet["Consent"]):
    def given(self, user: User, version: str) -> bool:
        """Whether this person agreed to this version of a text."""
        return sql.holds(_CONSENT, user.pk, version)


class Consent(models.Model):
    """What a person agreed to: which text, known by the hash of its words, and when."""

    class Subject(models.TextChoices):
        TERMS = "terms"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="consents")
    subject = models.CharField(max_length=20, choices=Subject, default=Subject.TERMS)
    version = models.CharField(max_length=20)
    text_hash = models.CharField(max_length=64)
    given_at = models.DateTimeField()

    objects = ConsentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "subject", "version"], name="one_consent_per_version"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.version}"


_KNOWN = """
SELECT device.id FROM accounts_device AS device JOIN accounts_user AS person ON person.id = device.user_id
WHERE person.email_key = %s AND device.last_seen_at > %s AND device.digest IN ({digests})
ORDER BY device.last_seen_at DESC LIMIT 1
"""


class DeviceQuerySet(models.QuerySet["Device"]):
    def known(self, email_key: str, digests: Sequence[str]) -> uuid.UUID | None:
        """The id of the device with one of these digests from which the person with this e-mail signed in."""
        alive_since = clock.now() - DEVICE_LIFE
        row = sql.first(_KNOWN.format(digests=sql.marks(digests)), email_key, alive_since, *digests)
        return sql.uuid(row[0]) if row else None

    def alive(self) -> "DeviceQuerySet":
        """Those used within the last ninety days, most recent first."""
        return self.filter(last_seen_at__gt=clock.now() - DEVICE_LIFE).order_by("-last_seen_at")

    def unused(self) -> "DeviceQuerySet":
        """Those past their life: they may be erased."""
        return self.filter(last_seen_at__lte=clock.now() - DEVICE_LIFE)


class Device(models.Model):
    """A browser from which a person completed a sign-in. It proves nothing; its failures are counted apart.

    `digest` is the keyed digest of the random id in its cookie, which moves to a newer key at the next sign-in; `label`
    names browser and system in plain words.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="devices")
    digest = models.CharField(max_length=80)
    label = models.CharField(max_length=60)
    created_at = models.DateTimeField(default=clock.now)
    last_seen_at = models.DateTimeField(default=clock.now)

    objects = DeviceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "digest"], name="one_row_per_device"),
        ]

    def __str__(self) -> str:
        return self.label


class SessionRecordQuerySet(models.QuerySet["SessionRecord"]):
    def running(self) -> "SessionRecordQuerySet":
        """Those not ended and within their twelve hours and fifteen idle minutes, most recent first."""
        now = clock.now()
        return self.filter(
            ended_at=None, began_at__gt=now - SESSION_LIFE, last_seen_at__gt=now - SESSION_IDLE
        ).order_by("-last_seen_at")

    def forgotten(self) -> "SessionRecordQuerySet":
        """Those that ended, by whatever, more than thirty days ago: they may be erased."""
        return self.filter(began_at__lte=clock.now() - SESSION_LIFE - SESSION_HISTORY)


class SessionRecord(models.Model):
    """One sign-in: the session it opened and how it ended. Rows are the history a person sees.

    `key` is the session's key while it runs and empty afterwards; `method` says which proofs opened it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="session_records")
    device = models.ForeignKey(Device, on_delete=models.SET_NULL, null=True, related_name="session_records")
    key = models.CharField(max_length=40, db_index=True)
    label = models.CharField(max_length=60)
    method = models.CharField(max_length=40)
    began_at = models.DateTimeField(default=clock.now)
    last_seen_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=20, blank=True)

    objects = SessionRecordQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["user", "-began_at"], name="sessions_of_user")]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def span(self) -> tuple[datetime, datetime]:
        """From the sign-in to the last moment in which something can have been done in it."""
        over = self.last_seen_at + SESSION_IDLE
        return self.began_at, min(self.ended_at or over, over)


class EmailChangeQuerySet(models.QuerySet["EmailChange"]):
    def standing(self) -> "EmailChangeQuerySet":
        """Those nobody has undone, of an account that is still there: a closed one keeps no address from its owner."""
        return self.filter(objected_at=None, user__closed_at=None)

    def forgotten(self) -> "EmailChangeQuerySet":
        """Those whose time for an objection ended more than thirty days ago: they may be erased."""
        return self.filter(changed_at__lte=clock.now() - OBJECTION_LIFE - SESSION_HISTORY)


class EmailChange(models.Model):
    """One change of an e-mail, kept so that the owner of the old address can undo it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="email_changes")
    old_email = models.CharField(max_length=254)
    new_email = models.CharField(max_length=254)
    changed_at = models.DateTimeField(default=clock.now)
    objected_at = models.DateTimeField(null=True)

    objects = EmailChangeQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.id)
