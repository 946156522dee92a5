"""Signing in tells nobody who has an account."""

from collections.abc import Callable

import pytest

from bawaba.domain.accounts import actions, credentials
from bawaba.infrastructure.audit.models import Event
from tests.accounts import enter, open_account, pending_request
from tests.client import Browser
from tests.journey import register
from tests.page import bare
from tests.people import ahmad, salem

pytestmark = pytest.mark.django_db

STRANGE = "Somebody-Else-1"  # the password of somebody who registers with an address of others
STATES: dict[str, Callable[[], object]] = {
    "active": lambda: open_account(ahmad),
    "pending": lambda: pending_request(ahmad),
    "blocked": lambda: actions.block(user=open_account(ahmad), actor="", reason="request"),
    "closed": lambda: actions.close_account(user=open_account(ahmad)),
    "must reset": lambda: open_account(ahmad, password="!"),
}


@pytest.mark.parametrize("state", STATES)
def test_wrong_password_is_answered_as_for_an_unknown_address(state: str) -> None:  # G4, RT-31
    stranger = Browser(ahmad)
    unknown = bare(enter(stranger, ahmad, password="wrong", status=422))
    STATES[state]()
    somebody = Browser(ahmad)
    assert bare(enter(somebody, ahmad, password="wrong", status=422)) == unknown
    assert set(somebody.cookies) == set(stranger.cookies)


@pytest.fixture
def hashes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The hashes that a password is compared with, from now on."""
    compared: list[str] = []
    real = credentials.verify_password

    def noted(raw: str, encoded: str) -> bool:
        compared.append(encoded)
        return bool(real(raw, encoded))

    monkeypatch.setattr(credentials, "verify_password", noted)
    return compared


@pytest.mark.parametrize("state", ["unknown", *STATES])
def test_each_attempt_costs_one_hash(state: str, hashes: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(credentials, "mark", lambda raw, encoded: raw[:2])  # the real one fits by chance, once in 256
    STATES.get(state, lambda: None)()
    enter(Browser(ahmad), ahmad, password="wrong", status=422)
    own = state in {"active", "blocked"}
    assert len(hashes) == 1
    assert hashes[0].startswith("keyed$")
    assert (hashes[0] == credentials.DUMMY) is not own


@pytest.mark.parametrize("known", [True, False])
def test_own_request_for_an_address_does_not_tell_whether_it_has_an_account(known: bool) -> None:  # G4, C6
    if known:
        open_account(ahmad)
    register(Browser(ahmad), ahmad, password=STRANGE, password2=STRANGE)
    stranger = Browser(ahmad)
    assert enter(stranger, ahmad, password=STRANGE).path == "/activate/"
    assert stranger.get("/home/").path == "/sign-in/"


@pytest.mark.parametrize("known", [True, False])
def test_own_request_for_an_address_costs_the_same_hashes(known: bool, hashes: list[str]) -> None:
    if known:
        open_account(ahmad)
    pending_request(ahmad, password=STRANGE)
    enter(Browser(ahmad), ahmad, password=STRANGE)
    assert len(hashes) == 2


def test_failed_attempt_leaves_one_event_without_the_address() -> None:
    for _ in range(2):
        enter(Browser(salem), salem, password="wrong", status=422)
    events = Event.objects.filter(event="sign_in.failed")
    assert events.count() == 2
    assert not any("salem" in f"{event.subject}{event.facts}" for event in events)
