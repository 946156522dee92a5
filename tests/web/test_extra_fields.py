"""Fields that no form has are ignored: nobody makes himself proven, an officer or somebody else (RT-16)."""

import pytest
from django.conf import settings

from bawaba.domain.accounts.models import User
from bawaba.domain.companies.models import Membership
from bawaba.domain.registration.models import Registration
from tests.accounts import open_account, signed_in
from tests.client import Browser
from tests.journey import activate, answers, code_sent_to, picture_text, register
from tests.people import ahmad, maryam

pytestmark = pytest.mark.django_db

EXTRA = {
    "is_active": "1",
    "is_staff": "1",
    "is_superuser": "1",
    "verified": "1",
    "email_verified": "true",
    "email_proven_at": "2026-01-01",
    "mobile_proven_at": "2026-01-01",
    "state": "activated",
    "known": "1",
    "id": "00000000-0000-0000-0000-000000000001",
    "user": "00000000-0000-0000-0000-000000000001",
    "user_id": "00000000-0000-0000-0000-000000000001",
    "company_id": "1",
    "role": "administrator",
    "roles": "administrator",
    "permission": "all",
    "audience": "staff",
    "created_at": "2000-01-01",
    "expires_at": "2100-01-01",
    "email_key": "stranger@example.com",
}

WRITTEN = {  # fields of the account that have a way of their own, or none
    "email": "stranger@example.com",
    "mobile": "+96550009999",
    "civil_id": maryam.civil_id,
    "gender": "f",
    "password": "Another#Way9",
    "closed_at": "2026-01-01",
}
OF_THE_ACCOUNT = {
    *("id", "email", "email_key", "first_name", "last_name", "gender", "civil_id", "mobile", "mobile_proven_at"),
    *("password", "language", "audience", "is_active", "created_at", "closed_at"),
}


def test_a_request_to_register_takes_only_its_own_fields() -> None:
    browser = Browser(ahmad)
    page = browser.get("/register/")
    picture = page.root.one("input", name="captcha_id")["value"]
    known = {"captcha_id": picture, "captcha": picture_text(page), "submit": "1"}
    forms = {e["name"]: e.get("value") for e in page.main.all("input", type="hidden")}
    browser.post("/register/", EXTRA | forms | answers(ahmad) | known)
    request = Registration.objects.get()
    assert request.state == "pending"
    assert request.email == ahmad.email
    assert request.email_key == ahmad.email
    assert (request.email_proven_at, request.mobile_proven_at) == (None, None)
    assert str(request.id) != EXTRA["id"]
    assert request.audience == "organization"
    assert request.created_at.year > 2025
    assert not User.objects.exists()


def test_activating_takes_only_the_code() -> None:
    browser = Browser(ahmad)
    register(browser, ahmad)
    browser.post("/activate/verify/email/", EXTRA | {"code": "000000"}, status=422)
    assert not User.objects.exists()
    activate(browser, ahmad)
    user = User.objects.get()
    assert user.mobile_proven_at is None
    assert user.audience == "organization"
    assert Membership.objects.count() <= 1


@pytest.mark.parametrize(
    ("path", "own"),
    [
        ("/account/name/", {"first_name": "خالد", "last_name": ahmad.last_name}),
        ("/account/language/", {"language": "en"}),
    ],
)
def test_a_form_of_the_account_writes_its_own_fields(path: str, own: dict[str, str]) -> None:
    user = open_account(ahmad)
    others = OF_THE_ACCOUNT - set(own)
    before = {name: getattr(user, name) for name in others}
    browser = signed_in(ahmad)
    browser.get(path)
    browser.post(path, EXTRA | WRITTEN | own, follow=False, status=303)
    user = User.objects.get()
    assert {name: getattr(user, name) for name in own} == own
    assert {name: getattr(user, name) for name in others} == before


def test_a_new_password_changes_nothing_else_and_nobody_elses() -> None:
    open_account(ahmad)
    other = open_account(maryam)
    browser = Browser(ahmad)
    page = browser.get("/reset-password/")
    picture = page.root.one("input", name="captcha_id")["value"]
    browser.post(
        "/reset-password/",
        EXTRA | {"email": ahmad.email, "captcha_id": picture, "captcha": picture_text(page), "send": "1"},
        status=200,
    )
    before = (other.email, other.password, other.is_active)
    code_sent_to(ahmad.email)
    other.refresh_from_db()
    assert (other.email, other.password, other.is_active) == before
    assert settings.SESSION_COOKIE_NAME not in browser.cookies
