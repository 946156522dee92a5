"""What may happen to a person's sessions and known devices."""

import secrets
import uuid
from collections.abc import Sequence
from importlib import import_module

from django.conf import settings
from django.contrib.sessions.models import Session
from django.core import signing
from django.db import transaction

from bawaba.domain.accounts import allauth
from bawaba.domain.accounts.models import Device, SessionRecord, User
from bawaba.domain.accounts.signals import access_ended
from bawaba.infrastructure import clock, sql
from bawaba.infrastructure.audit.events import EventType
from bawaba.infrastructure.audit.log import record
from bawaba.infrastructure.codes import codes
from bawaba.infrastructure.codes.codes import Purpose
from bawaba.infrastructure.codes.derivation import PUBLIC
from bawaba.infrastructure.limits import table
from bawaba.infrastructure.messaging import outbox
from bawaba.infrastructure.messaging.kinds import Kind

NOT_ME_LIFE = 7 * 86400  # seconds in which "this was not me" may be answered
_NOT_ME_SALT = "bawaba.accounts.not_me"


_ENTER = """
UPDATE accounts_user SET last_login = %s
WHERE id = %s AND session_stamp = %s AND is_active AND closed_at IS NULL
"""
_BEYOND = """
SELECT id, key FROM accounts_sessionrecord WHERE user_id = %s AND ended_at IS NULL
ORDER BY last_seen_at DESC LIMIT 100 OFFSET %s
"""
_END = """
UPDATE accounts_sessionrecord SET ended_at = %s, end_reason = %s, key = '' WHERE id = %s AND ended_at IS NULL
"""
_DELETE = "DELETE FROM django_session WHERE session_key IN ({keys})"
_SEEN_AGAIN = """
UPDATE accounts_device SET digest = %s, label = %s, last_seen_at = %s
WHERE user_id = %s AND digest IN ({digests}) RETURNING id
"""


@transaction.atomic(savepoint=False)  # the whole sign-in is one transaction already
def enter(*, user: User) -> bool:
    """Notes that a person signs in now. False, and nothing noted, when the account was blocked or closed, or all its
    sessions ended, since `user` was read.
    """
    return sql.change(_ENTER, clock.now(), user.pk, user.session_stamp) == 1


@transaction.atomic(savepoint=False)  # the whole sign-in is one transaction already
def begin(
    *,
    user: User,
    key: str,
    device: Sequence[str],
    label: str,
    method: str,
    first: bool,
    factor: str = "",
    cap: int = table.SESSION_COUNT.value,
) -> SessionRecord:
    """Notes a completed sign-in. `key` is the session's, `device` the digests of the browser's id, the newest first.

    The oldest sessions beyond `cap` end. A browser that is new to the account is remembered, and its owner is told,
    except at the `first` sign-in of all.
    """
    _end_oldest(user, cap - 1)
    known = sql.first(_SEEN_AGAIN.format(digests=sql.marks(device)), device[0], label, clock.now(), user.pk, *device)
    device_id = sql.uuid(known[0]) if known else _remember(user, device[0], label, first)
    _open_channels(user, device_id)
    opened = SessionRecord(user=user, device_id=device_id, key=key, label=label, method=method)
    sql.insert(opened)
    record(
        EventType.SIGN_IN_SUCCEEDED,
        subject=str(user.id),
        method=method,
        factor=factor,
        session=str(opened.id),
        lane="device" if known else "public",
    )
    return opened


def _open_channels(user: User, device_id: uuid.UUID) -> None:
    """A completed sign-in is the other proof that opens what a hundred wrong codes in a row have closed."""
    channels = [(Purpose.RESET, lane, user.email_key) for lane in (PUBLIC, device_id.hex)]
    if user.mobile:
        channels.append((Purpose.MOBILE, PUBLIC, user.mobile))
    codes.reopen(*channels)


def _remember(user: User, digest: str, label: str, first: bool) -> uuid.UUID:
    row, new = Device.objects.get_or_create(user=user, digest=digest, defaults={"label": label})
    if not new:  # a parallel sign-in of the same browser was faster
        return row.id
    record(EventType.DEVICE_ADDED, subject=str(user.id), key=str(row.id))
    if not first:
        outbox.queue(
            Kind.NEW_DEVICE,
            channel="email",
            address=user.email,
            language=user.language,
            subject=str(user.id),
            variables={"device": label, "token": signing.dumps(row.id.hex, salt=_NOT_ME_SALT)},
        )
    return row.id


def _end_oldest(user: User, keep: int) -> None:
    for session_id, key in sql.rows(_BEYOND, user.pk, keep):
        _end(SessionRecord(id=sql.uuid(session_id), user_id=user.pk, key=key), "cap")


def see(*, key: str) -> None:
    """Notes that a session is in use."""
    SessionRecord.objects.filter(key=key, ended_at=None).update(last_seen_at=clock.now())


def renew(*, old_key: str, new_key: str) -> None:
    """Follows a session to its new key."""
    SessionRecord.objects.filter(key=old_key, ended_at=None).update(key=new_key)


