"""Accounts of the named people, opened without the journey, and signing in as they do it."""

from typing import Any

from bawaba.domain.accounts import actions, credentials
from bawaba.domain.accounts.models import User
from bawaba.domain.registration.models import Registration
from bawaba.infrastructure import clock
from bawaba.web.portal import texts
from tests.client import Browser
from tests.page import Page
from tests.people import Person

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36"


def open_account(person: Person, **changes: Any) -> User:
    """The account as it stands after the activation."""
    details: dict[str, Any] = {
        "email": person.email,
        "password": credentials.hash_password(person.password),
        "first_name": person.first_name,
        "last_name": person.last_name,
        "gender": person.gender,
        "civil_id": person.civil_id,
        "mobile": person.mobile,
        "language": "ar",
        "terms_version": texts.terms().version,
        "terms_hash": texts.terms().digest,
        "terms_accepted_at": clock.now(),
    }
    return actions.create_user(**details | changes)


def pending_request(person: Person, **changes: Any) -> Registration:
    """A request to register that waits for its code."""
    password = changes.pop("password", person.password)
    hashed = credentials.hash_password(password)
    details: dict[str, Any] = {
        "nonce": person.email,
        "first_name": person.first_name,
        "last_name": person.last_name,
        "civil_id_sealed": b"",
        "civil_id_digest": "",
        "cr_number": "123456",
        "mobile": person.mobile,
        "email": person.email,
        "email_key": person.email,
        "password": hashed,
        "password_mark": credentials.mark(password, hashed),
        "language": "ar",
        "terms_version": "1",
        "terms_hash": "",
        "terms_accepted_at": clock.now(),
    }
    return Registration.objects.create(**details | changes)


def enter(
    browser: Browser, person: Person, *, password: str = "", status: int | None = 200, path: str = "/sign-in/"
) -> Page:
    """Types e-mail and password into the sign-in page."""
    browser.get(path)
    return browser.submit("تسجيل الدخول", login=person.email, password=password or person.password, status=status)


def signed_in(person: Person) -> Browser:
    """A browser in which this person has just signed in with the password."""
    browser = Browser(person)
    enter(browser, person)
    return browser
