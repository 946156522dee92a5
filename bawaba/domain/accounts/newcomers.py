"""People from another system, whose accounts are opened many at a time; and what every new row is made of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from bawaba.domain.accounts import allauth
from bawaba.domain.accounts.models import User
from bawaba.identifiers import addresses, names


class Overtaken(Exception):
    """One of those who come has an e-mail or a civil number that an account has."""


@dataclass(frozen=True)
class Newcomer:
    """Somebody who had an account elsewhere: the values are cleaned, `password` is hashed."""

    email: str
    password: str
    first_name: str
    last_name: str
    civil_id: str
    mobile: str
    language: str
    gender: str = ""
    mobile_proven_at: datetime | None = None


def known_emails(people: Iterable[Newcomer]) -> set[str]:
    """The comparison keys, of these people's e-mails, that an account has."""
    keys = [addresses.email_key(person.email) for person in people]
    return set(User.objects.filter(email_key__in=keys).values_list("email_key", flat=True))


def known_civil_ids(audience: str, people: Iterable[Newcomer]) -> set[str]:
    """The civil numbers, of these people's, that an account of an audience has."""
    digests = {digest: each.civil_id for each in people for digest in settings.KEYS.digests("civil_id", each.civil_id)}
    found = User.objects.filter(audience=audience, civil_id_digest__in=digests)
    return {digests[digest] for digest in found.values_list("civil_id_digest", flat=True)}


@transaction.atomic
def create_users(*, people: Sequence[Newcomer]) -> list[User]:
    """Opens the accounts of these people, in their order. No consent is kept: it was given to somebody else.

    Raises `Overtaken` when one of them cannot have an account, and opens none; a transaction around stays usable.
    """
    users = [unsaved(**vars(person)) for person in people]
    try:
        with transaction.atomic():
            User.objects.bulk_create(users)
    except IntegrityError:
        raise Overtaken from None
    allauth.keep_addresses(users)
    return users


def unsaved(*, email: str, first_name: str, last_name: str, civil_id: str, **others: Any) -> User:
    """The row of a new account, with its keys and the sealed civil number. The values are cleaned."""
    user = User(
        email=email,
        email_key=addresses.email_key(email),
        first_name=first_name,
        last_name=last_name,
        **name_keys(first_name, last_name),
        **others,
    )
    user.civil_id_sealed = settings.KEYS.encrypt(f"civil_id:{user.id}", civil_id.encode())
    user.civil_id_digest = settings.KEYS.digest("civil_id", civil_id)
    return user


def name_keys(first_name: str, last_name: str) -> dict[str, str]:
    """What a person is found by, and what hints at the same person twice."""
    full = f"{first_name} {last_name}"
    return {"search_key": names.search_key(full), "match_key": names.match_key(full)}
