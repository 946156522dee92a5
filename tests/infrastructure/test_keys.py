"""The keys of the installation: who may read them, how versions live side by side, what altered bytes do."""

import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from bawaba.infrastructure.keys import NAMES, SIGNING, Key, Keyring, UnusableKey

SCRIPT = """
import sys, pathlib
from bawaba.infrastructure.keys import Keyring
print(Keyring(pathlib.Path(sys.argv[1])).newest("code").secret.hex())
"""


@pytest.fixture
def keys(tmp_path: Path) -> Keyring:
    return Keyring(tmp_path / "keys")


@pytest.mark.parametrize("name", NAMES)
def test_a_key_is_made_once_and_only_its_owner_may_read_it(keys: Keyring, name: str) -> None:
    made = keys.newest(name)
    path = keys.folder / f"{name}.1"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(keys.folder.stat().st_mode) == 0o700
    assert len(made.secret) == 32 or name == SIGNING
    assert Keyring(keys.folder).newest(name) == made
    assert [file.name for file in keys.folder.iterdir()] == [path.name]


def test_the_signing_key_is_rsa_and_a_weaker_one_is_not_used(keys: Keyring) -> None:
    assert keys.newest(SIGNING).secret.startswith(b"-----BEGIN PRIVATE KEY-----")
    weak = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    for pem in (weak.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), b"no key"):
        (keys.folder / f"{SIGNING}.1").write_bytes(pem)
        with pytest.raises(UnusableKey):
            Keyring(keys.folder).newest(SIGNING)


def test_two_installations_have_different_keys(tmp_path: Path) -> None:
    assert Keyring(tmp_path / "a").newest("code").secret != Keyring(tmp_path / "b").newest("code").secret


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o660, 0o400, 0o700])
def test_a_key_that_others_may_read_is_not_used(keys: Keyring, mode: int) -> None:
    keys.newest("code")
    (keys.folder / "code.1").chmod(mode)
    with pytest.raises(UnusableKey, match=r"code\.1 must belong to this user and have mode 0600"):
        Keyring(keys.folder).newest("code")


def test_a_key_of_another_user_is_not_used(keys: Keyring, monkeypatch: pytest.MonkeyPatch) -> None:
    keys.newest("code")
    monkeypatch.setattr(os, "getuid", lambda: 4711)
    with pytest.raises(UnusableKey, match="must belong to this user"):
        Keyring(keys.folder).newest("code")


@pytest.mark.parametrize(("text", "reason"), [("", "shorter"), ("ab" * 31, "shorter"), ("zz" * 32, "hexadecimal")])
def test_a_short_or_damaged_key_is_not_used(keys: Keyring, text: str, reason: str) -> None:
    keys.newest("code")
    (keys.folder / "code.1").write_text(text)
    with pytest.raises(UnusableKey, match=reason):
        Keyring(keys.folder).newest("code")


def test_processes_that_start_together_use_one_key(tmp_path: Path) -> None:
    command = [sys.executable, "-c", SCRIPT, str(tmp_path / "keys")]
    together = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(6)]
    answers = {process.communicate()[0].strip() for process in together}
    assert len(answers) == 1
    assert len(answers.pop()) == 64


@given(st.binary(max_size=100), st.text(max_size=20))
def test_what_is_encrypted_comes_back_under_its_label_only(plain: bytes, label: str) -> None:
    keys = _shared()
    protected = keys.encrypt(label, plain)
    assert keys.decrypt(label, protected) == plain
    assert plain not in protected or len(plain) < 4
    with pytest.raises(InvalidTag):
        keys.decrypt(label + "x", protected)


@given(st.data())
def test_a_single_altered_byte_is_refused_loudly(data: st.DataObject) -> None:
    protected = bytearray(_shared().encrypt("civil_id:1", b"100000000001"))
    place = data.draw(st.integers(0, len(protected) - 1))
    protected[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises((InvalidTag, UnusableKey)):
        _shared().decrypt("civil_id:1", bytes(protected))


@pytest.mark.parametrize("protected", [b"", b":", b"1:", b"1:short", b"99:" + b"a" * 40, b"\xff\xfe:" + b"a" * 40])
def test_what_was_never_encrypted_is_refused(keys: Keyring, protected: bytes) -> None:
    with pytest.raises((InvalidTag, UnusableKey)):
        keys.decrypt("x", protected)


def test_two_values_are_never_encrypted_alike(keys: Keyring) -> None:
    assert keys.encrypt("x", b"same") != keys.encrypt("x", b"same")


def test_a_digest_depends_on_its_label_and_on_the_border_between_both(keys: Keyring) -> None:
    digests = {keys.digest("a", "bc"), keys.digest("ab", "c"), keys.digest("", "abc"), keys.digest("abc", "")}
    assert len(digests) == 4
    assert keys.digest("a", "bc").startswith("1:")


def test_after_a_rotation_old_values_are_read_and_new_ones_made(keys: Keyring) -> None:
    old_value, old_digest = keys.encrypt("x", b"kept"), keys.digest("d", "v")
    assert keys.rotate("field").id == "2"
    assert keys.rotate("index") == keys.newest("index")
    assert keys.decrypt("x", old_value) == b"kept"
    assert keys.encrypt("x", b"new").startswith(b"2:")
    assert keys.digests("d", "v") == [keys.digest("d", "v"), old_digest]
    assert keys.digest("d", "v") != old_digest


def test_a_rotation_reaches_a_process_that_is_running(keys: Keyring) -> None:
    running = Keyring(keys.folder)
    assert running.newest("code").id == "1"
    keys.rotate("code")
    assert running.newest("code").id == "2"
    keys.retire("code", "1")
    assert list(running.versions("code")) == ["2"]


def test_versions_are_ordered_as_numbers(keys: Keyring) -> None:
    for _ in range(10):
        keys.rotate("code")
    assert keys.newest("code").version == 11
    assert list(keys.versions("code")) == [str(number) for number in range(1, 12)]


def test_only_an_older_version_can_be_retired(keys: Keyring) -> None:
    value = keys.encrypt("x", b"kept")
    for key_id in ("1", "7"):
        with pytest.raises(UnusableKey):
            keys.retire("field", key_id)
    keys.rotate("field")
    keys.retire("field", "1")
    with pytest.raises(UnusableKey, match="the version that protects this value is not here"):
        keys.decrypt("x", value)


def test_an_error_never_shows_the_key(keys: Keyring) -> None:
    secret = keys.newest("code").secret.hex()
    (keys.folder / "code.1").chmod(0o644)
    with pytest.raises(UnusableKey) as refused:
        Keyring(keys.folder).newest("code")
    assert secret not in str(refused.value)
    assert secret not in repr(Key("code", 1, bytes.fromhex(secret)))


def test_the_manual_lists_every_key() -> None:
    manual = (Path(__file__).parents[2] / "docs" / "security.md").read_text(encoding="utf-8")
    table = manual.partition("## Keys")[2].partition("## ")[0]
    assert re.findall(r"^\| ([a-z]+) \|", table, re.MULTILINE)[1:] == list(NAMES)


def _shared() -> Keyring:
    """One ring for all examples of a property: making a file takes longer than what is tested."""
    ring: Keyring = settings.KEYS
    return ring
