"""The codes of a request: which message goes where, for known and unknown addresses alike."""

from contextlib import suppress

from django.conf import settings

from bawaba.domain.registration.models import Registration
from bawaba.infrastructure.codes import codes
from bawaba.infrastructure.codes.codes import Purpose
from bawaba.infrastructure.limits.counter import LimitReached
from bawaba.infrastructure.messaging import outbox
from bawaba.infrastructure.messaging.kinds import Channel, Kind


def mobile_is_asked() -> bool:
    """Whether this installation proves mobiles: the policy wants it and a provider can be reached."""
    return settings.BAWABA.mobile_proof != "off" and outbox.available(Channel.SMS)


def mobile_is_required() -> bool:
    """Whether no account is made before the mobile is proven."""
    return settings.BAWABA.mobile_proof == "required" and outbox.available(Channel.SMS)


def send_if_allowed(registration: Registration, *, source: str) -> None:
    """The first codes. A limit that is reached is no failure of the request: the page says when to ask again."""
    with suppress(LimitReached):
        send_email_code(registration, source=source)
    if mobile_is_asked():
        with suppress(LimitReached):
            send_mobile_code(registration, source=source)


def send_email_code(registration: Registration, *, source: str) -> None:
    """The code; or, to an address with an account, the news that it has one: the same row, life and caps.

    Raises `LimitReached`.
    """
    challenge = codes.request(
        purpose=Purpose.ACTIVATE,
        subject="" if registration.known else str(registration.id),
        address=registration.email_key,
        source=source,
    )
    registration.email_challenge = challenge.id
    registration.save(update_fields=["email_challenge"])
    outbox.queue(
        Kind.EXISTING_ACCOUNT if registration.known else Kind.ACTIVATION_CODE,
        channel=Channel.EMAIL,
        address=registration.email,
        language=registration.language,
        subject=str(registration.id),
        challenge=challenge,
    )


def send_mobile_code(registration: Registration, *, source: str) -> None:
    """Another challenge, which proves the mobile and nothing else. Raises `LimitReached`."""
    challenge = codes.request(
        purpose=Purpose.MOBILE, subject=str(registration.id), address=registration.mobile, source=source
    )
    registration.mobile_challenge = challenge.id
    registration.save(update_fields=["mobile_challenge"])
    outbox.queue(
        Kind.MOBILE_CODE,
        channel=Channel.SMS,
        address=registration.mobile,
        language=registration.language,
        subject=str(registration.id),
        challenge=challenge,
    )
