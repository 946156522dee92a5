"""What a service asks for when it sends a person here, read and checked before anything is decided."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from oauthlib.oauth2.rfc6749.errors import FatalClientError, OAuth2Error

from bawaba.web.oidc import library
from bawaba.web.oidc.claims import SCOPES
from bawaba.web.oidc.models import Client

SINCE = "proven_since"  # our own parameter: the person must have proven it after this second of 1970
CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")  # a SHA-256, as PKCE writes it
NONCE_LENGTH = 255
UNKNOWN = {
    "request": "request_not_supported",
    "request_uri": "request_uri_not_supported",
    "registration": "registration_not_supported",
}


class Unanswerable(Exception):
    """Neither client nor address is known for sure: nothing may be sent anywhere."""


class SentBack(Exception):
    """The request is refused, and the service is told: `uri` is its own address with the reason."""

    def __init__(self, uri: str) -> None:
        super().__init__("refused")
        self.uri = uri


@dataclass(frozen=True)
class Asked:
    query: Mapping[str, str]
    client: Client
    redirect_uri: str
    scopes: tuple[str, ...]
    prompt: frozenset[str]
    max_age: int | None
    proven_since: float

    @property
    def silent(self) -> bool:
        return "none" in self.prompt

    def refused(self, reason: str, description: str = "") -> SentBack:
        """The refusal that goes to the service."""
        return _sent_back(self.query, reason, description)


def read(query: Mapping[str, str]) -> Asked:
    """Raises `Unanswerable` or `SentBack`."""
    if not query.get("redirect_uri"):  # the library would take the only registered one
        raise Unanswerable
    try:
        scopes, found = library.check(query)
    except FatalClientError as error:
        raise Unanswerable from error
    except OAuth2Error as error:
        raise _sent_back(query, str(error.error), str(error.description or "")) from error
    return _checked(query, tuple(scopes), found)


def _checked(query: Mapping[str, str], scopes: tuple[str, ...], found: dict[str, Any]) -> Asked:
    client = _client(query)
    for name, reason in UNKNOWN.items():
        if query.get(name):
            raise _sent_back(query, reason)
    if found.get("code_challenge_method") != "S256" or not CHALLENGE.fullmatch(str(found.get("code_challenge"))):
        raise _sent_back(query, "invalid_request", "code_challenge of the method S256 is required")
    if "openid" not in scopes:
        raise _sent_back(query, "invalid_scope", "the scope openid is required")
    if len(query.get("nonce", "")) > NONCE_LENGTH:
        raise _sent_back(query, "invalid_request", "the nonce is too long")
    prompt = frozenset(query.get("prompt", "").split())
    if "create" in prompt or ("none" in prompt and len(prompt) > 1):
        raise _sent_back(query, "invalid_request", "this prompt is not supported")
    max_age = query.get("max_age", "")
    if max_age and not (max_age.isascii() and max_age.isdigit() and len(max_age) < 10):
        raise _sent_back(query, "invalid_request", "max_age is a number of seconds")
    return Asked(
        query=query,
        client=client,
        redirect_uri=query["redirect_uri"],
        scopes=tuple(name for name in SCOPES if name in scopes),
        prompt=prompt,
        max_age=int(max_age) if max_age else None,
        proven_since=_seconds(query.get(SINCE, "")),
    )


def _client(query: Mapping[str, str]) -> Client:
    """Known by now: the library has found it."""
    found: Client = Client.objects.get(client_id=query["client_id"])
    return found


def _sent_back(query: Mapping[str, str], reason: str, description: str = "") -> SentBack:
    uri = library.with_parameters(
        query["redirect_uri"],
        error=reason,
        error_description=description,
        state=query.get("state", ""),
        iss=settings.BAWABA.origin,
    )
    return SentBack(uri)


def _seconds(text: str) -> float:
    return float(text) if re.fullmatch(r"\d{1,12}(\.\d{1,6})?", text, re.ASCII) else 0.0
