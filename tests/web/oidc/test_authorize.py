"""A person goes to a service, and the service learns who it is."""

import pytest

from bawaba.domain.accounts.models import User
from tests.client import Browser
from tests.people import ahmad, example_trading
from tests.web.oidc.party import Party

pytestmark = pytest.mark.django_db


def test_the_service_learns_person_company_and_role(party: Party, browser: Browser, owner: User) -> None:
    asking = party.ask()
    page = asking.open(browser)
    assert page.heading == "الإدارة العامة للجمارك خدمة التصاريح"
    assert "https://permits.example.com" in page.headers["content-security-policy"]
    answer = asking.send(browser)
    assert answer["state"] == asking.query["state"]
    tokens = party.exchange(answer["code"], asking).json()
    claims = party.read(tokens["id_token"])
    assert claims["nonce"] == asking.query["nonce"]
    assert claims["sub"] == str(owner.pk)
    assert set(claims) == {"iss", "sub", "aud", "exp", "iat", "jti", "nonce", "at_hash", "auth_time", "acr", "amr"}
    assert party.userinfo(tokens["access_token"]).json() == {
        "sub": str(owner.pk),
        "name": ahmad.full_name,
        "given_name": ahmad.first_name,
        "family_name": ahmad.last_name,
        "locale": "ar",
        "email": ahmad.email,
        "email_verified": True,
        "phone_number": ahmad.mobile,
        "phone_number_verified": False,
        "company": {"cr_number": example_trading.cr_number, "name_ar": "", "name_en": "", "status": "declared"},
        "roles": ["administrator"],
        "permissions": ["view", "submit", "pay", "manage"],
    }
