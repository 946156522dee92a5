"""What happens to a request to register: submit, resend, verify, correct, expire.

Each act is one transaction that holds the change, its audit event and the queued message. Nothing here tells a known
e-mail address from an unknown one: both get a row, a challenge and a message, and only the message differs.
"""

from dataclasses import dataclass
from uuid import UUID, uuid4

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Case, Value, When

from bawaba.domain.accounts import actions as accounts
from bawaba.domain.accounts import credentials
from bawaba.domain.accounts.models import User
from bawaba.domain.companies.actions import admission
from bawaba.domain.registration import sending
from bawaba.domain.registration.models import Registration, State
from bawaba.identifiers.addresses import email_key
from bawaba.infrastructure import clock
from bawaba.infrastructure.audit.events import EventType
from bawaba.infrastructure.audit.log import record
from bawaba.infrastructure.codes import codes
from bawaba.infrastructure.codes.codes import Purpose
from bawaba.infrastructure.limits import counter, table
from bawaba.infrastructure.messaging import outbox
from bawaba.infrastructure.messaging.kinds import Channel, Kind


@dataclass(frozen=True, kw_only=True)
class Details:
    """What the person typed, already cleaned by `identifiers`."""

    first_name: str
    last_name: str
    gender: str
    civil_id: str
    cr_number: str
    mobile: str
    email: str
    legal_form: str = ""


@dataclass(frozen=True, kw_only=True)
class Consent:
    """The terms that were agreed to: their version and the SHA-256 of their text in hexadecimal digits."""

    version: str
    text_hash: str


class NoLongerPending(Exception):
    """The request is gone: activated already, overtaken by a rival, or past its seven days."""


class CivilIdTaken(Exception):
    """The e-mail is proven, but the civil number belongs to an account with another e-mail. Its owner has been told."""


def submit(
    *, details: Details, password: str, consent: Consent, language: str, nonce: str, source: str
) -> Registration:
    """Keep a request and send its two codes. The same `nonce` twice gives the same request and sends nothing.

    Raises `LimitReached` when this source registers too often and `HashingBusy` when too many passwords wait.
    """
    counter.spend(table.REGISTER, source)
    hashed = credentials.hash_password(password)
    try:
        with transaction.atomic():
            registration = _keep(details, hashed, credentials.mark(password, hashed), consent, language, nonce)
            sending.send_if_allowed(registration, source=source)
            record(EventType.REGISTRATION_SUBMITTED, subject=str(registration.id), language=language)
    except IntegrityError:
        return Registration.objects.get(nonce=nonce)
    return registration


def resend_email_code(registration: Registration, *, source: str) -> None:
    """Send the e-mail code again, or a new one when the old one is in the second half of its life.

    Raises `LimitReached` when it is too soon or too often, `NoLongerPending` when there is nothing left to prove.
    """
    with transaction.atomic():
        current = _pending(registration.id)
        if current.email_proven_at:
            raise NoLongerPending
        sending.send_email_code(current, source=source)
        record(EventType.CODE_RESENT, subject=str(current.id), purpose=Purpose.ACTIVATE, channel=Channel.EMAIL)


def resend_mobile_code(registration: Registration, *, source: str) -> None:
    """The same for the SMS code."""
    with transaction.atomic():
        current = _pending(registration.id)
        if current.mobile_proven_at or not sending.mobile_is_asked():
            raise NoLongerPending
        sending.send_mobile_code(current, source=source)
        record(EventType.CODE_RESENT, subject=str(current.id), purpose=Purpose.MOBILE, channel=Channel.SMS)


def correct_email(registration: Registration, *, email: str, source: str) -> None:
    """Another address for the same request: the old challenge dies, the new address gets a code of its own.

    Raises `LimitReached` when the new address may not be written to yet, `NoLongerPending`.
    """
    with transaction.atomic():
        key = email_key(email)
        known = User.objects.with_email(key).exists()
        unproven = Registration.objects.pending().filter(id=registration.id, email_proven_at=None)
        if not unproven.update(email=email, email_key=key, email_challenge=None, known=known):
            raise NoLongerPending  # the code of the old address may have come back in this moment
        codes.kill(subject=str(registration.id), purpose=Purpose.ACTIVATE)
        current = _pending(registration.id)
        sending.send_email_code(current, source=source)
        record(EventType.REGISTRATION_CORRECTED, subject=str(current.id))


def verify_email(registration: Registration, *, typed: str, source: str) -> User | None:
    """Prove the e-mail. The account, when this was the last proof needed; else None.

    Raises `WrongCode`, `CodeExpired`, `TooManyGuesses`, `LimitReached`, `NoLongerPending`, `CivilIdTaken`.
    """
    current = _pending(registration.id)
    if current.email_challenge is None:
        raise codes.CodeExpired
    spent = codes.check(current.email_challenge, typed=typed, address=current.email_key, source=source)
    with transaction.atomic():
        _overtake_rivals(current)  # before the claim: two rivals then meet at one lock, in one order
        codes.claim(spent)
        codes.kill_address(Purpose.ACTIVATE, current.email_key)
        outcome = _complete(current.id)
    return _told(outcome)


