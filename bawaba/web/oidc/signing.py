"""The key that signs ID tokens, and the older ones that still prove what was signed before a rotation."""

import json
from typing import Any

from django.conf import settings
from jwcrypto.jwk import JWK
from oauth2_provider.utils import jwk_from_pem

from bawaba.infrastructure.keys import SIGNING

ALGORITHM = "RS256"


def newest() -> JWK:
    return _jwk(settings.KEYS.newest(SIGNING).secret)


def with_id(kid: object) -> JWK | None:
    """The key that a signature names; None for one that is not ours or was retired."""
    return next((key for key in _all() if key.thumbprint() == kid), None)


def public() -> list[dict[str, Any]]:
    """All versions as the services read them, newest first. Nothing private is in it."""
    return [
        {"alg": ALGORITHM, "use": "sig", "kid": key.thumbprint(), **json.loads(key.export_public())} for key in _all()
    ]


def _all() -> list[JWK]:
    return [_jwk(key.secret) for key in reversed(settings.KEYS.versions(SIGNING).values())]


def _jwk(pem: bytes) -> JWK:
    return jwk_from_pem(pem.decode("ascii"))
