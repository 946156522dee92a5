"""The signed cookie that says which request to register this browser may go on with. It is no session and no right.

Whoever holds it may prove the addresses of that request, have a code sent again, correct the e-mail, and leave.
"""

from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase

from bawaba.infrastructure.limits import table

LIFE = table.PENDING_LIFE.value  # seconds
SALT = "bawaba.portal.pending"


def give(response: HttpResponseBase, registration_id: UUID) -> None:
    """Lets this browser go on with the request for fifteen minutes."""
    response.set_cookie(
        settings.PENDING_COOKIE_NAME,
        signing.TimestampSigner(salt=SALT).sign(registration_id.hex),
        max_age=LIFE,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def read(request: HttpRequest) -> UUID | None:
    """The request's id, or None for a cookie that is absent, altered or older than its life."""
    try:
        plain = signing.TimestampSigner(salt=SALT).unsign(
            request.COOKIES.get(settings.PENDING_COOKIE_NAME, ""), max_age=LIFE
        )
        return UUID(hex=plain)
    except (signing.BadSignature, ValueError):
        return None


def drop(response: HttpResponseBase) -> None:
    """Takes the cookie back: the request became an account, or the person left."""
    response.delete_cookie(settings.PENDING_COOKIE_NAME, samesite="Lax")
