"""What each sign-in and each page asks by hand: every condition of the statements counts."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session

from bawaba.domain.accounts import allauth
from bawaba.domain.accounts.models import DEVICE_LIFE, Consent, Device, User
from bawaba.domain.accounts.sessions.store import SessionStore
from bawaba.domain.registration.models import Registration, State
from bawaba.infrastructure import clock
from bawaba.web.portal import texts
from tests.accounts import open_account, pending_request
from tests.people import ahmad, maryam, salem

pytestmark = pytest.mark.django_db

MOMENT = timedelta(microseconds=1)


@pytest.fixture
def owner() -> User:
    return open_account(ahmad)


@pytest.fixture
def other() -> User:
    return open_account(maryam, terms_accepted_at=None)


def test_a_session_finds_its_own_person_while_the_account_is_open(owner: User, other: User) -> None:
    assert [User.objects.open_one(each.pk) for each in (owner, other)] == [owner, other]
    User.objects.update(is_active=False)
    assert User.objects.open_one(owner.pk) is None
    User.objects.update(is_active=True, closed_at=clock.now())
    assert User.objects.open_one(owner.pk) is None


def test_an_address_finds_its_own_account(owner: User, other: User) -> None:
    assert [User.objects.one_with_email(each.email) for each in (ahmad, maryam, salem)] == [owner, other, None]


def test_an_agreement_is_of_one_person_to_one_version(owner: User, other: User) -> None:
    version = texts.terms().version
    assert Consent.objects.given(owner, version)
    assert not Consent.objects.given(owner, f"{version}x")
    assert not Consent.objects.given(other, version)


def test_a_device_is_known_to_its_owner_until_its_life_is_over(owner: User, other: User) -> None:
    def known(person: User, *digests: str) -> UUID | None:
        found: UUID | None = Device.objects.known(person.email_key, digests)
        return found

    with time_machine.travel(clock.now(), tick=False) as moment:
        newest = Device.objects.create(user=owner, digest="1:b", label="Edge", last_seen_at=clock.now() + MOMENT)
        device = Device.objects.create(user=owner, digest="1:a", label="Edge")
        moment.shift(DEVICE_LIFE - MOMENT)
        assert known(owner, "1:z", "1:a") == device.id
        assert known(owner, "1:a", "1:b") == newest.id
        assert known(owner, "1:z") is None
        assert known(other, "1:a") is None
        moment.shift(MOMENT)
        assert known(owner, "1:a") is None


def test_a_person_has_the_types_that_were_added_and_no_others(owner: User, other: User) -> None:
    Authenticator.objects.create(user=owner, type=allauth.TOTP, data={})
    assert allauth.has_authenticator(owner, [allauth.PASSKEY, allauth.TOTP])
    assert not allauth.has_authenticator(owner, [allauth.PASSKEY])
    assert not allauth.has_authenticator(other, [allauth.TOTP])


def test_a_session_is_found_by_its_key_until_its_time_is_over() -> None:
    with time_machine.travel(clock.now(), tick=False) as moment:
        keys = []
        for name in ("one", "two"):
            store = SessionStore()
            store["name"] = name
            store.save()
            keys.append(store.session_key)
        ends = Session.objects.get(pk=keys[0]).expire_date
        moment.move_to(ends - MOMENT)
        assert [SessionStore(key).load() for key in keys] == [{"name": "one"}, {"name": "two"}]
        moment.move_to(ends)
        assert SessionStore(keys[0]).load() == {}


def test_a_sign_in_meets_the_newest_request_that_can_still_become_an_account() -> None:
    with time_machine.travel(clock.now(), tick=False):
        now = clock.now()
        older, twin, newest = (UUID(int=number) for number in (3, 1, 2))
        requests: list[dict[str, Any]] = [
            {"id": newest, "created_at": now - timedelta(hours=2)},
            {"id": twin, "created_at": now - timedelta(hours=2)},
            {"id": older, "created_at": now - timedelta(hours=3)},
            {"created_at": now, "email_key": maryam.email},
            {"created_at": now, "state": State.SUPERSEDED},
            {"created_at": now, "expires_at": now},
        ]
        for number, request in enumerate(requests):
            pending_request(salem, nonce=str(number), **request)
        found = Registration.objects.newest_pending_for(salem.email)
    assert found is not None
    assert found.pk == newest
