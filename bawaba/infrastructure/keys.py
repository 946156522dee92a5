"""The keys of the installation: random files outside the database, one folder, several versions side by side.

A file is named `<name>.<version>` and holds 32 random bytes as hexadecimal digits; that of `oidc`, which signs what the
services read, an RSA key as PEM. Every protected value carries the version it was made with, so that a new version can
begin while values of the old one live out their time.
"""

import hmac
import os
import secrets
import stat
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

SIGNING = "oidc"
NAMES = ("session", "code", "index", "field", "password", "audit", SIGNING)
STORED = ("index", "field", "password")
"""Without these nobody can sign in to what a database holds, and no civil number can be read."""
LENGTH = 32
MODULUS = 3072  # bits of the signing key


class UnusableKey(Exception):
    """A key that must not be used: `name` says which, `reason` why."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"{name}: {reason}")
        self.name = name
        self.reason = reason


@dataclass(frozen=True)
class Key:
    """One version of one key. `id` is what protected values carry; `secret` the bytes, of `oidc` the PEM text."""

    name: str
    version: int
    secret: bytes = field(repr=False)

    @property
    def id(self) -> str:
        return str(self.version)


class Keyring:
    """The keys in one folder. Makes the first version of a key that has none; notices when versions come and go."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._read: dict[str, dict[str, Key]] = {}
        self._changed_at = -1

    def versions(self, name: str) -> dict[str, Key]:
        """All versions by id, oldest first. Raises `UnusableKey` when a file is open to others or too short."""
        changed_at = self._stamp()  # a rotation reaches running processes at once
        if changed_at != self._changed_at:
            self._read, self._changed_at = {}, changed_at
        if name not in self._read:
            self._read[name] = self._load(name)
        return self._read[name]

    def _stamp(self) -> int:
        try:
            return self.folder.stat().st_mtime_ns
        except FileNotFoundError:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            return self.folder.stat().st_mtime_ns

    def require(self, *names: str) -> None:
        """Raises `UnusableKey` for a key that has no version here: one made anew would not fit what is stored."""
        for name in self.lacking(*names):
            raise UnusableKey(name, "is not here; bawaba migrate makes the keys of a new installation")

    def lacking(self, *names: str) -> list[str]:
        """Those of `names` that have no version here. Makes none."""
        return [name for name in names if not any(self.folder.glob(f"{name}.[0-9]*"))]

    def rotate(self, name: str) -> Key:
        """Begin a new version of a key. What the older ones protect stays readable until they are retired."""
        self._make(name, self.newest(name).version + 1)
        self._read = {}
        return self.newest(name)

    def retire(self, name: str, key_id: str) -> None:
        """Remove an older version for good. Raises `UnusableKey` for the newest one and for one that is not here."""
        if key_id == self.newest(name).id or key_id not in self.versions(name):
            raise UnusableKey(name, f"version {key_id} is the newest or not here")
        self._path(name, key_id).unlink()
        self._read = {}

    def made_at(self, name: str, key_id: str) -> datetime:
        """When this version was made, by its file."""
        return datetime.fromtimestamp(self._path(name, key_id).stat().st_mtime, UTC)

    def newest(self, name: str) -> Key:
        """The version that protects new values."""
        return list(self.versions(name).values())[-1]

    def digest(self, label: str, value: str) -> str:
        """A keyed digest for uniqueness, exact search and counters: `<key id>:<64 hexadecimal digits>`."""
        return self.digest_with(self.newest("index"), label, value)

    def digests(self, label: str, value: str) -> list[str]:
        """The digests under every version, newest first: what to search for while a rotation is under way."""
        return [self.digest_with(key, label, value) for key in reversed(self.versions("index").values())]

    @staticmethod
    def digest_with(key: Key, label: str, value: str) -> str:
        """The same under a given version of the index key, for values that were made before a rotation."""
        text = f"{len(label)}:{label}{value}".encode()
        return f"{key.id}:{hmac.new(key.secret, text, sha256).hexdigest()}"

    def encrypt(self, label: str, plain: bytes) -> bytes:
        """AES-256-GCM under the field key, bound to `label` (what the value is and whose)."""
        key = self.newest("field")
        nonce = os.urandom(12)
        return key.id.encode() + b":" + nonce + AESGCM(key.secret).encrypt(nonce, plain, label.encode())

    def decrypt(self, label: str, protected: bytes | memoryview) -> bytes:
        """What `encrypt` was given. Raises `UnusableKey` for an unknown version, `InvalidTag` for altered bytes."""
        key_id, _, rest = bytes(protected).partition(b":")
        try:
            key = self.versions("field")[key_id.decode("latin-1")]
        except KeyError as error:
            raise UnusableKey("field", "the version that protects this value is not here") from error
        if len(rest) < 12 + 16:  # shorter than the nonce and the tag
            raise InvalidTag
        return AESGCM(key.secret).decrypt(rest[:12], rest[12:], label.encode())

    @cached_property
    def _owner(self) -> int:
        return os.getuid()

    def _load(self, name: str) -> dict[str, Key]:
        files = sorted(self.folder.glob(f"{name}.[0-9]*"), key=lambda path: int(path.suffix[1:]))
        if not files:
            files = [self._make(name, 1)]
        return {path.suffix[1:]: self._open(name, path) for path in files}

    def _path(self, name: str, key_id: str) -> Path:
        return self.folder / f"{name}.{key_id}"

    def _make(self, name: str, version: int) -> Path:
        path = self._path(name, str(version))
        fresh = self.folder / f".{name}.{version}.{secrets.token_hex(4)}"
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(_signing_key() if name == SIGNING else secrets.token_hex(LENGTH))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(fresh, path)  # of two processes that start together, one wins and both read the winner's
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
            self._sync_folder()
        return path

    def _sync_folder(self) -> None:
        """A key that has protected something must survive a power cut: its name in the folder too."""
        descriptor = os.open(self.folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def _open(self, name: str, path: Path) -> Key:
        status = path.stat()
        if stat.S_IMODE(status.st_mode) != 0o600 or status.st_uid != self._owner:
            raise UnusableKey(name, f"{path.name} must belong to this user and have mode 0600")
        if name == SIGNING:
            return Key(name, int(path.suffix[1:]), _checked_signing_key(path))
        try:
            secret = bytes.fromhex(path.read_text(encoding="ascii").strip())
        except ValueError as error:
            raise UnusableKey(name, f"{path.name} does not hold hexadecimal digits") from error
        if len(secret) < LENGTH:
            raise UnusableKey(name, f"{path.name} is shorter than 256 bits")
        return Key(name, int(path.suffix[1:]), secret)


def _signing_key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=MODULUS)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode("ascii")


def _checked_signing_key(path: Path) -> bytes:
    pem = path.read_bytes()
    try:
        key = load_pem_private_key(pem, password=None)
    except ValueError as error:
        raise UnusableKey(SIGNING, f"{path.name} does not hold a private key as PEM") from error
    if not isinstance(key, rsa.RSAPrivateKey) or key.key_size < MODULUS:
        raise UnusableKey(SIGNING, f"{path.name} is no RSA key of {MODULUS} bits or more")
    return pem
