"""Who must have a second factor: nothing opens before it is there, and the last one stays."""

from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.test import override_settings

from bawaba.domain.accounts import allauth as factors
from bawaba.domain.companies.actions import admission
from tests.accounts import open_account, signed_in
from tests.factors import Passkey, factor_types, give_authenticator, shown_code
from tests.people import ahmad, maryam
from tests.web.portal.owner import confirmed
from tests.web.portal.second_factors import ADD, REMOVE, add_passkey, secret_on, with_second_factor

pytestmark = pytest.mark.django_db


@pytest.fixture
def required() -> Any:
    with override_settings(BAWABA=replace(settings.BAWABA, second_factor="required")):
        yield


def test_nothing_opens_before_the_demanded_factor_is_there(required: None) -> None:  # trap 14
    open_account(ahmad)
    browser = signed_in(ahmad)
    for path in ("/home/", "/security/", f"/security/sessions/{uuid4()}/end/"):
        assert browser.get(path).path == "/security/add-factor/"
    browser.submit("تحقق وأضف", code=shown_code(secret_on(browser.get(ADD))))
    assert browser.get("/home/").path == "/home/"


def test_profile_of_the_kuwaiti_controls_demands_a_factor() -> None:
    with override_settings(BAWABA=replace(settings.BAWABA, password_profile="kw-nbcc")):
        open_account(ahmad)
        assert signed_in(ahmad).get("/home/").path == "/security/add-factor/"


def test_last_demanded_factor_stays(required: None) -> None:
    user = open_account(ahmad)
    give_authenticator(user)
    browser = with_second_factor()
    confirmed(browser, REMOVE)
    assert "أضف وسيلة أخرى قبل إزالة هذه" in browser.page.text
    browser.post(REMOVE, {"remove": "1"}, status=422)
    assert factor_types(user) == ["totp"]


def test_last_demanded_passkey_stays_although_the_library_would_let_it_go(required: None) -> None:
    user = open_account(ahmad)
    browser = signed_in(ahmad)
    add_passkey(browser, Passkey())
    row = Authenticator.objects.get(type="webauthn")
    page = browser.get(f"/security/passkeys/{row.pk}/remove/")
    if page.path == "/confirm/":
        page = browser.submit("متابعة", password=ahmad.password)
    assert "أضف وسيلة أخرى قبل إزالة هذه" in page.text
    browser.post(f"/security/passkeys/{row.pk}/remove/", {"remove": "1"}, status=422)
    assert factors.has_factor(user)


def test_policy_may_ask_company_administrators_alone() -> None:
    policy = "officers-and-company-administrators"
    with override_settings(BAWABA=replace(settings.BAWABA, second_factor=policy)):
        admission.admit_registrant(user=open_account(ahmad), cr_number="123456")
        admission.admit_registrant(user=open_account(maryam), cr_number="123456")
        assert signed_in(ahmad).get("/home/").path == "/security/add-factor/"
        assert signed_in(maryam).get("/home/").path == "/home/"