def verify_mobile(registration: Registration, *, typed: str, source: str) -> User | None:
    """Prove the mobile. The account, when this was the last proof needed; else None. Raises as `verify_email`."""
    current = _pending(registration.id)
    if current.mobile_challenge is None:
        raise codes.CodeExpired
    spent = codes.check(current.mobile_challenge, typed=typed, address=current.mobile, source=source)
    with transaction.atomic():
        codes.claim(spent)
        if (
            not Registration.objects.pending()
            .filter(id=current.id, mobile_proven_at=None)
            .update(mobile_proven_at=clock.now())
        ):
            raise NoLongerPending
        record(EventType.MOBILE_PROVEN, subject=str(current.id))
        outcome = _complete(current.id)
    return _told(outcome)


def purge(*, slice_size: int = 1000) -> int:
    """Erase requests whose seven days are over, activated or not. Returns how many."""
    ids = list(Registration.objects.ended_before(clock.now()).values_list("id", flat=True)[:slice_size])
    erased, _ = Registration.objects.filter(id__in=ids).delete()
    return erased


def _keep(details: Details, hashed: str, mark: str, consent: Consent, language: str, nonce: str) -> Registration:
    key = email_key(details.email)
    new_id = uuid4()
    return Registration.objects.create(
        id=new_id,
        nonce=nonce,
        first_name=details.first_name,
        last_name=details.last_name,
        gender=details.gender,
        civil_id_sealed=settings.KEYS.encrypt(f"civil_id:{new_id}", details.civil_id.encode()),
        civil_id_digest=settings.KEYS.digest("civil_id", details.civil_id),
        cr_number=details.cr_number,
        legal_form=details.legal_form,
        mobile=details.mobile,
        email=details.email,
        email_key=key,
        password=hashed,
        password_mark=mark,
        language=language,
        terms_version=consent.version,
        terms_hash=consent.text_hash,
        terms_accepted_at=clock.now(),
        known=User.objects.with_email(key).exists(),
    )


def _pending(registration_id: UUID) -> Registration:
    current = Registration.objects.pending().filter(id=registration_id).first()
    if current is None:
        raise NoLongerPending
    return current


def _overtake_rivals(winner: Registration) -> None:
    """Mark the winner's e-mail as proven and every other pending request for that e-mail as overtaken."""
    Registration.objects.pending_for(winner.email_key).update(
        email_proven_at=Case(When(id=winner.id, then=Value(clock.now())), default=None),
        state=Case(When(id=winner.id, then=Value(State.PENDING)), default=Value(State.SUPERSEDED)),
    )
    if not Registration.objects.pending().filter(id=winner.id, email_proven_at__isnull=False).exists():
        raise NoLongerPending


def _complete(registration_id: UUID) -> User | CivilIdTaken | None:
    """Make the account when everything that must be proven is proven."""
    current = _pending(registration_id)
    if current.email_proven_at is None or (sending.mobile_is_required() and current.mobile_proven_at is None):
        return None
    try:
        user = _open_account(current)
    except accounts.EmailTaken:
        raise NoLongerPending from None
    except accounts.CivilIdTaken as taken:
        return _dispute(current, User.objects.get(id=taken.owner))
    admission.admit_registrant(user=user, cr_number=current.cr_number, legal_form=current.legal_form)
    _settle(current, State.ACTIVATED)
    record(EventType.REGISTRATION_ACTIVATED, subject=str(current.id), user=str(user.id))
    return user


def _open_account(current: Registration) -> User:
    return accounts.create_user(
        user_id=current.id,
        email=current.email,
        password=current.password,
        first_name=current.first_name,
        last_name=current.last_name,
        gender=current.gender,
        civil_id=current.civil_id,
        mobile=current.mobile,
        mobile_proven_at=current.mobile_proven_at,
        language=current.language,
        audience=current.audience,
        terms_version=current.terms_version,
        terms_hash=current.terms_hash,
        terms_accepted_at=current.terms_accepted_at,
    )


def _dispute(current: Registration, holder: User) -> CivilIdTaken:
    """The owner of the civil number is told; the person is sent to support. No account is made, none is changed."""
    _settle(current, State.DISPUTED)
    outbox.queue(
        Kind.CIVIL_ID_IN_USE, channel="email", address=holder.email, language=holder.language, subject=str(holder.id)
    )
    record(EventType.REGISTRATION_REFUSED, subject=str(current.id), reason="civil_id_in_use", user=str(holder.id))
    return CivilIdTaken()


def _settle(current: Registration, state: State) -> None:
    if not Registration.objects.pending().filter(id=current.id).update(state=state):
        raise NoLongerPending


def _told(outcome: User | CivilIdTaken | None) -> User | None:
    """The dispute is raised only here, after its transaction has been committed."""
    if isinstance(outcome, CivilIdTaken):
        raise outcome
    return outcome
