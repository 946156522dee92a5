"""Codes come from keys outside the database, look like chance, and stand nowhere."""

import hmac
from collections import Counter as Tally
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings

from bawaba.infrastructure.codes import codes
from bawaba.infrastructure.codes.codes import Challenge, Purpose
from bawaba.infrastructure.codes.derivation import lane_mark
from bawaba.infrastructure.keys import Keyring, UnusableKey
from bawaba.infrastructure.limits.models import Counter
from tests.infrastructure.codes.desk import MARYAM, SALEM, issued, newest, use

pytestmark = pytest.mark.django_db
SUBJECT = "9c1f4f3e-0000-4000-8000-000000000001"


def test_every_part_of_the_challenge_changes_the_code() -> None:
    challenge = issued(Purpose.RESET)
    challenge.digits = 12
    seen = {codes.derive(challenge, 1, MARYAM), codes.derive(challenge, 1, SALEM), codes.derive(challenge, 2, MARYAM)}
    for name, value in {"purpose": "mobile", "subject": str(uuid4()), "nonce": b"\x01" * 16}.items():
        kept = getattr(challenge, name)
        setattr(challenge, name, value)
        seen.add(codes.derive(challenge, 1, MARYAM))
        setattr(challenge, name, kept)
    assert len(seen) == 6
    assert codes.derive(challenge, 1, MARYAM) in seen


def test_parts_that_run_into_each_other_are_kept_apart() -> None:
    challenge = issued()
    challenge.digits = 12
    challenge.purpose, challenge.subject = "ab", "c"
    one = newest(challenge)
    challenge.purpose, challenge.subject = "a", "bc"
    assert newest(challenge) != one


def test_a_code_is_the_hmac_that_the_design_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Done again by hand, with keys that are known: a change here breaks codes that are on their way."""
    for name, byte in {"code": "11", "index": "22"}.items():
        file = tmp_path / f"{name}.1"
        file.write_text(byte * 32)
        file.chmod(0o600)
    monkeypatch.setattr(settings, "KEYS", Keyring(tmp_path))
    challenge = Challenge(purpose="reset", subject=SUBJECT, nonce=bytes(range(16)), key_id="1", digits=8)
    mac = hmac.new(b"\x22" * 32, b"17:challenge.address" + MARYAM.encode(), sha256).hexdigest()
    challenge.address_digest = f"1:{mac}"
    text = f"13:bawaba code 15:reset36:{SUBJECT}66:1:{mac}32:000102030405060708090a0b0c0d0e0f1:1"
    number = int(hmac.new(b"\x11" * 32, text.encode(), sha256).hexdigest(), 16)
    assert newest(challenge) == f"{number:080d}"[-8:] == "35227348"


def test_each_known_device_is_marked_with_a_digest_of_its_own() -> None:
    assert lane_mark("public") == "public"
    marks = {lane_mark("one"), lane_mark("two"), settings.KEYS.digest("challenge.lane", "three")}
    assert len(marks) == 3
    assert lane_mark("three") in marks


def test_the_courier_derives_the_same_code_again() -> None:
    challenge = issued()
    assert newest(challenge) == newest(Challenge.objects.get(id=challenge.id))


def test_another_installation_has_other_codes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """RT-19."""
    challenge = issued(Purpose.RESET)
    here = newest(challenge)
    monkeypatch.setattr(settings, "KEYS", Keyring(tmp_path))
    assert newest(challenge) != here


@pytest.mark.parametrize("name", ["code", "index"])
def test_a_code_outlives_the_renewal_of_a_key(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "KEYS", Keyring(tmp_path))
    challenge = issued(Purpose.RESET)
    sent = newest(challenge)
    settings.KEYS._make(name, 2)
    monkeypatch.setattr(settings, "KEYS", Keyring(tmp_path))
    assert codes.current(purpose=Purpose.RESET, address=MARYAM) == challenge
    assert codes.resend(challenge) == challenge
    use(challenge, sent)
    assert issued(Purpose.RESET).key_id == ("2" if name == "code" else "1")


def test_without_its_key_a_challenge_gives_no_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    challenge = issued()
    challenge.key_id = "7"
    with pytest.raises(UnusableKey, match=r"^code: the version that made this challenge is not here$"):
        newest(challenge)


@pytest.mark.parametrize("position", range(6))
def test_derived_digits_are_evenly_spread(position: int) -> None:
    """Chi-square of 20,000 digits at each place; 9 degrees of freedom exceed 40 once in 100,000."""
    challenge = issued()
    tally = Tally(codes.derive(challenge, generation, MARYAM)[position] for generation in range(2, 20_002))
    assert sum((tally[digit] - 2000) ** 2 / 2000 for digit in "0123456789") < 40


def test_derived_codes_are_evenly_spread_over_their_range() -> None:
    """Chi-square of 50,000 codes in 1,000 cells; 999 degrees of freedom exceed 1,200 once in 100,000."""
    challenge = issued()
    cells = Tally(int(codes.derive(challenge, generation, MARYAM)) // 1000 for generation in range(2, 50_002))
    assert sum((cells[cell] - 50) ** 2 / 50 for cell in range(1000)) < 1_200


def test_nothing_that_is_sent_or_typed_can_be_read_in_the_database() -> None:
    challenge = codes.request(purpose=Purpose.RESET, subject=str(uuid4()), address=MARYAM, source="192.0.2.77")
    sent = newest(challenge)
    use(challenge, sent, source="192.0.2.77")
    stored = str([list(Challenge.objects.values()), list(Counter.objects.values())])
    for secret in (sent, MARYAM, "maryam", "192.0.2.77", settings.KEYS.newest("code").secret.hex()):
        assert secret not in stored