@transaction.atomic
def end(*, key: str, reason: str) -> None:
    """Ends the session with this key: `reason` is sign_out, idle or life. Nothing happens when it has ended."""
    row = SessionRecord.objects.filter(key=key, ended_at=None).first()
    if row:
        _end(row, reason)


@transaction.atomic
def end_one(*, user: User, session_id: uuid.UUID) -> bool:
    """Ends one session of a person at the person's own wish. False when it was not running."""
    row = user.session_records.filter(id=session_id, ended_at=None).first()
    return row is not None and _end(row, "owner")


def _end(row: SessionRecord, reason: str) -> bool:
    if sql.change(_END, clock.now(), reason, row.id) != 1:
        return False
    _delete_sessions([row.key])
    event = EventType.SIGN_OUT if reason == "sign_out" else EventType.SESSION_ENDED
    facts = {} if reason == "sign_out" else {"reason": reason}
    record(event, subject=str(row.user_id), session=str(row.id), **facts)
    return True


@transaction.atomic
def end_all(*, user: User, reason: str, actor: str = "", keep: str = "") -> None:
    """Ends all sessions of a person but the one with the key `keep`, and what services were granted on them.

    The door that keeps its session must write the person's new stamp into it at once.
    """
    user.session_stamp = secrets.token_hex(16)
    User.objects.filter(id=user.id).update(session_stamp=user.session_stamp)
    others = (
        user.session_records.filter(ended_at=None).exclude(key=keep)
        if keep
        else user.session_records.filter(ended_at=None)
    )
    keys = list(others.values_list("key", flat=True))
    others.update(ended_at=clock.now(), end_reason=reason, key="")
    _delete_sessions(keys)
    access_ended.send(sender=User, user=user, reason=reason)
    record(EventType.SESSIONS_ENDED, subject=str(user.id), actor=actor, reason=reason, rows=len(keys))


@transaction.atomic
def end_everybodys(*, reason: str) -> int:
    """Ends every session of the portal, those of strangers included. Returns how many people were signed in."""
    engine = import_module(settings.SESSION_ENGINE).SessionStore
    engine.get_model_class().objects.all().delete()
    running = SessionRecord.objects.filter(ended_at=None)
    for user in User.objects.filter(session_records__in=running).distinct():
        access_ended.send(sender=User, user=user, reason=reason)
    return running.update(ended_at=clock.now(), end_reason=reason, key="")


def _delete_sessions(keys: list[str]) -> None:
    if keys:
        sql.change(_DELETE.format(keys=sql.marks(keys)), *keys)


@transaction.atomic
def forget_device(*, user: User, device_id: uuid.UUID) -> None:
    """Takes a browser off the list of known devices. Its sessions end as well."""
    for row in user.session_records.filter(device_id=device_id, ended_at=None):
        _end(row, "device")
    if user.devices.filter(id=device_id).delete()[0]:
        record(EventType.DEVICE_REMOVED, subject=str(user.id), key=str(device_id), reason="owner")


def device_disowned_by(token: str) -> Device | None:
    """The device that a "this was not me" link is about: None when the link is old, altered or used."""
    try:
        device_id = uuid.UUID(hex=signing.loads(token, salt=_NOT_ME_SALT, max_age=NOT_ME_LIFE))
    except (signing.BadSignature, ValueError):
        return None
    return Device.objects.filter(id=device_id).select_related("user").first()


@transaction.atomic
def disown(*, device: Device) -> bool:
    """ "This was not me": ends all sessions, forgets the device and shuts the password until it is reset.

    What was added to the second factors while the device was signed in is distrusted: ADR 0015.
    """
    spans = [row.span for row in device.session_records.all()]
    if not Device.objects.filter(id=device.id).delete()[0]:
        return False
    user = device.user
    record(EventType.DEVICE_REMOVED, subject=str(user.id), key=str(device.id), reason="disowned")
    allauth.distrust_added(user, spans)
    shut_password(user)
    end_all(user=user, reason="disowned")
    return True


def shut_password(user: User) -> None:
    """Makes the password useless: only a reset opens the account again. Inside the caller's transaction."""
    user.password = "!" + secrets.token_hex(20)
    User.objects.filter(id=user.id).update(password=user.password)


def purge(*, slice_size: int = 1000) -> int:
    """Erases dead sessions, their history after thirty days, and devices unused for ninety. Returns the rows."""
    dead = Session.objects.filter(expire_date__lte=clock.now()).values_list("pk", flat=True)[:slice_size]
    rows = Session.objects.filter(pk__in=list(dead)).delete()[0]
    ended = SessionRecord.objects.forgotten().values_list("id", flat=True)[:slice_size]
    rows += SessionRecord.objects.filter(id__in=list(ended)).delete()[0]
    unused = Device.objects.unused().values_list("id", flat=True)[:slice_size]
    return rows + Device.objects.filter(id__in=list(unused)).delete()[0]
