"""Second factors of the named people: an authenticator that tells its code, and a passkey made of software."""

import json
import time
from hashlib import sha256
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from fido2 import cbor
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import AttestedCredentialData, AuthenticatorData

from bawaba.domain.accounts.models import User

FLAG = AuthenticatorData.FLAG
PERIOD, TOO_SHORT_TO_TYPE = 30, 3  # seconds
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def give_authenticator(user: User) -> None:
    totp.TOTP.activate(user, SECRET)


def give_recovery_codes(user: User) -> list[str]:
    codes: list[str] = RecoveryCodes.activate(user).generate_codes()
    return codes


def shown_code(secret: str = SECRET, *, steps: int = 0) -> str:
    """What the authenticator shows now, or so many periods later. One that is about to change is let pass."""
    left = PERIOD - time.time() % PERIOD
    if left < TOO_SHORT_TO_TYPE:
        time.sleep(left)
    counter = int(time.time()) // PERIOD + steps
    return str(totp.format_hotp_value(totp.hotp_value(secret, counter)))


class Passkey:
    """A passkey in software: it answers the challenges of the pages as a browser would."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = sha256(str(id(self)).encode()).digest()
        self.handle = b""

    def register(self, options: str, *, verified: bool = True) -> str:
        key = json.loads(options)["publicKey"]
        self.handle = websafe_decode(key["user"]["id"])
        cose = ES256.from_cryptography_key(self.key.public_key())  # type: ignore[no-untyped-call]  # the library's own
        credential = AttestedCredentialData.create(b"\0" * 16, self.id, cose)
        data = AuthenticatorData.create(_rp(), self._flags(verified) | FLAG.AT, 0, bytes(credential))
        attestation = cbor.encode({"fmt": "none", "authData": bytes(data), "attStmt": {}})
        response = {
            "clientDataJSON": websafe_encode(_client("webauthn.create", key["challenge"])),
            "attestationObject": websafe_encode(attestation),
        }
        return self._answer(response)

    def answer(self, options: str, *, verified: bool = True, origin: str = "") -> str:
        client = _client("webauthn.get", json.loads(options)["publicKey"]["challenge"], origin)
        data = bytes(AuthenticatorData.create(_rp(), self._flags(verified), 0))
        signature = self.key.sign(data + sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        response = {
            "clientDataJSON": websafe_encode(client),
            "authenticatorData": websafe_encode(data),
            "signature": websafe_encode(signature),
            "userHandle": websafe_encode(self.handle),
        }
        return self._answer(response)

    def _answer(self, response: dict[str, str]) -> str:
        own = websafe_encode(self.id)
        answer: dict[str, Any] = {"id": own, "rawId": own, "type": "public-key", "clientExtensionResults": {}}
        return json.dumps(answer | {"response": response})

    @staticmethod
    def _flags(verified: bool) -> FLAG:
        return FLAG.UP | FLAG.UV if verified else FLAG.UP


def _rp() -> bytes:
    return sha256(settings.BAWABA.origin.split("//")[1].split(":")[0].encode()).digest()


def _client(kind: str, challenge: str, origin: str = "") -> bytes:
    return json.dumps({"type": kind, "challenge": challenge, "origin": origin or settings.BAWABA.origin}).encode()


def factor_types(user: User) -> list[str]:
    return sorted(Authenticator.objects.filter(user=user).values_list("type", flat=True))
