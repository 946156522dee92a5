"""Hashes of passwords: exactly as typed, keyed, bounded in number, renewed when their cost or key is of yesterday."""

import os
import threading
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import argon2
import pytest
from django.contrib.auth.hashers import check_password, identify_hasher, make_password
from hypothesis import HealthCheck, assume, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django import Settings

from bawaba.domain.accounts import credentials, turnstile
from bawaba.domain.accounts.turnstile import HashingBusy, Turnstile
from bawaba.infrastructure.keys import Keyring, UnusableKey

PASSWORD = "نخلة 7! طويلة Q"
few = hypothesis_settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
typed = st.text(min_size=1, max_size=60) | st.text("aA1! \t\n\x00ée\u0301س\u0640\u200f", min_size=1, max_size=20)


@pytest.fixture
def hashes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The kinds of hash that ran, in order."""
    ran: list[str] = []

    def counted(name: str) -> Callable[..., object]:
        real = getattr(credentials, name)

        def call(*args: object, **kwargs: object) -> object:
            ran.append(name)
            return real(*args, **kwargs)

        return call

    for name in ("hash_secret", "verify_secret"):
        monkeypatch.setattr(credentials, name, counted(name))
    return ran


@given(typed)
@few
def test_any_password_verifies_as_typed(raw: str) -> None:
    encoded = credentials.hash_password(raw)
    assert credentials.verify_password(raw, encoded)
    assert credentials.verify_password(unicodedata.normalize("NFD", raw), encoded)
    assert not credentials.verify_password(raw + " ", encoded)
    assert not credentials.needs_rehash(encoded)
    assert len(encoded) <= 128


@given(typed, st.characters(codec="utf-8"))
@few
def test_a_change_of_the_last_code_point_fails(raw: str, last: str) -> None:
    other = raw[:-1] + last
    assume(unicodedata.normalize("NFC", other) != unicodedata.normalize("NFC", raw))
    assert not credentials.verify_password(other, credentials.hash_password(raw))


@pytest.mark.parametrize("raw", [" Q7! xqzv ", "Q7!x\u200f", "\tQ7!x\n", "Q7!\x00x", "Q7!x\ud800"])
def test_nothing_is_trimmed_or_removed(raw: str) -> None:
    encoded = credentials.hash_password(raw)
    assert credentials.verify_password(raw, encoded)
    for other in {raw.strip(), raw[:-1], raw[1:], raw.replace("\x00", ""), raw.split("\x00")[0]} - {raw}:
        assert not credentials.verify_password(other, encoded)


def test_two_hashes_of_one_password_differ() -> None:
    assert credentials.hash_password(PASSWORD) != credentials.hash_password(PASSWORD)


def test_the_parameters_are_those_of_the_settings() -> None:
    encoded = credentials.hash_password(PASSWORD)
    assert encoded.startswith("keyed$1$argon2id$v=19$m=19456,t=2,p=1$")


@pytest.mark.parametrize(
    "encoded", ["", "!", "!abc", "keyed$", "keyed$1$argon2id$v=19$m=1$x$y", "argon2$1", credentials.DUMMY]
)
def test_what_is_no_hash_of_a_password_costs_one_and_never_verifies(encoded: str, hashes: list[str]) -> None:
    assert not credentials.verify_password(PASSWORD, encoded)
    assert hashes == ["verify_secret"]


def test_the_dummy_costs_what_a_password_costs() -> None:
    assert not credentials.needs_rehash(credentials.DUMMY)
    assert len(credentials.DUMMY) == len(credentials.hash_password(PASSWORD))


@pytest.mark.parametrize("raw", ["", "x" * 129, "x" * 1_000_000, "é" * 129])
def test_an_empty_or_overlong_password_is_never_hashed(raw: str, hashes: list[str]) -> None:
    assert not credentials.verify_password(raw, credentials.DUMMY)
    with pytest.raises(ValueError, match="never hashed"):
        credentials.hash_password(raw)
    assert hashes == []


def test_length_is_that_of_the_rule() -> None:
    longest = unicodedata.normalize("NFD", "é" * 128)
    assert credentials.verify_password(longest, credentials.hash_password(longest))


@pytest.mark.parametrize(
    "weaker", [{"password_memory": 9_728}, {"password_passes": 1}, {"password_memory": 9_728, "password_lanes": 2}]
)
def test_a_hash_of_other_cost_verifies_and_is_renewed(weaker: dict[str, int], settings: Settings) -> None:
    usual = settings.BAWABA
    settings.BAWABA = replace(usual, **weaker)
    encoded = credentials.hash_password(PASSWORD)
    assert not credentials.needs_rehash(encoded)
    settings.BAWABA = usual
    assert credentials.needs_rehash(encoded)
    assert credentials.verify_password(PASSWORD, encoded)


def test_a_hash_under_an_older_key_verifies_and_is_renewed(settings: Settings, tmp_path: Path) -> None:
    settings.KEYS = Keyring(tmp_path)
    encoded = credentials.hash_password(PASSWORD)
    (tmp_path / "password.2").write_text("ab" * 32)
    (tmp_path / "password.2").chmod(0o600)
    settings.KEYS = Keyring(tmp_path)
    assert credentials.verify_password(PASSWORD, encoded)
    assert credentials.needs_rehash(encoded)
    assert credentials.hash_password(PASSWORD).startswith("keyed$2$")


def test_without_its_key_a_hash_is_worth_nothing(settings: Settings, tmp_path: Path) -> None:
    encoded = credentials.hash_password(PASSWORD)
    stolen = encoded.removeprefix("keyed$1")
    with pytest.raises(argon2.exceptions.VerifyMismatchError):
        argon2.PasswordHasher().verify(stolen, PASSWORD)
    settings.KEYS = Keyring(tmp_path)
    assert not credentials.verify_password(PASSWORD, encoded)
    with pytest.raises(UnusableKey):
        credentials.verify_password(PASSWORD, encoded.replace("keyed$1$", "keyed$9$"))


def test_djangos_own_functions_come_through_the_same_door(hashes: list[str]) -> None:
    encoded = make_password(PASSWORD)
    assert identify_hasher(encoded).algorithm == "keyed"
    assert check_password(PASSWORD, encoded)
    assert not check_password(PASSWORD + " ", encoded)
    assert not check_password("", encoded)
    assert credentials.verify_password(PASSWORD, encoded)
    assert hashes == ["hash_secret", "verify_secret", "verify_secret", "verify_secret"]


def test_what_is_shown_of_a_hash_is_masked() -> None:
    encoded = credentials.hash_password(PASSWORD)
    summary = credentials.Hasher().safe_summary(encoded)
    assert summary["hash"] not in encoded
    assert summary["key"] == "1"


def hold(gate: Turnstile, calls: int) -> tuple[threading.Event, list[threading.Thread]]:
    """Takes places with calls that last until the event is set."""
    release, started = threading.Event(), threading.Semaphore(0)

    def work() -> None:
        started.release()
        release.wait(20)

    threads = [threading.Thread(target=gate.run, args=(work,)) for _ in range(calls)]
    for thread in threads:
        thread.start()
    for _ in threads:
        assert started.acquire(timeout=20)
    return release, threads


def test_no_more_hashes_run_than_there_are_places(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turnstile, "PATIENCE", 0.01)
    gate = Turnstile(places=2, queue=4)
    release, threads = hold(gate, 2)
    with pytest.raises(HashingBusy) as caught:
        gate.run(lambda: None)
    assert caught.value.retry_after > 0
    release.set()
    for thread in threads:
        thread.join()
    assert gate.run(lambda: "done") == "done"


def test_a_full_queue_is_refused_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turnstile, "PATIENCE", 20.0)
    gate = Turnstile(places=1, queue=1)
    release, threads = hold(gate, 1)
    waiting = threading.Thread(target=gate.run, args=(lambda: None,))
    waiting.start()
    while gate._queue._value:  # until the second has joined the queue
        pass
    with pytest.raises(HashingBusy):
        gate.run(lambda: None)
    release.set()
    for thread in (*threads, waiting):
        thread.join()


def test_whoever_is_not_admitted_waits_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turnstile, "PATIENCE", 0.01)
    gate = Turnstile(places=1, queue=4)
    with gate.admitted(), gate.admitted():
        with pytest.raises(HashingBusy), gate.admitted():
            pass
        assert gate.run(lambda: "the places are others") == "the places are others"
    with gate.admitted():
        pass


def test_a_failure_gives_its_place_back() -> None:
    def fail() -> NoReturn:
        raise RuntimeError

    gate = Turnstile(places=1, queue=1)
    for _ in range(3):
        with pytest.raises(RuntimeError):
            gate.run(fail)
    assert gate.run(lambda: 1) == 1


def test_hashes_give_way_to_other_threads() -> None:
    def priority() -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    assert Turnstile(places=1, queue=1).run(priority) == priority() + turnstile.LOWER_PRIORITY


def test_places_and_queue_follow_the_settings(settings: Settings) -> None:
    settings.BAWABA = replace(settings.BAWABA, hashes=3, web_threads=10)
    made = turnstile.turnstile.__wrapped__()
    assert (made.places, made.queue) == (3, 5)
    settings.BAWABA = replace(settings.BAWABA, hashes=0)
    assert turnstile.turnstile.__wrapped__().places == len(os.sched_getaffinity(0))
