"""Hashing and comparing passwords: a keyed step with a key outside the database, then Argon2id.

Stored as `keyed$<key id>$argon2id$v=19$m=…,t=…,p=…$<salt>$<hash>`. Whoever takes the database alone cannot even begin
to guess. This is the only door: Django's own password functions come through `Hasher` as well.
"""

import hmac
import secrets
from base64 import b64encode
from dataclasses import replace
from functools import partial
from hashlib import sha256
from typing import Any

from argon2 import Parameters, extract_parameters
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import ARGON2_VERSION, Type, hash_secret, verify_secret
from django.conf import settings
from django.contrib.auth.hashers import BasePasswordHasher, mask_hash

from bawaba.domain.accounts import foreign
from bawaba.domain.accounts.passwords import ENOUGH, LONGEST, normalised
from bawaba.domain.accounts.turnstile import turnstile
from bawaba.infrastructure.keys import Key, UnusableKey

ALGORITHM = "keyed"
SALT_BYTES = 16
HASH_BYTES = 32


def hash_password(raw: str) -> str:
    """What to store of a password that `passwords.check` has taken. Raises `HashingBusy`, and `ValueError` for one
    that is empty or longer than the rule allows.
    """
    password = normalised(raw)
    if not 0 < len(password) <= LONGEST:
        raise ValueError("an empty or overlong password is never hashed")
    return _hash(password, secrets.token_bytes(SALT_BYTES))


def verify_password(raw: str, encoded: str) -> bool:
    """Whether `raw` is the password. One hash of the full cost runs, even when `encoded` is no hash at all.

    An empty or overlong one is refused without a hash, whoever asks. Raises `HashingBusy`; `UnusableKey` when the key
    of this hash is not here.
    """
    if len(raw) > ENOUGH:
        return False
    password = normalised(raw)
    if not 0 < len(password) <= LONGEST:
        return False
    if foreign.is_foreign(encoded):
        right = turnstile().run(partial(foreign.verify, raw, encoded))
        _verify(password, DUMMY)
        return right
    if settings.BAWABA.imported_hash:  # while imported people have not all signed in, everybody costs what they cost
        turnstile().run(partial(foreign.verify, raw, settings.BAWABA.imported_hash))
    if _is_ours(encoded):
        return _verify(password, encoded)
    _verify(password, DUMMY)
    return False


def mark(raw: str, encoded: str) -> str:
    """Eight bits of a password, keyed and bound to its hash: what says cheaply that it is hardly worth comparing.

    Too few to guess a password by, also with the key. Raises `UnusableKey` when the key of this hash is not here.
    """
    key = _version(_parts(encoded)[0])
    text = f"{len(encoded)}:{encoded}{normalised(raw[:ENOUGH])}"
    return hmac.new(key.secret, text.encode("utf-8", "surrogatepass"), sha256).hexdigest()[:2]


def needs_rehash(encoded: str) -> bool:
    """Whether a hash was made with other parameters or an older key than a new one would be."""
    if not _is_ours(encoded):
        return True
    key_id, argon2 = _parts(encoded)
    found = extract_parameters(argon2)
    return key_id != settings.KEYS.newest("password").id or found != replace(_parameters(), salt_len=found.salt_len)


class Hasher(BasePasswordHasher):
    """The same for Django's `make_password` and `check_password`, which other libraries call."""

    algorithm = ALGORITHM

    def encode(self, password: str, salt: str) -> str:
        """Raises `ValueError` for a value longer than a password may be: it could never be verified."""
        self._check_encode_args(password, salt)  # type: ignore[attr-defined]  # missing in the library's types
        if len(normalised(password)) > LONGEST:
            raise ValueError("an overlong password is never hashed")
        return _hash(normalised(password), salt.encode())

    def verify(self, password: str, encoded: str) -> bool:
        return verify_password(password, encoded)

    def must_update(self, encoded: str) -> bool:
        return needs_rehash(encoded)

    def decode(self, encoded: str) -> dict[str, Any]:
        key_id, argon2 = _parts(encoded)
        *_, salt, digest = argon2.split("$")
        return {"algorithm": ALGORITHM, "key": key_id, "salt": salt, "hash": digest}

    def safe_summary(self, encoded: str) -> dict[Any, Any]:
        decoded = self.decode(encoded)
        return {**decoded, "salt": mask_hash(decoded["salt"]), "hash": mask_hash(decoded["hash"])}

    def harden_runtime(self, password: str, encoded: str) -> None:
        """Nothing: the hash that was compared is renewed at the next sign-in."""


def _hash(password: str, salt: bytes) -> str:
    key = settings.KEYS.newest("password")
    now = _parameters()
    work = partial(
        hash_secret,
        _keyed(key, password),
        salt,
        time_cost=now.time_cost,
        memory_cost=now.memory_cost,
        parallelism=now.parallelism,
        hash_len=now.hash_len,
        type=now.type,
    )
    return f"{ALGORITHM}${key.id}{turnstile().run(work).decode()}"


def _verify(password: str, encoded: str) -> bool:
    key_id, argon2 = _parts(encoded)
    key = _version(key_id)
    try:
        return turnstile().run(partial(verify_secret, argon2.encode(), _keyed(key, password), Type.ID))
    except VerificationError:
        return False


def _version(key_id: str) -> Key:
    try:
        key: Key = settings.KEYS.versions("password")[key_id]
    except KeyError as error:
        raise UnusableKey("password", "the version that protects this hash is not here") from error
    return key


def _parameters() -> Parameters:
    now = settings.BAWABA
    return Parameters(
        type=Type.ID,
        version=ARGON2_VERSION,
        salt_len=SALT_BYTES,
        hash_len=HASH_BYTES,
        time_cost=now.password_passes,
        memory_cost=now.password_memory,
        parallelism=now.password_lanes,
    )


def _keyed(key: Key, password: str) -> bytes:
    return hmac.digest(key.secret, password.encode(errors="surrogatepass"), sha256)


def _parts(encoded: str) -> tuple[str, str]:
    _, key_id, argon2 = encoded.split("$", 2)
    return key_id, f"${argon2}"


def _is_ours(encoded: str) -> bool:
    if not encoded.startswith(f"{ALGORITHM}$") or encoded.count("$") != 6:
        return False
    try:
        extract_parameters(_parts(encoded)[1])
    except InvalidHashError:
        return False
    return True


def _dummy() -> str:
    now = _parameters()
    cost = f"v={now.version}$m={now.memory_cost},t={now.time_cost},p={now.parallelism}"
    salt, digest = (_b64(secrets.token_bytes(size)) for size in (now.salt_len, now.hash_len))
    return f"{ALGORITHM}${settings.KEYS.newest('password').id}$argon2id${cost}${salt}${digest}"


def _b64(raw: bytes) -> str:
    return b64encode(raw).decode().replace("=", "")


DUMMY = _dummy()
"""A hash of nobody's password, of the same cost as everybody's: for an address that has none."""
