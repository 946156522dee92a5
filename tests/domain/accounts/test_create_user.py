"""Opening an account: one per e-mail, one per civil number, and what an account begins with."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction

from bawaba.domain.accounts import actions
from bawaba.domain.accounts.models import User
from bawaba.infrastructure import clock

pytestmark = pytest.mark.django_db

MARYAM: dict[str, Any] = {
    "email": "Maryam@example.com",
    "password": "already-hashed",
    "first_name": "مريم",
    "last_name": "الصالح",
    "civil_id": "190010100019",
    "mobile": "+96550000001",
    "language": "ar",
    "terms_version": "1",
    "terms_hash": "0" * 64,
}


def open_account(**changes: Any) -> User:
    return actions.create_user(**{**MARYAM, "terms_accepted_at": clock.now(), **changes})


def test_account_keeps_what_was_given_and_finds_it_again() -> None:
    maryam = open_account()
    assert User.objects.with_email("maryam@example.com").get() == maryam
    assert User.objects.with_civil_id("organization", "190010100019").get() == maryam
    assert User.objects.get(id=maryam.id).civil_id == "190010100019"
    assert maryam.consents.get().version == "1"


def test_civil_id_does_not_lie_readable_in_the_row() -> None:
    maryam = open_account()
    row = User.objects.values_list("civil_id_sealed", "civil_id_digest").get(id=maryam.id)
    assert b"190010100019" not in bytes(row[0])
    assert "190010100019" not in row[1]


def test_library_has_one_proven_primary_copy_of_the_address() -> None:
    maryam = open_account()
    copy = EmailAddress.objects.get(user=maryam)
    assert (copy.email, copy.verified, copy.primary) == ("maryam@example.com", True, True)


def test_second_account_for_an_email_is_refused_and_the_transaction_goes_on() -> None:
    open_account()
    with transaction.atomic():
        with pytest.raises(actions.EmailTaken):
            open_account(email="MARYAM@EXAMPLE.COM", civil_id="190020200017")
        assert User.objects.count() == 1


def test_second_account_for_a_civil_number_is_refused_and_names_the_owner() -> None:
    maryam = open_account()
    with pytest.raises(actions.CivilIdTaken) as refusal:
        open_account(email="other@example.com")
    assert refusal.value.owner == maryam.id


def test_same_civil_number_may_serve_another_audience() -> None:
    open_account()
    open_account(email="other@example.com", audience="individual")
    assert User.objects.count() == 2


def test_a_person_has_no_password_method_of_the_framework() -> None:
    maryam = open_account()
    for method in (maryam.set_password, maryam.check_password):
        with pytest.raises(NotImplementedError):
            method("Example 1!")


def test_session_stamp_is_in_every_session_and_no_other_key_is_accepted() -> None:
    maryam = open_account()
    before = maryam.get_session_auth_hash()
    maryam.session_stamp = "another"
    assert maryam.get_session_auth_hash() != before
    assert list(maryam.get_session_auth_fallback_hash()) == []
    assert settings.AUTH_USER_MODEL == "accounts.User"
