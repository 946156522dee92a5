"""What may happen to an account. Each action is one transaction with its audit event and its messages inside."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from django.core import signing
from django.db import IntegrityError, transaction
from django.db.models import F

from bawaba.domain.accounts import allauth, lanes
from bawaba.domain.accounts.models import OBJECTION_LIFE, Audience, Consent, EmailChange, User
from bawaba.domain.accounts.newcomers import name_keys, unsaved
from bawaba.domain.accounts.sessions import actions as sessions
from bawaba.domain.accounts.signals import name_changed
from bawaba.identifiers import addresses
from bawaba.infrastructure import clock
from bawaba.infrastructure.audit.events import EventType
from bawaba.infrastructure.audit.log import record
from bawaba.infrastructure.codes import codes
from bawaba.infrastructure.codes.codes import Purpose
from bawaba.infrastructure.limits import counter, table
from bawaba.infrastructure.messaging import outbox
from bawaba.infrastructure.messaging.kinds import Kind

_OBJECTION_SALT = "bawaba.accounts.objection"


class EmailTaken(Exception):
    """The e-mail belongs to an account already."""


class CivilIdTaken(Exception):
    """Another account of this audience has the civil number; `owner` is the id of that account."""

    def __init__(self, owner: uuid.UUID) -> None:
        super().__init__()
        self.owner = owner


@transaction.atomic
def create_user(
    *,
    email: str,
    password: str,
    first_name: str,
    last_name: str,
    civil_id: str,
    mobile: str,
    language: str,
    user_id: uuid.UUID | None = None,
    gender: str = "",
    mobile_proven_at: datetime | None = None,
    audience: str = Audience.ORGANIZATION,
    terms_version: str = "",
    terms_hash: str = "",
    terms_accepted_at: datetime | None = None,
) -> User:
    """Opens the account of a person whose e-mail has just been proven.

    `email`, `civil_id` and `mobile` are cleaned, `password` is hashed. Without `terms_accepted_at` no consent is kept:
    the person comes from another system. Raises `EmailTaken` or `CivilIdTaken`; a transaction around stays usable.
    """
    user = unsaved(
        id=user_id or uuid.uuid4(),
        email=email,
        password=password,
        first_name=first_name,
        last_name=last_name,
        civil_id=civil_id,
        gender=gender,
        mobile=mobile,
        mobile_proven_at=mobile_proven_at,
        language=language,
        audience=audience,
    )
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError as error:
        _raise_if_taken(user, civil_id)
        raise error from None
    allauth.keep_address(user)
    if terms_accepted_at:
        user.consents.create(version=terms_version, text_hash=terms_hash, given_at=terms_accepted_at)
    return user


def _raise_if_taken(user: User, civil_id: str) -> None:
    if User.objects.with_email(user.email_key).exists():
        raise EmailTaken
    owner = User.objects.with_civil_id(user.audience, civil_id).first()
    if owner:
        raise CivilIdTaken(owner.id)


@transaction.atomic
def reset_password(*, user: User, password: str) -> None:
    """Sets a new password, already hashed, after a code has been claimed. All sessions end and the owner is told."""
    _set_password(user, password)
    for key in lanes.keys_of(user):
        counter.clear(table.SIGN_IN_FAILURES, key)
    sessions.end_all(user=user, reason="reset")
    record(EventType.PASSWORD_RESET, subject=str(user.id))
    _tell(user, Kind.PASSWORD_RESET)


@transaction.atomic
def change_password(*, user: User, password: str, keep: str) -> None:
    """The same at the person's own wish; the session with the key `keep` goes on."""
    _set_password(user, password)
    sessions.end_all(user=user, reason="password", keep=keep)
    record(EventType.PASSWORD_CHANGED, subject=str(user.id), actor=str(user.id))
    _tell(user, Kind.PASSWORD_CHANGED)


