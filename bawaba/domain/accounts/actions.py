"""What may happen to an account. Each action is one transaction with its audit event and its messages inside."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction

from bawaba.domain.accounts import allauth
from bawaba.domain.accounts.models import Audience, User
from bawaba.identifiers import addresses, names


class EmailTaken(Exception):
    """The e-mail belongs to an account already."""


class CivilIdTaken(Exception):
    """Another account of this audience has the civil number; `owner` is the id of that account."""

    def __init__(self, owner: uuid.UUID) -> None:
        super().__init__()
        self.owner = owner


@transaction.atomic
def create_user(
    *,
    email: str,
    password: str,
    first_name: str,
    last_name: str,
    civil_id: str,
    mobile: str,
    language: str,
    user_id: uuid.UUID | None = None,
    gender: str = "",
    mobile_proven_at: datetime | None = None,
    audience: str = Audience.ORGANIZATION,
    terms_version: str = "",
    terms_hash: str = "",
    terms_accepted_at: datetime | None = None,
) -> User:
    """Opens the account of a person whose e-mail has just been proven.

    `email`, `civil_id` and `mobile` are cleaned, `password` is hashed. Without `terms_accepted_at` no consent is kept:
    the person comes from another system. Raises `EmailTaken` or `CivilIdTaken`; a transaction around stays usable.
    """
    user = User(
        id=user_id or uuid.uuid4(),
        email=email,
        email_key=addresses.email_key(email),
        password=password,
        first_name=first_name,
        last_name=last_name,
        **_name_keys(first_name, last_name),
        gender=gender,
        mobile=mobile,
        mobile_proven_at=mobile_proven_at,
        language=language,
        audience=audience,
    )
    user.civil_id_sealed = settings.KEYS.encrypt(f"civil_id:{user.id}", civil_id.encode())
    user.civil_id_digest = settings.KEYS.digest("civil_id", civil_id)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError as error:
        _raise_if_taken(user, civil_id)
        raise error from None
    allauth.keep_address(user)
    if terms_accepted_at:
        user.consents.create(version=terms_version, text_hash=terms_hash, given_at=terms_accepted_at)
    return user


def _raise_if_taken(user: User, civil_id: str) -> None:
    if User.objects.with_email(user.email_key).exists():
        raise EmailTaken
    owner = User.objects.with_civil_id(user.audience, civil_id).first()
    if owner:
        raise CivilIdTaken(owner.id)


def _name_keys(first_name: str, last_name: str) -> dict[str, str]:
    full = f"{first_name} {last_name}"
    return {"search_key": names.search_key(full), "match_key": names.match_key(full)}
