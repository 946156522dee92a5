"""Hashes of other systems: published examples are recognised, and no line of an import can stop the portal."""

import base64
import hashlib
import struct

import pytest
from django.contrib.auth import hashers
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.security import generate_password_hash

from bawaba.domain.accounts import foreign

WORD = "Falcon of Failaka 1!"


def b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def aspnet_v2(word: str) -> str:
    salt = bytes(range(16))
    return b64(b"\0" + salt + hashlib.pbkdf2_hmac("sha1", word.encode(), salt, 1000, 32))


def aspnet_v3(word: str, kind: int = 1, name: str = "sha256", rounds: int = 10_000) -> str:
    salt = bytes(range(16))
    head = b"\1" + struct.pack(">III", kind, rounds, len(salt))
    return b64(head + salt + hashlib.pbkdf2_hmac(name, word.encode(), salt, rounds, 32))


def phc_scrypt(word: str) -> str:
    digest = hashlib.scrypt(word.encode(), salt=b"saltsalt", n=16384, r=8, p=1, maxmem=64 * 1024 * 1024, dklen=32)
    return f"$scrypt$ln=14,r=8,p=1${b64(b'saltsalt').rstrip('=')}${b64(digest).rstrip('=')}"


PUBLISHED = [  # password, hash: from the documentation of passlib, bcrypt and Argon2
    ("password", "$pbkdf2-sha256$6400$.6UI/S.nXIk8jcbdHx3Fhg$98jZicV16ODfEsEZeYPGHU3kbrUrvUEXOPimVSQDD44"),
    ("U*U", "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"),
    ("password", "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"),
]
MADE = [
    (WORD, aspnet_v2(WORD)),
    (WORD, aspnet_v3(WORD)),
    (WORD, aspnet_v3(WORD, 2, "sha512", 100_000)),
    (WORD, hashers.PBKDF2PasswordHasher().encode(WORD, "salt", 1000)),
    (WORD, hashers.ScryptPasswordHasher().encode(WORD, "saltsalt")),
    (WORD, hashers.Argon2PasswordHasher().encode(WORD, "saltsalt")),
    (WORD, generate_password_hash(WORD, method="scrypt")),
    (WORD, phc_scrypt(WORD)),
]


@pytest.mark.parametrize(("word", "encoded"), PUBLISHED + MADE)
def test_right_password_is_recognised_and_no_other(word: str, encoded: str) -> None:
    kept = foreign.stored(encoded)
    assert foreign.is_foreign(kept)
    assert foreign.verify(word, kept)
    assert not foreign.verify(word + "x", kept)
    assert not foreign.verify("", kept)


def test_bcrypt_reads_72_bytes_as_the_others_do() -> None:
    kept = foreign.stored("$2b$04$" + "C" * 21 + "." + "E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW")
    assert not foreign.verify("ا" * 200, kept)
    assert not foreign.verify("a\0b", kept)


@pytest.mark.parametrize(
    "encoded",
    [
        "",
        "x",
        "md5$salt$abc",
        "5f4dcc3b5aa765d61d8327deb882cf99",
        "$2b$20$" + "C" * 53,
        "$2b$xx$" + "C" * 53,
        "pbkdf2_sha256$999999999$salt$" + b64(b"x" * 32),
        "pbkdf2_sha256$0$salt$" + b64(b"x" * 32),
        "pbkdf2_sha256$-5$salt$" + b64(b"x" * 32),
        "pbkdf2_md5$1$salt$" + b64(b"x" * 32),
        "scrypt$1073741824$salt$8$1$" + b64(b"x" * 32),
        "$scrypt$ln=60,r=8,p=1$c2FsdA$c2FsdA",
        "$argon2id$v=19$m=9999999,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
        aspnet_v3(WORD)[:40],
        aspnet_v3(WORD, rounds=3_000_000),
        b64(b"\1" + struct.pack(">III", 9, 1, 16) + b"x" * 48),
        "A",
        "pbkdf2_sha256$1000$salt$" + b64(b"x" * 300),
    ],
)
def test_unknown_or_too_dear_hash_is_refused_at_the_import(encoded: str) -> None:
    with pytest.raises(foreign.Unreadable):
        foreign.stored(encoded)


@given(st.text(max_size=120), st.sampled_from(["", "$2b$", "pbkdf2_sha256$", "$scrypt$", "scrypt:", "$argon2id$", "A"]))
def test_nonsense_raises_nothing_else(text: str, prefix: str) -> None:
    assert not foreign.verify("x", foreign.MARK + prefix + text)