@transaction.atomic
def renew_hash(*, user: User, old: str, new: str) -> None:
    """Puts the hash of the same password with newer parameters in the place of the old one. Sessions go on."""
    if User.objects.filter(id=user.id, password=old).update(password=new):
        record(EventType.PASSWORD_REHASHED, subject=str(user.id))


def _set_password(user: User, password: str) -> None:
    user.password = password
    user.password_changed_at = clock.now()
    User.objects.filter(id=user.id).update(password=password, password_changed_at=user.password_changed_at)
    codes.kill(subject=str(user.id), purpose=Purpose.RESET)


@transaction.atomic
def agree_to_terms(*, user: User, version: str, text_hash: str) -> None:
    """The person accepts a version of the terms. Twice is once."""
    given = {"text_hash": text_hash, "given_at": clock.now()}
    _, new = user.consents.get_or_create(subject=Consent.Subject.TERMS, version=version, defaults=given)
    if new:
        record(EventType.CONSENT_GIVEN, subject=str(user.id), actor=str(user.id), document="terms", version=version)


@transaction.atomic
def change_name(*, user: User, first_name: str, last_name: str) -> None:
    """Another spelling or another name, cleaned."""
    keys = name_keys(first_name, last_name)
    User.objects.filter(id=user.id).update(first_name=first_name, last_name=last_name, **keys)
    name_changed.send(sender=User, user_id=user.id, search_key=keys["search_key"])
    record(EventType.PROFILE_CHANGED, subject=str(user.id), actor=str(user.id), field="name")


def hold_names(*, users: Iterable[User]) -> dict[uuid.UUID, str]:
    """Keeps the names of people until the transaction ends, and gives their search keys as they then are."""
    rows = User.objects.filter(id__in=[user.id for user in users])
    rows.update(search_key=F("search_key"))  # waits for a change that is under way
    return dict(rows.values_list("id", "search_key"))


@transaction.atomic
def set_language(*, user: User, language: str) -> None:
    """The language of messages."""
    if User.objects.filter(id=user.id).exclude(language=language).update(language=language):
        record(EventType.LANGUAGE_CHANGED, subject=str(user.id), language=language)


@transaction.atomic
def prove_mobile(*, user: User, mobile: str) -> None:
    """Marks the mobile as proven if it is still the one the code went to. Claim the code in the same transaction."""
    if User.objects.filter(id=user.id, mobile=mobile).update(mobile_proven_at=clock.now()):
        record(EventType.MOBILE_PROVEN, subject=str(user.id))


@transaction.atomic
def change_mobile(*, user: User, mobile: str) -> None:
    """Another mobile, proven by its code; claim the code in the same transaction. The owner is told by e-mail."""
    User.objects.filter(id=user.id).update(mobile=mobile, mobile_proven_at=clock.now())
    record(EventType.MOBILE_CHANGED, subject=str(user.id), actor=str(user.id))
    _tell(user, Kind.MOBILE_CHANGED)


@transaction.atomic
def change_email(*, user: User, email: str, keep: str = "", actor: str = "", approved_by: str = "") -> None:
    """Another e-mail, proven by its code; claim the code in the same transaction. Raises `EmailTaken`.

    All sessions but `keep` end. Both addresses are told; from the old one the change can be undone for 72 hours.
    """
    old = user.email
    _move_to(user, email)
    change = EmailChange.objects.create(user=user, old_email=old, new_email=email)
    sessions.end_all(user=user, reason="email", keep=keep)
    record(EventType.EMAIL_CHANGED, subject=str(user.id), actor=actor or str(user.id), approved_by=approved_by)
    token = signing.dumps(change.id.hex, salt=_OBJECTION_SALT)
    _tell(user, Kind.EMAIL_CHANGED_OLD, address=old, token=token)
    _tell(user, Kind.EMAIL_CHANGED_NEW)


