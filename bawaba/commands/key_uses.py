"""Where values lie that a key protects: how many still need an old version, and how they move to the newest one.

The list is explicit: whoever stores something under a key adds a line here. What cannot be moved ends by itself.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from bawaba.domain.accounts import allauth as factors
from bawaba.domain.accounts.models import Device, User
from bawaba.domain.registration.models import Registration
from bawaba.infrastructure import clock
from bawaba.infrastructure.audit.models import Anchor, Event
from bawaba.infrastructure.codes.models import Challenge, ChallengeQuerySet
from bawaba.infrastructure.limits import table
from bawaba.infrastructure.messaging.models import Message

SLICE = 500

LIVES = {
    "session": table.SESSION_LIFE.value,
    "code": table.HOUR,
    "index": table.DAY,
    "field": table.DEVICE_LIFE.value,
    "password": 0,
    "audit": 0,
    "oidc": table.DAY,
}
"""Seconds after a rotation during which cookies, codes, counters, signatures under the old version are still about."""


@dataclass(frozen=True)
class Use:
    """`count(key id)` rows need that version; `renew(key id)` moves them to the newest one."""

    key: str
    what: str
    count: Callable[[str], int]
    renew: Callable[[str], None] | None = None


def _with_civil_id(rows: QuerySet[Any]) -> Iterator[Any]:
    """The rows that hold a civil number, in slices, so that no transaction lasts long."""
    rows = rows.filter(civil_id_sealed__isnull=False).order_by("pk")
    part = list(rows[:SLICE])
    while part:
        yield from part
        part = list(rows.filter(pk__gt=part[-1].pk)[:SLICE])


def _sealed(what: str, rows: QuerySet[Any]) -> Use:
    def holding(key_id: str) -> Iterator[Any]:
        prefix = f"{key_id}:".encode()
        return (row for row in _with_civil_id(rows.all()) if bytes(row.civil_id_sealed).startswith(prefix))

    def count(key_id: str) -> int:
        return sum(1 for _ in holding(key_id))

    def renew(key_id: str) -> None:
        for row in holding(key_id):
            fresh = settings.KEYS.encrypt(f"civil_id:{row.pk}", row.civil_id.encode())
            rows.filter(pk=row.pk, civil_id_sealed=row.civil_id_sealed).update(civil_id_sealed=fresh)

    return Use("field", f"civil numbers of {what}", count, renew)


def _digested(what: str, rows: QuerySet[Any]) -> Use:
    def holding(key_id: str) -> QuerySet[Any]:
        return rows.filter(civil_id_digest__startswith=f"{key_id}:")

    def count(key_id: str) -> int:
        return holding(key_id).count()

    def renew(key_id: str) -> None:
        for row in _with_civil_id(holding(key_id)):
            fresh = settings.KEYS.digest("civil_id", row.civil_id)
            rows.filter(pk=row.pk, civil_id_digest=row.civil_id_digest).update(civil_id_digest=fresh)

    return Use("index", f"digests of {what}", count, renew)


def _live_challenges() -> ChallengeQuerySet:
    return Challenge.objects.live(clock.now())


def _newest_anchor_needs(key_id: str) -> int:
    newest = Anchor.objects.order_by("seq").last()
    return int(newest is not None and newest.key_id == key_id)


USES = (
    Use("code", "open challenges", lambda key_id: _live_challenges().filter(key_id=key_id).count()),
    _digested("people", User.objects.all()),
    _digested("requests to register", Registration.objects.all()),
    Use(
        "index",
        "open challenges",
        lambda key_id: _live_challenges().filter(address_digest__startswith=f"{key_id}:").count(),
    ),
    Use("index", "messages", lambda key_id: Message.objects.filter(address_digest__startswith=f"{key_id}:").count()),
    Use(
        "index", "known devices", lambda key_id: Device.objects.alive().filter(digest__startswith=f"{key_id}:").count()
    ),
    _sealed("people", User.objects.all()),
    Use("field", "second factors", lambda key_id: sum(1 for _ in factors.secrets_under(key_id)), factors.renew_secrets),
    _sealed("requests to register", Registration.objects.all()),
    Use("password", "people", lambda key_id: User.objects.filter(password__startswith=f"keyed${key_id}$").count()),
    Use(
        "password",
        "requests to register",
        lambda key_id: Registration.objects.filter(password__startswith=f"keyed${key_id}$").count(),
    ),
    Use("audit", "sealed events", lambda key_id: Event.objects.sealed().filter(key_id=key_id).count()),
    Use("audit", "anchors", _newest_anchor_needs),
)
