"""Getting back in: a code to the e-mail, then a new password. The only authority is the row of the code.

The address of nobody is answered with the same work, the same caps and the same row, a decoy that no code opens; its
mailbox learns that there is no account.
"""

from django.db import transaction

from bawaba.domain.accounts import actions, credentials
from bawaba.domain.accounts.models import User
from bawaba.identifiers.addresses import email_key
from bawaba.infrastructure.audit.events import EventType
from bawaba.infrastructure.audit.log import record
from bawaba.infrastructure.codes import codes
from bawaba.infrastructure.codes.codes import CodeExpired, Purpose
from bawaba.infrastructure.codes.derivation import PUBLIC
from bawaba.infrastructure.messaging import outbox
from bawaba.infrastructure.messaging.kinds import Channel, Kind


def send_code(*, email: str, language: str, source: str, lane: str = PUBLIC) -> None:
    """Send a code for a new password to `email` (cleaned), or to nobody's address the news that it has no account.

    `lane` is the known device's own or the public one. Raises `LimitReached` alike for both kinds of address.
    """
    key = email_key(email)
    with transaction.atomic():
        user = User.objects.open().with_email(key).first()
        subject = str(user.id) if user else ""
        challenge = codes.request(purpose=Purpose.RESET, subject=subject, address=key, source=source, lane=lane)
        outbox.queue(
            Kind.RESET_CODE if user else Kind.NO_ACCOUNT,
            channel=Channel.EMAIL,
            address=user.email if user else email,
            language=language,
            subject=subject,
            challenge=challenge,
        )
        record(EventType.PASSWORD_RESET_ASKED, subject=subject)


def reset_password(*, email: str, typed: str, password: str, source: str, lane: str = PUBLIC) -> None:
    """Set a new password with the code: every session ends, every other reset code dies, the owner is told.

    It does not sign in and touches no second factor.
    Raises `WrongCode`, `CodeExpired`, `TooManyGuesses`, `LimitReached`, `HashingBusy`.
    """
    key = email_key(email)
    challenge = codes.current(purpose=Purpose.RESET, address=key, lane=lane)
    if challenge is None:
        raise CodeExpired
    spent = codes.check(challenge.id, typed=typed, address=key, source=source)
    hashed = credentials.hash_password(password)
    with transaction.atomic():
        codes.claim(spent)
        codes.kill_address(Purpose.RESET, key)
        actions.reset_password(user=User.objects.get(id=spent.subject), password=hashed)
