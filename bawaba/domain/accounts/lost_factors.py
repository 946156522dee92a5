"""The way back for a person who has lost every second factor and the recovery codes: two officers take them away.

The first compares the person with the civil ID card and proposes, the second approves within a day. An officer is known
by the id of the own login. The password is shut as well, so whoever deceives the officers still needs the mailbox.
"""

import secrets
from typing import Any

from django.core import signing
from django.db import transaction

from bawaba.domain.accounts import allauth
from bawaba.domain.accounts.models import User
from bawaba.domain.accounts.sessions import actions as sessions
from bawaba.infrastructure.audit.events import EventType
from bawaba.infrastructure.audit.log import record

PROPOSAL_LIFE = 86400  # seconds in which the second officer may approve
_SALT = "bawaba.accounts.lost_factors"
_KIND = "lost_factor"


class NothingToRemove(Exception):
    """The account has no second factor."""


class ProposalWorthless(Exception):
    """Altered, older than a day, carried out already, or the factors are no longer those that were proposed."""


class SameOfficer(Exception):
    """Nobody approves an own proposal."""


@transaction.atomic
def propose(*, user: User, officer: str) -> str:
    """Text that the second officer hands to `approve`. It changes nothing. Raises `NothingToRemove`."""
    if not allauth.has_factor(user):
        raise NothingToRemove
    proposal = secrets.token_hex(16)
    record(EventType.STAFF_PROPOSED, subject=str(user.id), actor=officer, kind=_KIND, key=proposal)
    content = {"id": proposal, "user": str(user.id), "by": officer, "rows": allauth.row_ids(user)}
    return signing.dumps(content, salt=_SALT)


@transaction.atomic
def approve(*, text: str, officer: str) -> User:
    """Takes the factors away, ends all sessions and shuts the password until it is reset; the owner is told.

    Raises `ProposalWorthless`, `SameOfficer`.
    """
    content = _read(text)
    if content["by"] == officer:
        raise SameOfficer
    user: User | None = User.objects.open().filter(id=content["user"]).first()
    if user is None or allauth.row_ids(user) != content["rows"]:
        raise ProposalWorthless
    here = User.objects.filter(id=user.id, session_stamp=user.session_stamp)
    if not here.update(session_stamp=secrets.token_hex(16)):  # another approval was faster
        raise ProposalWorthless
    record(EventType.STAFF_APPROVED, subject=str(user.id), actor=officer, kind=_KIND, key=content["id"])
    allauth.remove_factors(user=user, approved_by=officer)
    sessions.shut_password(user)
    sessions.end_all(user=user, reason=_KIND, actor=officer)
    return user


def _read(text: str) -> dict[str, Any]:
    try:
        content: dict[str, Any] = signing.loads(text, salt=_SALT, max_age=PROPOSAL_LIFE)
    except signing.BadSignature as error:
        raise ProposalWorthless from error
    return content
