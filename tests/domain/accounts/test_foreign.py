"""Hashes of other systems: published examples are recognised, and no line of an import can stop the portal."""

import base64
import hashlib
import struct

import bcrypt
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
    (WORD, aspnet_v3(WORD, 0, "sha1")),
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
    long = bcrypt.hashpw(b"x" * 72, bcrypt.gensalt(4)).decode()
    assert foreign.verify("x" * 73, foreign.stored(long))
    assert not foreign.verify("x" * 71, foreign.stored(long))


def test_a_password_over_again_behind_a_zero_byte_is_another_one_for_bcrypt_too() -> None:
    word, encoded = PUBLISHED[1]
    assert not foreign.verify(f"{word}\0{word}", foreign.stored(encoded))


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


def pbkdf2(rounds: int = 1, salt: str = "salt", size: int = 32) -> str:
    return f"pbkdf2_sha256${rounds}${salt}${b64(b'x' * size)}"


def scrypt(n: int = 2, r: int = 1, p: int = 1, size: int = 32) -> str:
    return f"scrypt${n}$salt${r}${p}${b64(b'x' * size)}"


def pieces(version: bytes, salt: int) -> str:
    """ASP.NET Identity v3: of 48 bytes the first `salt` are said to be the salt."""
    return b64(version + struct.pack(">III", 0, 1, salt) + b"x" * 48)


def argon2(memory: int = 8, passes: int = 1, lanes: int = 1) -> str:
    return f"$argon2id$v=19$m={memory},t={passes},p={lanes}$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"


@pytest.mark.parametrize(
    ("last", "beyond"),
    [
        (pbkdf2(rounds=1), pbkdf2(rounds=0)),
        (pbkdf2(rounds=2_000_000), pbkdf2(rounds=2_000_001)),
        (pbkdf2(salt="s"), pbkdf2(salt="")),
        (pbkdf2(size=16), pbkdf2(size=15)),
        (pbkdf2(size=64), pbkdf2(size=65)),
        (scrypt(n=2), scrypt(n=1)),
        (scrypt(n=4), scrypt(n=3)),
        (scrypt(r=1), scrypt(r=0)),
        (scrypt(p=1), scrypt(p=0)),
        (scrypt(p=16), scrypt(p=17)),
        (scrypt(r=2**18, p=4), scrypt(r=2**18, p=5)),
        (scrypt(size=16), scrypt(size=15)),
        (scrypt(size=64), scrypt(size=65)),
        ("$2b$04$" + "C" * 53, "$2b$03$" + "C" * 53),
        ("$2y$14$" + "C" * 53, "$2y$15$" + "C" * 53),
        ("$2a$05$" + "C" * 53, "$2a$05$" + "C" * 54),
        (argon2(memory=256 * 1024), argon2(memory=256 * 1024 + 1)),
        (argon2(passes=20), argon2(passes=21)),
        (argon2(memory=128, lanes=16), argon2(memory=136, lanes=17)),
        (b64(b"\0" + b"x" * 48), b64(b"\0" + b"x" * 49)),
        (pieces(b"\1", 16), pieces(b"\2", 16)),
        (pieces(b"\1", 32), pieces(b"\1", 33)),
        (pieces(b"\1", 1), pieces(b"\1", 0)),
        (pbkdf2(salt="s" * 186), pbkdf2(salt="s" * 187)),
    ],
)
def test_bounds_are_exact(last: str, beyond: str) -> None:
    assert foreign.stored(last) == foreign.MARK + last
    with pytest.raises(foreign.Unreadable):
        foreign.stored(beyond)


@pytest.mark.parametrize("right", [scrypt(), phc_scrypt(WORD), aspnet_v2(WORD), pbkdf2(), PUBLISHED[0][1]])
def test_a_sign_that_is_not_base64_is_not_read_over(right: str) -> None:
    foreign.stored(right)
    with pytest.raises(foreign.Unreadable):
        foreign.stored(right[:-4] + "!!!!" + right[-4:])


@pytest.mark.parametrize(
    "encoded",
    [
        scrypt(n=2**16, r=1),
        "$2b$04$" + "!" * 53,
        argon2().replace("c29tZXNhbHQ", "ملح"),
        phc_scrypt(WORD).replace("ln=14", "ln=-1"),
    ],
)
def test_what_no_library_computes_is_nobodys_password(encoded: str) -> None:
    assert not foreign.verify(WORD, foreign.MARK + encoded)


@given(st.text(max_size=120), st.sampled_from(["", "$2b$", "pbkdf2_sha256$", "$scrypt$", "scrypt:", "$argon2id$", "A"]))
def test_nonsense_raises_nothing_else(text: str, prefix: str) -> None:
    assert not foreign.verify("x", foreign.MARK + prefix + text)
