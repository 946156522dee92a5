"""What a service learns of companies: the one acted for, under a delegation too, and how the person proved it."""

from datetime import datetime, time, timedelta
from uuid import UUID

import pytest
import time_machine
from django.utils import timezone

from bawaba.domain.accounts import actions as accounts
from bawaba.domain.accounts.models import User
from bawaba.domain.catalogue.models import Service
from bawaba.domain.companies import actions as companies
from bawaba.domain.companies.actions.delegation import ServiceName
from bawaba.domain.companies.models import Delegation, Membership
from bawaba.infrastructure import clock
from tests.accounts import open_account, signed_in
from tests.client import Browser
from tests.factors import give_authenticator, shown_code
from tests.people import ahmad, example_trading, maryam
from tests.web.oidc.party import ALLOW, Party, arrived

pytestmark = pytest.mark.django_db

BROKER = "777001"


@pytest.fixture
def delegation(owner: User) -> Delegation:
    """ahmad's company lets maryam's, a broker, act for it in the permits."""
    Service.objects.create(
        key="permits",
        name_ar="خدمة التصاريح",
        name_en="Permits",
        description_ar="-",
        description_en="-",
        icon="document",
        order=1,
        link="https://permits.example.com/",
        client="permits",
        permission="submit",
        delegable=True,
    )
    broker = open_account(maryam)
    companies.admit_registrant(user=broker, cr_number=BROKER)
    today = timezone.localdate(clock.now())
    mine = Membership.objects.get(user=owner).company
    given = companies.delegate(
        company=mine,
        delegate_cr_number=BROKER,
        services=[ServiceName(code="permits", name_ar="خدمة التصاريح", name_en="Permits")],
        starts_on=today,
        ends_on=today + timedelta(days=30),
        by=owner,
    )
    companies.accept_delegation(delegation=given, by=broker)
    return given


def acting_under(delegation: Delegation) -> Browser:
    """The browser of the broker's member, who has chosen to act for the other company."""
    browser = signed_in(maryam)
    membership = Membership.objects.get(user__email=maryam.email)
    browser.get("/home/")
    browser.post("/act-for/", {"acting": f"{membership.pk}/{delegation.pk}", "back": "/home/"})
    return browser


def test_under_a_delegation_both_companies_are_named(party: Party, delegation: Delegation, owner: User) -> None:
    browser = acting_under(delegation)
    tokens = party.tokens_for(browser)
    found = party.userinfo(tokens["access_token"]).json()
    assert found["company"]["cr_number"] == example_trading.cr_number
    assert found["delegate"]["cr_number"] == BROKER
    assert found["permissions"] == ["view", "submit", "pay"]
    companies.revoke_delegation(delegation=delegation, by=owner)
    assert party.userinfo(tokens["access_token"]).status_code == 401


def test_a_service_for_who_manages_is_closed_under_a_delegation(party: Party, delegation: Delegation) -> None:
    browser = acting_under(delegation)
    tokens = party.tokens_for(browser)
    Service.objects.update(permission="manage")
    assert party.userinfo(tokens["access_token"]).status_code == 401
    assert browser.get("/services/permits/").path == "/home/"


def test_a_service_outside_the_catalogue_is_in_no_delegation(party: Party, delegation: Delegation) -> None:
    """It is among the services of no delegation, while it is still being connected or after it left."""
    browser = acting_under(delegation)
    tokens = party.tokens_for(browser)
    Service.objects.all().delete()
    assert party.userinfo(tokens["access_token"]).status_code == 401
    assert arrived(party.ask().open(browser))["error"] == "access_denied"


def test_a_delegation_serves_until_its_last_second(party: Party, delegation: Delegation) -> None:
    membership = Membership.objects.get(user__email=maryam.email)
    over = datetime.combine(delegation.ends_on + timedelta(days=1), time(), timezone.get_default_timezone())
    with time_machine.travel(over - timedelta(minutes=5), tick=False) as now:
        browser = signed_in(maryam)
        browser.get("/home/")
        browser.post("/act-for/", {"acting": f"{membership.pk}/{delegation.pk}", "back": "/home/"})
        tokens = party.tokens_for(browser)
        now.move_to(over - timedelta(seconds=1))
        found = party.userinfo(tokens["access_token"]).json()
        assert found["company"]["cr_number"] == example_trading.cr_number
        now.move_to(over)
        assert party.userinfo(tokens["access_token"]).status_code == 401
        assert party.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"
        assert party.userinfo(party.tokens_for(browser)["access_token"]).json()["company"]["cr_number"] == BROKER


def test_switching_the_company_later_changes_nothing_in_the_service(party: Party, owner: User) -> None:
    browser = signed_in(ahmad)
    tokens = party.tokens_for(browser)
    companies.admit_registrant(user=owner, cr_number=BROKER)
    assert party.userinfo(tokens["access_token"]).json()["company"]["cr_number"] == example_trading.cr_number


def test_whoever_comes_back_after_closing_the_account_is_somebody_else(party: Party, owner: User) -> None:
    before = party.read(party.tokens_for(signed_in(ahmad))["id_token"])["sub"]
    accounts.close_account(user=owner)
    open_account(ahmad)
    after = party.read(party.tokens_for(signed_in(ahmad))["id_token"])["sub"]
    assert UUID(before) != UUID(after)


def test_the_second_factor_of_this_session_is_told(party: Party, owner: User) -> None:
    plain = signed_in(ahmad)
    before = party.read(party.tokens_for(plain)["id_token"])
    assert (before["acr"], before["amr"]) == ("urn:bawaba:one-factor", ["pwd"])
    give_authenticator(owner)
    browser = Browser(ahmad)
    asking = party.ask()
    asking.open(browser)
    page = browser.submit("تسجيل الدخول", login=ahmad.email, password=ahmad.password)
    assert page.path == "/sign-in/second-step/"
    assert "https://permits.example.com" in page.headers["content-security-policy"]
    form = next(form for form in page.main.all("form") if form.all("input", name="code"))
    page = browser.enter(form, code=shown_code(), status=None)
    answer = arrived(browser.submit(ALLOW, status=None) if page.status == 200 else page)
    claims = party.read(party.exchange(answer["code"], asking).json()["id_token"])
    assert (claims["acr"], claims["amr"]) == ("urn:bawaba:two-factors", ["pwd", "otp", "mfa"])
    after = party.read(party.tokens_for(plain)["id_token"])
    assert (after["acr"], after["amr"]) == ("urn:bawaba:one-factor", ["pwd"])
