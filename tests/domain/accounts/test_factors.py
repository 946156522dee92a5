"""Second factors that somebody else added: which go, and what the one that stays is good for."""

from datetime import UTC, datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator

from bawaba.domain.accounts import allauth
from bawaba.domain.accounts.models import SESSION_IDLE, SessionRecord, User
from tests.accounts import open_account
from tests.people import ahmad, maryam

pytestmark = pytest.mark.django_db

BEGAN = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)
ENDED = BEGAN + timedelta(minutes=1)
SPANS = [(BEGAN - timedelta(days=2), BEGAN - timedelta(days=1)), (BEGAN, ENDED)]


def added(user: User, at: datetime, kind: str = allauth.PASSKEY) -> Authenticator:
    return Authenticator.objects.create(user=user, type=kind, data={"name": "x"}, created_at=at)


def test_what_was_added_from_the_first_to_the_last_moment_goes() -> None:
    owner, moment = open_account(ahmad), timedelta(microseconds=1)
    rows = [added(owner, at) for at in (BEGAN - moment, BEGAN, ENDED, ENDED + moment)]
    allauth.distrust_added(owner, SPANS)
    assert list(allauth.factors(owner)) == [rows[0], rows[3]]
    assert all(allauth.opens_alone(row) for row in allauth.factors(owner))


def test_where_nothing_else_stays_all_stay_and_no_passkey_opens_alone() -> None:
    """Recovery codes are nothing else: they only stand in for a factor."""
    owner, other = open_account(ahmad), open_account(maryam)
    added(owner, BEGAN - timedelta(hours=1), allauth.RECOVERY_CODES)
    added(owner, BEGAN, allauth.TOTP)
    added(owner, BEGAN)
    added(other, BEGAN)
    allauth.distrust_added(owner, SPANS)
    marked = {row.type: row.data.get(allauth.NOT_ALONE, False) for row in Authenticator.objects.filter(user=owner)}
    assert marked == {"recovery_codes": False, "totp": False, "webauthn": True}
    assert not allauth.opens_alone(Authenticator.objects.get(user=owner, type=allauth.PASSKEY))
    assert allauth.opens_alone(Authenticator.objects.get(user=other))


@pytest.mark.parametrize(
    ("ended_at", "last"),
    [
        (None, ENDED + SESSION_IDLE),
        (ENDED + timedelta(minutes=1), ENDED + timedelta(minutes=1)),
        (ENDED + timedelta(hours=1), ENDED + SESSION_IDLE),
    ],
    ids=["running", "ended", "noticed late"],
)
def test_a_session_reaches_as_far_as_something_can_have_been_done_in_it(
    ended_at: datetime | None, last: datetime
) -> None:
    assert SessionRecord(began_at=BEGAN, last_seen_at=ENDED, ended_at=ended_at).span == (BEGAN, last)
