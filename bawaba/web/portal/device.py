"""The signed cookie of a browser from which somebody signed in before. It proves nothing and skips nothing.

It only moves the failures of that browser to counters of their own, so that a stranger who uses up the public ones does
not lock the owner out, and it tells a sign-in from a new browser from the others.
"""

import secrets

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase

from bawaba.domain.accounts import lanes
from bawaba.domain.accounts.models import DEVICE_LIFE

LIFE = int(DEVICE_LIFE.total_seconds())
SALT = "bawaba.portal.device"
_HELD = "_bawaba_device"


def browser_id(request: HttpRequest) -> str:
    """The random id of this browser; a new one when it has none. The same for the whole request."""
    held = getattr(request, _HELD, "") or _read(request) or secrets.token_hex(16)
    setattr(request, _HELD, held)
    return held


def is_known(request: HttpRequest) -> bool:
    """Whether somebody signed in from this browser before."""
    return _read(request) != ""


def digests(request: HttpRequest) -> list[str]:
    """The keyed digests of this browser's id, under the newest version of the key first."""
    versions = reversed(settings.KEYS.versions("index").values())
    return [settings.KEYS.digest_with(version, "device", browser_id(request)) for version in versions]


def lane(request: HttpRequest, email_key: str) -> str:
    """In which lane failures of this browser count for an address."""
    return lanes.of(email_key, digests(request) if is_known(request) else [""])


def give(request: HttpRequest, response: HttpResponseBase) -> None:
    """Lets this browser be known for ninety days from now."""
    response.set_cookie(
        settings.DEVICE_COOKIE_NAME,
        signing.TimestampSigner(salt=SALT).sign(browser_id(request)),
        max_age=LIFE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _read(request: HttpRequest) -> str:
    try:
        return signing.TimestampSigner(salt=SALT).unsign(
            request.COOKIES.get(settings.DEVICE_COOKIE_NAME, ""), max_age=LIFE
        )
    except signing.BadSignature:
        return ""
