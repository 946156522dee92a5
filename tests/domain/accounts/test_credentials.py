"""Hashes of passwords: exactly as typed, keyed, renewed when their cost or key is of yesterday."""

import unicodedata
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import argon2
import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher, check_password, identify_hasher, make_password
from hypothesis import HealthCheck, assume, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django import Settings

from bawaba.domain.accounts import credentials, foreign
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


@pytest.mark.parametrize("raw", [" Q7! xqzv ", "Q7!x\u200f", "\tQ7!x\n", "Q7!\x00x", "Q7!x\ud800", "Q"])
def test_nothing_is_trimmed_or_removed(raw: str) -> None:
    encoded = credentials.hash_password(raw)
    assert credentials.verify_password(raw, encoded)
    for other in {raw.strip(), raw[:-1], raw[1:], raw.replace("\x00", ""), raw.split("\x00")[0]} - {raw}:
        assert not credentials.verify_password(other, encoded)


def test_two_hashes_of_one_password_differ() -> None:
    assert credentials.hash_password(PASSWORD) != credentials.hash_password(PASSWORD)


@pytest.mark.usefixtures("usual_hashes")
def test_the_parameters_are_those_of_the_settings() -> None:
    encoded = credentials.hash_password(PASSWORD)
    assert encoded.startswith("keyed$1$argon2id$v=19$m=19456,t=2,p=1$")


@pytest.mark.parametrize(
    "encoded",
    ["", "!", "!abc", "keyed$", "keyed$1$argon2id$v=19$m=1$x$y", "argon2$1", credentials.DUMMY],
    ids=range(7),
)
def test_what_is_no_hash_of_a_password_costs_one_and_never_verifies(encoded: str, hashes: list[str]) -> None:
    assert not credentials.verify_password(PASSWORD, encoded)
    assert hashes == ["verify_secret"]


def test_the_dummy_costs_what_a_password_costs() -> None:
    for dummy in (credentials.DUMMY, credentials._dummy()):
        assert not credentials.needs_rehash(dummy)
        assert len(dummy) == len(credentials.hash_password(PASSWORD))
        assert not credentials.verify_password(PASSWORD, dummy)


@pytest.mark.parametrize("raw", ["", "x" * 129, "x" * 1_000_000, "é" * 129])
def test_an_empty_or_overlong_password_is_never_hashed(raw: str, hashes: list[str]) -> None:
    assert not credentials.verify_password(raw, credentials.DUMMY)
    with pytest.raises(ValueError, match=r"^an empty or overlong password is never hashed$"):
        credentials.hash_password(raw)
    assert hashes == []


def test_length_is_that_of_the_rule() -> None:
    longest = unicodedata.normalize("NFD", "é" * 128)
    assert credentials.verify_password(longest, credentials.hash_password(longest))
    assert credentials.verify_password(longest, make_password(longest))
    with pytest.raises(ValueError, match=r"^an overlong password is never hashed$"):
        make_password("é" * 129)


@pytest.mark.usefixtures("usual_hashes")
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
    assert credentials._dummy().startswith("keyed$2$")


def test_an_imported_hash_is_of_what_was_typed_and_costs_one_of_ours_as_well(hashes: list[str]) -> None:
    typed_there = unicodedata.normalize("NFD", "Café 7! Qx")
    encoded = foreign.stored(PBKDF2PasswordHasher().encode(typed_there, "salt", 1))
    assert credentials.verify_password(typed_there, encoded)
    assert not credentials.verify_password(unicodedata.normalize("NFC", typed_there), encoded)
    assert hashes == ["verify_secret", "verify_secret"]


def test_while_imported_people_are_awaited_everybody_costs_what_they_cost(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[tuple[str, str]] = []
    monkeypatch.setattr(foreign, "verify", lambda raw, kept: compared.append((raw, kept)))
    encoded = credentials.hash_password(PASSWORD)
    settings.BAWABA = replace(settings.BAWABA, imported_hash="$2b$04$")
    assert credentials.verify_password(PASSWORD, encoded)
    assert not credentials.verify_password(PASSWORD, "!")
    assert compared == [(PASSWORD, "$2b$04$")] * 2


@pytest.mark.parametrize("encoded", ["", "!", foreign.MARK + "$2b$04$", "keyed$1$argon2id$v=19$m=1$x$y"])
def test_what_is_no_hash_of_ours_is_renewed(encoded: str) -> None:
    assert credentials.needs_rehash(encoded)


def test_without_its_key_a_hash_is_worth_nothing(settings: Settings, tmp_path: Path) -> None:
    encoded = credentials.hash_password(PASSWORD)
    stolen = encoded.removeprefix("keyed$1")
    with pytest.raises(argon2.exceptions.VerifyMismatchError):
        argon2.PasswordHasher().verify(stolen, PASSWORD)
    settings.KEYS = Keyring(tmp_path)
    assert not credentials.verify_password(PASSWORD, encoded)
    with pytest.raises(UnusableKey, match=r"password.*the version that protects this hash is not here$"):
        credentials.verify_password(PASSWORD, encoded.replace("keyed$1$", "keyed$9$"))


def test_djangos_own_functions_come_through_the_same_door(hashes: list[str]) -> None:
    encoded = make_password(PASSWORD)
    assert identify_hasher(encoded).algorithm == "keyed"
    assert check_password(PASSWORD, encoded)
    assert not check_password(PASSWORD + " ", encoded)
    assert not check_password("", encoded)
    assert credentials.verify_password(PASSWORD, encoded)
    assert not credentials.needs_rehash(encoded)
    assert hashes == ["hash_secret", "verify_secret", "verify_secret", "verify_secret"]


def test_what_is_shown_of_a_hash_is_masked() -> None:
    encoded = credentials.hash_password(PASSWORD)
    summary = credentials.Hasher().safe_summary(encoded)
    assert set(summary) == {"algorithm", "key", "salt", "hash"}
    assert (summary["algorithm"], summary["key"]) == ("keyed", "1")
    assert "*" in summary["salt"]
    assert "*" in summary["hash"]
    assert not {summary["salt"], summary["hash"]} & set(encoded.split("$"))
