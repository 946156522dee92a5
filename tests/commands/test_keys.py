"""New versions of keys, moving to them, and the end of the old ones: nobody is locked out."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from django.conf import settings as live
from django.core import signing
from django.db import transaction
from pytest_django import Settings

from bawaba.commands import keys
from bawaba.commands.key_uses import LIVES, USES
from bawaba.domain.accounts import allauth as factors
from bawaba.domain.accounts.actions import create_user
from bawaba.domain.accounts.credentials import hash_password, verify_password
from bawaba.domain.accounts.models import Device, User
from bawaba.infrastructure import clock
from bawaba.infrastructure.audit.events import EventType
from bawaba.infrastructure.audit.log import record
from bawaba.infrastructure.audit.models import Event
from bawaba.infrastructure.audit.seal import seal
from bawaba.infrastructure.audit.verify import verify
from bawaba.infrastructure.keys import NAMES, Keyring
from bawaba.infrastructure.messaging.models import Message
from tests.accounts import enter, open_account
from tests.client import Browser
from tests.factors import give_authenticator, give_recovery_codes
from tests.people import ahmad, maryam

pytestmark = pytest.mark.django_db
YEAR = timedelta(days=365)


@pytest.fixture(autouse=True)
def ring(settings: Settings, tmp_path: Path) -> Keyring:
    settings.KEYS = Keyring(tmp_path / "keys")
    keyring: Keyring = settings.KEYS
    return keyring


@pytest.fixture
def user(ring: Keyring) -> User:
    return create_user(
        email=maryam.email,
        password=hash_password(maryam.password),
        first_name=maryam.first_name,
        last_name=maryam.last_name,
        civil_id=maryam.civil_id,
        mobile=maryam.mobile,
        language="ar",
    )


@pytest.fixture
def a_year_later() -> Iterator[None]:
    with time_machine.travel(clock.now() + YEAR, tick=False):
        yield


def test_every_key_has_a_life_and_what_lies_under_it_is_counted() -> None:
    assert set(LIVES) == set(NAMES)
    assert {use.key for use in USES} | {"session", "oidc"} == set(NAMES)


def test_the_list_names_versions_and_what_needs_them(user: User, capsys: pytest.CaptureFixture[str]) -> None:
    keys.main(["list"])
    printed = capsys.readouterr().out
    assert "field.1  newest" in printed
    assert "1 civil numbers of people" in printed
    assert live.KEYS.newest("field").secret.hex() not in printed


def test_a_rotation_moves_civil_numbers_and_their_digests(user: User) -> None:
    assert keys.main(["rotate", "field"]) == 0
    assert keys.main(["rotate", "index"]) == 0
    user.refresh_from_db()
    assert bytes(user.civil_id_sealed or b"").startswith(b"2:")
    assert str(user.civil_id_digest).startswith("2:")
    assert user.civil_id == maryam.civil_id
    assert User.objects.with_civil_id("organization", maryam.civil_id).get() == user
    recorded = Event.objects.filter(event="key.rotated").values_list("facts", flat=True)
    assert {facts["key"] for facts in recorded} == {"field", "index"}


def test_while_a_rotation_is_under_way_the_old_digest_is_found(user: User, ring: Keyring) -> None:
    ring.rotate("index")
    assert User.objects.with_civil_id("organization", maryam.civil_id).get() == user


def test_an_interrupted_rotation_goes_on(user: User, ring: Keyring) -> None:
    ring.rotate("field")
    assert keys.main(["renew", "field"]) == 0
    user.refresh_from_db()
    assert bytes(user.civil_id_sealed or b"").startswith(b"2:")


def test_a_version_that_a_hash_needs_stays_until_its_owner_signed_in(
    user: User, a_year_later: None, capsys: pytest.CaptureFixture[str]
) -> None:
    keys.main(["rotate", "password"])
    assert verify_password(maryam.password, user.password)
    assert keys.main(["retire", "password"]) == 1
    assert "password.1 stays: 1 people need it." in capsys.readouterr().out
    User.objects.update(password=hash_password(maryam.password))
    assert keys.main(["retire", "password"]) == 0
    assert list(live.KEYS.versions("password")) == ["2"]
    assert Event.objects.filter(event="key.retired", facts__version="1").exists()


@pytest.mark.parametrize("name", ["session", "code", "index", "field"])
def test_nothing_is_retired_while_something_made_under_it_may_live(name: str) -> None:
    keys.main(["rotate", name])
    assert keys.main(["retire", name]) == 1
    assert list(live.KEYS.versions(name)) == ["1", "2"]
    with time_machine.travel(clock.now() + timedelta(seconds=LIVES[name] + 5), tick=False):
        assert keys.main(["retire", name]) == 0
    assert list(live.KEYS.versions(name)) == ["2"]


def test_the_register_verifies_over_a_rotation_and_its_old_key_stays() -> None:
    for _ in range(2):
        with transaction.atomic():
            record(EventType.SIGN_OUT, subject="x")
        seal()
        keys.main(["rotate", "audit"])
    seal()
    assert {event.key_id for event in Event.objects.sealed()} == {"1", "2", "3"}
    assert verify().is_whole
    assert keys.main(["retire", "audit"]) == 1
    assert list(live.KEYS.versions("audit")) == ["1", "2", "3"]


def test_what_the_old_session_key_signed_is_accepted_after_a_rotation(ring: Keyring, settings: Settings) -> None:
    settings.SECRET_KEY = ring.newest("session").secret.hex()
    signed = signing.dumps("x")
    ring.rotate("session")
    settings.SECRET_KEY = ring.newest("session").secret.hex()
    with pytest.raises(signing.BadSignature):
        signing.loads(signed)
    settings.SECRET_KEY_FALLBACKS = [ring.versions("session")["1"].secret.hex()]
    assert signing.loads(signed) == "x"


def test_a_key_nobody_knows_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        keys.main(["rotate", ahmad.first_name])
    assert "invalid choice" in capsys.readouterr().err


def test_a_rotation_moves_the_secrets_of_second_factors(user: User) -> None:
    give_authenticator(user)
    codes = give_recovery_codes(user)
    keys.main(["rotate", "field"])
    assert sum(1 for _ in factors.secrets_under("1")) == 0
    assert sum(1 for _ in factors.secrets_under("2")) == 2
    assert [row.wrap().get_unused_codes() for row in Authenticator.objects.filter(type="recovery_codes")] == [codes]


def test_a_known_device_stays_known_over_a_rotation() -> None:
    open_account(ahmad)
    browser = Browser(ahmad)
    enter(browser, ahmad)
    keys.main(["rotate", "index"])
    browser.submit("تسجيل الخروج")
    enter(browser, ahmad)
    assert Device.objects.get().digest.startswith("2:")
    assert not Message.objects.filter(kind="new_device").exists()
