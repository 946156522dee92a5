"""Passwords' hashes of other systems, as an import brings them: compared once, then replaced by ours.

    aspnet       ASP.NET Identity v2 and v3: base64
    pbkdf2       pbkdf2_sha256$… and pbkdf2_sha512$… (Django), $pbkdf2-sha256$… and $pbkdf2-sha512$… (passlib)
    bcrypt       $2a$…, $2b$…, $2y$…
    scrypt       scrypt$N$salt$r$p$… (Django), $scrypt$ln=…,r=…,p=…$… (PHC), scrypt:N:r:p$salt$hex (Werkzeug)
    argon2       $argon2id$…, $argon2i$…, argon2$argon2id$… (Django)

A hash costs at most what `Unreadable` lets through, so that no imported line becomes a way to stop the portal.
"""

import binascii
import hashlib
import hmac
import struct
from base64 import b64decode
from collections.abc import Callable
from functools import partial

import bcrypt
from argon2 import extract_parameters
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import verify_secret

MARK = "foreign$"
LONGEST = 255 - len(MARK)
MOST_ROUNDS = 2_000_000
MOST_MEMORY = 256 * 1024 * 1024  # bytes
MOST_BCRYPT = 14

Compare = Callable[[bytes], bool]


class Unreadable(ValueError):
    """No hash of these forms, or one that would cost more than a sign-in may."""


def stored(encoded: str) -> str:
    """What to keep of an imported hash. Raises `Unreadable`."""
    _reader(encoded)
    if len(encoded) > LONGEST:
        raise Unreadable
    return MARK + encoded


def is_foreign(kept: str) -> bool:
    return kept.startswith(MARK)


def verify(raw: str, kept: str) -> bool:
    """Whether `raw` is the password, exactly as typed: the other system did not normalise it."""
    try:
        return _reader(kept.removeprefix(MARK))(raw.encode())
    except ValueError:  # not to be read, or beyond what its library computes
        return False


def _reader(encoded: str) -> Compare:
    for prefix, read in _READERS.items():
        if encoded.startswith(prefix):
            try:
                return read(encoded)
            except (ValueError, KeyError, struct.error, InvalidHashError) as error:
                raise Unreadable from error
    raise Unreadable


def _pbkdf2(name: str, rounds: int, salt: bytes, digest: bytes) -> Compare:
    _expect(0 < rounds <= MOST_ROUNDS and 16 <= len(digest) <= 64 and salt)
    return lambda raw: hmac.compare_digest(hashlib.pbkdf2_hmac(name, raw, salt, rounds, len(digest)), digest)


def _aspnet(encoded: str) -> Compare:
    blob = b64decode(encoded, validate=True)
    if blob[0] == 0:  # v2: PBKDF2 with HMAC-SHA1, a thousand rounds
        _expect(len(blob) == 49)
        return _pbkdf2("sha1", 1000, blob[1:17], blob[17:])
    kind, rounds, salt_length = struct.unpack(">III", blob[1:13])
    salt, digest = blob[13 : 13 + salt_length], blob[13 + salt_length :]
    _expect(blob[0] == 1)
    return _pbkdf2({0: "sha1", 1: "sha256", 2: "sha512"}[kind], rounds, salt, digest)


def _django_pbkdf2(encoded: str) -> Compare:
    scheme, rounds, salt, digest = encoded.split("$")
    return _pbkdf2(scheme.removeprefix("pbkdf2_"), int(rounds), salt.encode(), b64decode(digest, validate=True))


def _passlib_pbkdf2(encoded: str) -> Compare:
    _, scheme, rounds, salt, digest = encoded.split("$")
    return _pbkdf2(scheme.removeprefix("pbkdf2-"), int(rounds), _passlib_b64(salt), _passlib_b64(digest))


def _bcrypt(encoded: str) -> Compare:
    _, _, cost, rest = encoded.split("$")
    _expect(4 <= int(cost) <= MOST_BCRYPT and len(rest) == 53)
    hashed = encoded.encode()
    # The algorithm reads 72 bytes, and other libraries cut silently. A zero byte ends a password: what stands behind it
    # would be the password over again.
    return lambda raw: b"\0" not in raw and bcrypt.checkpw(raw[:72], hashed)


def _scrypt(salt: bytes, n: int, r: int, p: int, digest: bytes) -> Compare:
    memory = 128 * r * (n + p + 2)  # as OpenSSL counts it
    _expect(n > 1 and n.bit_count() == 1 and r > 0 and 0 < p <= 16)
    _expect(memory <= MOST_MEMORY and 16 <= len(digest) <= 64)
    work = partial(hashlib.scrypt, salt=salt, n=n, r=r, p=p, maxmem=memory, dklen=len(digest))
    return lambda raw: hmac.compare_digest(work(raw), digest)


def _django_scrypt(encoded: str) -> Compare:
    _, n, salt, r, p, digest = encoded.split("$")
    return _scrypt(salt.encode(), int(n), int(r), int(p), b64decode(digest, validate=True))


def _phc_scrypt(encoded: str) -> Compare:
    _, _, costs, salt, digest = encoded.split("$")
    named = dict(part.split("=") for part in costs.split(","))
    _expect(int(named["ln"]) <= 24)
    return _scrypt(_plain_b64(salt), 2 ** int(named["ln"]), int(named["r"]), int(named["p"]), _plain_b64(digest))


def _werkzeug_scrypt(encoded: str) -> Compare:
    costs, salt, digest = encoded.split("$")
    _, n, r, p = costs.split(":")
    return _scrypt(salt.encode(), int(n), int(r), int(p), binascii.unhexlify(digest))


def _argon2(encoded: str) -> Compare:
    inner = encoded.removeprefix("argon2")
    found = extract_parameters(inner)
    _expect(found.memory_cost * 1024 <= MOST_MEMORY and found.time_cost <= 20 and found.parallelism <= 16)

    def compare(raw: bytes) -> bool:
        try:
            return verify_secret(inner.encode(), raw, found.type)
        except VerificationError:
            return False

    return compare


def _expect(fact: object) -> None:
    if not fact:
        raise Unreadable


def _plain_b64(text: str) -> bytes:
    return b64decode(text + "=" * (-len(text) % 4), validate=True)


def _passlib_b64(text: str) -> bytes:
    return _plain_b64(text.replace(".", "+"))


_READERS: dict[str, Callable[[str], Compare]] = {
    "pbkdf2_sha256$": _django_pbkdf2,
    "pbkdf2_sha512$": _django_pbkdf2,
    "$pbkdf2-sha256$": _passlib_pbkdf2,
    "$pbkdf2-sha512$": _passlib_pbkdf2,
    "$2a$": _bcrypt,
    "$2b$": _bcrypt,
    "$2y$": _bcrypt,
    "scrypt$": _django_scrypt,
    "$scrypt$": _phc_scrypt,
    "scrypt:": _werkzeug_scrypt,
    "$argon2": _argon2,
    "argon2$": _argon2,
    "A": _aspnet,  # base64 of a first byte 0 or 1
}
