"""ID tokens that come back to us as hints: read only when we signed them, whatever their header says."""

import json
from typing import Any

from django.conf import settings
from jwcrypto.common import JWException
from jwcrypto.jwk import JWK
from jwcrypto.jws import JWS
from jwcrypto.jwt import JWT

from bawaba.web.oidc import signing
from bawaba.web.oidc.models import Client

HEADER = {"alg", "typ", "kid"}


def key_of(token: str) -> JWK | None:
    """The key of ours that signed it, as its header says; None for a header with anything else in it."""
    try:
        unread = JWS()
        unread.deserialize(token)
        header = unread.jose_header
    except (JWException, ValueError):
        return None
    if not isinstance(header, dict) or set(header) - HEADER or header.get("alg") != signing.ALGORITHM:
        return None
    return signing.with_id(header.get("kid"))


def read(token: str) -> dict[str, Any] | None:
    """The claims of an ID token of ours, also of one that has expired; None for anything else."""
    key = key_of(token)
    if key is None:
        return None
    try:
        claims = json.loads(JWT(jwt=token, key=key, algs=[signing.ALGORITHM], check_claims={}).claims)
    except (JWException, ValueError):
        return None
    return claims if isinstance(claims, dict) and claims.get("iss") == settings.BAWABA.origin else None


def subject(token: str) -> str:
    """Whom it is about; empty when it is not ours."""
    claims = read(token)
    return str(claims["sub"]) if claims else ""


def client(claims: dict[str, Any]) -> Client | None:
    """The client it was made for."""
    found: Client | None = Client.objects.filter(client_id=str(claims.get("aud"))).first()
    return found
