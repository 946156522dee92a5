"""What the account records say to django-allauth and hear from it. Its pages are met in `web/portal` alone.

The library writes second factors by itself. The receivers here put the event and the owner's notice into the same
transaction, whichever way a factor came or went.
"""

from base64 import b64decode, b64encode
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest

from bawaba.domain.accounts.models import User
from bawaba.infrastructure import sql
from bawaba.infrastructure.audit.events import EventType
from bawaba.infrastructure.audit.log import record
from bawaba.infrastructure.messaging import outbox
from bawaba.infrastructure.messaging.kinds import Kind

RECOVERY_CODES = Authenticator.Type.RECOVERY_CODES
TOTP = Authenticator.Type.TOTP
PASSKEY = Authenticator.Type.WEBAUTHN
SECRET = "second_factor"  # noqa: S105 the label under which secrets are sealed
NOT_ALONE = "not_alone"  # in the row of a passkey: it is a second step, and no whole sign-in any more
SECRETS = ("secret", "seed")  # where they stand in a row: of the authenticator, of the recovery codes

_AUTHENTICATOR = "SELECT 1 FROM mfa_authenticator WHERE user_id = %s AND type IN ({types}) LIMIT 1"


@dataclass(frozen=True)
class Proof:
    """How a person proved to be the one, and when: `method` is password, totp, webauthn or recovery_codes."""

    method: str
    at: datetime


def proofs(request: HttpRequest, user: User) -> list[Proof]:
    """The proofs that this session rests on, oldest first; none right after an activation."""
    rows = get_authentication_records(request, user)
    return [Proof(row.get("type", row["method"]), datetime.fromtimestamp(row["at"], UTC)) for row in rows]


def keep_address(user: User) -> None:
    """Keeps the library's copy of the e-mail equal to ours: one row, proven and primary.

    An unproven row would stop the enrolment of a second factor. Call it in the transaction that changed the address.
    """
    EmailAddress.objects.filter(user=user).delete()
    keep_addresses([user])


def keep_addresses(users: Iterable[User]) -> None:
    """The same for people who have none yet."""
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email_key, verified=True, primary=True) for user in users
    )


def factors(user: User) -> QuerySet[Authenticator]:
    """The second factors of a person, oldest first. Recovery codes are none: they only stand in for one."""
    rows: QuerySet[Authenticator] = Authenticator.objects.filter(user=user).exclude(type=RECOVERY_CODES)
    return rows.order_by("created_at")


def has_factor(user: User) -> bool:
    return has_authenticator(user, (TOTP, PASSKEY))


def has_authenticator(user: User, types: Collection[str]) -> bool:
    """Whether the person has one of these types."""
    return sql.holds(_AUTHENTICATOR.format(types=sql.marks(types)), user.pk, *types)


def seal(text: str) -> str:
    """A secret of a factor as the library's row holds it: under AES-256-GCM with a key outside the database."""
    return b64encode(settings.KEYS.encrypt(SECRET, text.encode())).decode()


def unseal(sealed: str) -> str:
    return str(settings.KEYS.decrypt(SECRET, b64decode(sealed)).decode())


def secrets_under(key_id: str) -> Iterator[tuple[Authenticator, str]]:
    """The factors whose secret is sealed under this version of the field key, and the name of that secret."""
    prefix = f"{key_id}:".encode()
    for row in Authenticator.objects.exclude(type=PASSKEY).iterator():
        for name in SECRETS:
            if b64decode(row.data.get(name, "")).startswith(prefix):
                yield row, name


def renew_secrets(key_id: str) -> None:
    """Seals those secrets under the newest version."""
    for row, name in secrets_under(key_id):
        data = row.data | {name: seal(unseal(row.data[name]))}
        Authenticator.objects.filter(pk=row.pk, data=row.data).update(data=data)


def recovery_codes_left(user: User) -> int | None:
    """How many recovery codes are unused; None for somebody without any."""
    row = Authenticator.objects.filter(user=user, type=RECOVERY_CODES).first()
    return None if row is None else len(row.wrap().get_unused_codes())


def forget(user: User) -> None:
    """Takes away what the library keeps of a closed account: the copy of the e-mail and every second factor."""
    EmailAddress.objects.filter(user=user).delete()
    Authenticator.objects.filter(user=user).delete()


def row_ids(user: User) -> list[int]:
    """The ids of a person's factors and recovery codes: another list means that something came or went."""
    return list(Authenticator.objects.filter(user=user).order_by("pk").values_list("pk", flat=True))


def remove_factors(*, user: User, approved_by: str) -> None:
    """Takes every second factor and the recovery codes away from a person who lost them: two officers agreed to it."""
    for row in Authenticator.objects.filter(user=user):
        row.bawaba_approved_by = approved_by
        row.delete()


def remove_factors_since(user: User, moment: datetime) -> None:
    """Takes away what was added from this moment on: recovery codes too, which are new each time they are made."""
    for row in Authenticator.objects.filter(user=user, created_at__gte=moment):
        row.delete()


def distrust_added(user: User, spans: Iterable[tuple[datetime, datetime]]) -> None:
    """What was added in these spans goes as long as another factor stays; a passkey that stays opens nothing alone."""
    rows = list(Authenticator.objects.filter(user=user))
    added = [row for row in rows if any(began <= row.created_at <= ended for began, ended in spans)]
    another = any(row not in added and row.type != RECOVERY_CODES for row in rows)
    for row in added:
        if another:
            row.delete()
        elif row.type == PASSKEY:
            row.data[NOT_ALONE] = True
            row.save(update_fields=["data"])


def opens_alone(passkey: Authenticator) -> bool:
    return not passkey.data.get(NOT_ALONE)


def tell_recovery_code_used(user: User, *, left: int) -> None:
    """A recovery code was used up: the owner hears of it, since whoever uses one does not have the factor."""
    record(EventType.RECOVERY_CODE_USED, subject=str(user.id), amount=left)
    _tell(user, Kind.RECOVERY_CODE_USED)


@transaction.atomic
def on_factor_saved(instance: Authenticator, created: bool, raw: bool, **others: Any) -> None:
    """A factor was added, or recovery codes were made."""
    if not created or raw:
        return
    if instance.type == RECOVERY_CODES:
        record(EventType.RECOVERY_CODES_MADE, subject=str(instance.user_id), actor=str(instance.user_id))
        _tell(instance.user, Kind.RECOVERY_CODES_MADE)
        return
    record(
        EventType.FACTOR_ADDED,
        subject=str(instance.user_id),
        actor=str(instance.user_id),
        factor=instance.type,
        key=str(instance.pk),
    )
    _tell(instance.user, Kind.FACTOR_ADDED, factor=str(instance.type))


@transaction.atomic
def on_factor_deleted(instance: Authenticator, **others: Any) -> None:
    """A factor was removed. Recovery codes go with the last one and are not told apart."""
    if instance.type == RECOVERY_CODES:
        return
    approved_by = getattr(instance, "bawaba_approved_by", "")
    record(
        EventType.FACTOR_REMOVED,
        subject=str(instance.user_id),
        factor=instance.type,
        key=str(instance.pk),
        approved_by=approved_by,
    )
    if instance.user.closed_at is None:
        _tell(instance.user, Kind.FACTOR_REMOVED, factor=str(instance.type))


def _tell(user: User, kind: Kind, **variables: str | int) -> None:
    outbox.queue(
        kind,
        channel="email",
        address=user.email,
        language=user.language,
        subject=str(user.id),
        variables=variables,
    )