def _move_to(user: User, email: str) -> None:
    key = addresses.email_key(email)
    try:
        with transaction.atomic():
            User.objects.filter(id=user.id).update(email=email, email_key=key)
    except IntegrityError:
        raise EmailTaken from None
    user.email, user.email_key = email, key
    allauth.keep_address(user)
    codes.kill(subject=str(user.id), purpose=Purpose.RESET)
    codes.kill(subject=str(user.id), purpose=Purpose.CHANGE_EMAIL)


def email_change_objected_by(token: str) -> EmailChange | None:
    """The change that an objection link is about: None when the link is altered or older than 72 hours."""
    try:
        change_id = uuid.UUID(hex=signing.loads(token, salt=_OBJECTION_SALT, max_age=OBJECTION_LIFE))
    except (signing.BadSignature, ValueError):
        return None
    return EmailChange.objects.standing().filter(id=change_id).select_related("user").first()


@transaction.atomic
def object_to_email_change(*, change: EmailChange) -> bool:
    """Gives the account its old e-mail back, ends all sessions and shuts the password until it is reset.

    Whoever has taken the account over may have moved it on and given it second factors, of which the old address heard
    nothing: the later changes are undone with this one, and what was added since goes.
    False when the change was undone before. Raises `EmailTaken` when the old e-mail has got an account of its own.
    """
    if not EmailChange.objects.standing().filter(id=change.id).update(objected_at=clock.now()):
        return False
    user = change.user
    later = EmailChange.objects.standing().filter(user=user, changed_at__gte=change.changed_at)
    later.update(objected_at=clock.now())
    _move_to(user, change.old_email)
    allauth.remove_factors_since(user, change.changed_at)
    sessions.shut_password(user)
    sessions.end_all(user=user, reason="objection")
    record(EventType.EMAIL_CHANGED, subject=str(user.id), reason="objection")
    return True


@transaction.atomic
def block(*, user: User, actor: str, reason: str) -> bool:
    """Shuts a person out at once: sessions and tokens end. False when blocked already."""
    if not User.objects.filter(id=user.id, is_active=True).update(is_active=False):
        return False
    sessions.end_all(user=user, reason="blocked", actor=actor)
    record(EventType.ACCOUNT_BLOCKED, subject=str(user.id), actor=actor, reason=reason)
    _tell(user, Kind.ACCOUNT_BLOCKED)
    return True


@transaction.atomic
def unblock(*, user: User, actor: str, reason: str) -> bool:
    """Lets a blocked person in again. False when not blocked."""
    if not User.objects.filter(id=user.id, is_active=False).update(is_active=True):
        return False
    record(EventType.ACCOUNT_UNBLOCKED, subject=str(user.id), actor=actor, reason=reason)
    _tell(user, Kind.ACCOUNT_UNBLOCKED)
    return True


@transaction.atomic
def close_account(*, user: User, actor: str = "", reason: str = "owner") -> bool:
    """Closes an account for good. E-mail and civil number may be registered anew; the contact data stay 90 days.

    False when it was closed already. What the person may do for companies ends in the caller's transaction.
    """
    closed = User.objects.filter(id=user.id, closed_at=None).update(
        closed_at=clock.now(), email_key=f"closed:{user.id}", civil_id_digest=None
    )
    if not closed:
        return False
    _tell(user, Kind.ACCOUNT_CLOSED)
    sessions.shut_password(user)
    sessions.end_all(user=user, reason="closed", actor=actor)
    allauth.forget(user)
    for purpose in Purpose:
        codes.kill(subject=str(user.id), purpose=purpose)
    record(EventType.ACCOUNT_CLOSED, subject=str(user.id), actor=actor or str(user.id), reason=reason)
    return True


def _tell(user: User, kind: Kind, *, address: str = "", **variables: str | int) -> None:
    outbox.queue(
        kind,
        channel="email",
        address=address or user.email,
        language=user.language,
        subject=str(user.id),
        variables=variables,
    )
