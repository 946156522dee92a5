"""A new e-mail or mobile of an account counts only after its code has come back.

Nothing here tells the address of another account from a free one: both get a row, the same caps and the same answer;
the mailbox of the other account hears that it has one, and no code ever opens the row.
"""

from uuid import UUID

from django.db import transaction

from bawaba.domain.accounts import actions
from bawaba.domain.accounts.models import User
from bawaba.identifiers.addresses import email_key
from bawaba.infrastructure.audit.events import EventType
from bawaba.infrastructure.audit.log import record
from bawaba.infrastructure.codes import codes
from bawaba.infrastructure.codes.codes import Purpose
from bawaba.infrastructure.messaging import outbox
from bawaba.infrastructure.messaging.kinds import Channel, Kind


class NotTheirs(codes.CodeRefused):
    """The challenge was made for somebody else."""


@transaction.atomic
def send_email_code(*, user: User, email: str, source: str) -> UUID:
    """Sends a code to a new e-mail, cleaned. The id of the challenge, for `change_email`. Raises `LimitReached`."""
    key = email_key(email)
    taken = User.objects.with_email(key).exists()
    if taken:  # a code to a free address would end the one before: an own code that went on would tell the two apart
        codes.kill(subject=str(user.id), purpose=Purpose.CHANGE_EMAIL)
    challenge = codes.request(
        purpose=Purpose.CHANGE_EMAIL, subject="" if taken else str(user.id), address=key, source=source
    )
    outbox.queue(
        Kind.EXISTING_ACCOUNT if taken else Kind.CHANGE_EMAIL_CODE,
        channel=Channel.EMAIL,
        address=email,
        language=user.language,
        subject=str(user.id),
        challenge=challenge,
    )
    record(EventType.EMAIL_CHANGE_ASKED, subject=str(user.id), actor=str(user.id))
    return challenge.id


def change_email(*, user: User, email: str, challenge: UUID, typed: str, source: str, keep: str) -> None:
    """Gives the account its new e-mail if the code is right; all sessions but `keep` end.

    Raises `WrongCode`, `CodeExpired`, `TooManyGuesses`, `LimitReached`, and `EmailTaken` when another account was
    opened with it in the meantime.
    """
    spent = codes.check(challenge, typed=typed, address=email_key(email), source=source)
    if spent.subject != str(user.id):
        raise NotTheirs
    with transaction.atomic():
        codes.claim(spent)
        actions.change_email(user=user, email=email, keep=keep)


@transaction.atomic
def send_mobile_code(*, user: User, mobile: str, source: str) -> UUID:
    """Sends a code to a mobile, new or not yet proven. The id of the challenge. Raises `LimitReached`."""
    challenge = codes.request(purpose=Purpose.MOBILE, subject=str(user.id), address=mobile, source=source)
    outbox.queue(
        Kind.MOBILE_CODE,
        channel=Channel.SMS,
        address=mobile,
        language=user.language,
        subject=str(user.id),
        challenge=challenge,
    )
    return challenge.id


def prove_mobile(*, user: User, mobile: str, challenge: UUID, typed: str, source: str) -> None:
    """Marks the mobile as proven; a new one takes the place of the old. Raises as `change_email`."""
    spent = codes.check(challenge, typed=typed, address=mobile, source=source)
    if spent.subject != str(user.id):
        raise NotTheirs
    with transaction.atomic():
        codes.claim(spent)
        if mobile == user.mobile:
            actions.prove_mobile(user=user, mobile=mobile)
        else:
            actions.change_mobile(user=user, mobile=mobile)
