"""What ends a service's tokens: each takes effect at the next call, at every address."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate

from bawaba.domain.accounts import actions as accounts
from bawaba.domain.accounts.models import SessionRecord, User
from bawaba.domain.accounts.sessions import actions as sessions
from bawaba.domain.catalogue.models import Service, Status
from bawaba.domain.companies import actions as companies
from bawaba.domain.companies.models import Company, Delegation, Membership
from bawaba.domain.companies.roles import Role
from bawaba.infrastructure import clock
from bawaba.web.oidc import actions
from bawaba.web.oidc.models import Client, ServiceConsent
from tests.accounts import open_account, signed_in
from tests.client import Browser
from tests.domain.companies.scene import join, membership_of, officer
from tests.people import ahmad, broker, example_trading, maryam
from tests.web.oidc.party import ALL, Party, arrived

pytestmark = pytest.mark.django_db


def service(**changes: object) -> Service:
    details = {"key": "permits", "name_ar": "خدمة التصاريح", "name_en": "Permits", "description_ar": "-"}
    rest = {"description_en": "-", "icon": "document", "order": 1, "link": "https://permits.example.com/"}
    return Service.objects.create(**{**details, **rest, "client": "permits", "permission": "submit", **changes})


@pytest.fixture
def colleague(owner: User) -> User:
    """maryam, who submits for the company."""
    user = open_account(maryam)
    join(user, membership_of(owner).company, Role.SUBMITTER, by=owner)
    return user


def block(user: User, owner: User) -> None:
    accounts.block(user=user, actor="console", reason="fraud")


def close(user: User, owner: User) -> None:
    accounts.close_account(user=user)


def end_membership(user: User, owner: User) -> None:
    companies.end(membership=Membership.objects.get(user=user), by=owner)


def suspend_membership(user: User, owner: User) -> None:
    companies.suspend(membership=Membership.objects.get(user=user), by=owner)


def lower_role(user: User, owner: User) -> None:
    companies.change_roles(membership=Membership.objects.get(user=user), roles=[Role.VIEWER], by=owner)


def suspend_company(user: User, owner: User) -> None:
    companies.suspend_company(company=Membership.objects.get(user=user).company, by=officer(), reason="order")


def withdraw_from_catalogue(user: User, owner: User) -> None:
    Service.objects.update(status=Status.WITHDRAWN)


def withdraw_consent(user: User, owner: User) -> None:
    actions.withdraw(user=user, client=Client.objects.get())


def change_password(user: User, owner: User) -> None:
    sessions.end_all(user=user, reason="password")


def sign_out(user: User, owner: User) -> None:
    sessions.end(key=SessionRecord.objects.get(user=user).key, reason="sign_out")


ENDS = (
    block,
    close,
    end_membership,
    suspend_membership,
    lower_role,
    suspend_company,
    withdraw_from_catalogue,
    withdraw_consent,
    change_password,
    sign_out,
)


@pytest.mark.parametrize("ends", ENDS)
def test_at_the_next_call_it_is_over(
    party: Party, owner: User, colleague: User, ends: Callable[[User, User], None]
) -> None:
    service()
    browser = signed_in(maryam)
    tokens = party.tokens_for(browser)
    waiting = party.ask()
    code = waiting.send(browser)["code"]
    assert party.userinfo(tokens["access_token"]).json()["permissions"] == ["view", "submit"]
    ends(colleague, owner)
    assert party.userinfo(tokens["access_token"]).status_code == 401
    assert not party.introspect(tokens["access_token"]).get("active")
    assert not party.introspect(tokens["refresh_token"]).get("active")
    assert party.exchange(code, waiting).status_code in (400, 401)
    assert party.refresh(tokens["refresh_token"]).status_code in (400, 401)


def test_a_session_that_faded_leaves_the_services_open(party: Party, owner: User) -> None:
    tokens = party.tokens_for(signed_in(ahmad))
    sessions.end(key=SessionRecord.objects.get().key, reason="idle")
    assert party.userinfo(tokens["access_token"]).status_code == 200


def test_without_a_role_the_service_is_told_of_none(party: Party, owner: User, colleague: User) -> None:
    """A service that asks for no permission stays open, and learns that the company is gone."""
    tokens = party.tokens_for(signed_in(maryam))
    lower_role(colleague, owner)
    assert party.userinfo(tokens["access_token"]).json()["roles"] == ["viewer"]
    end_membership(colleague, owner)
    assert not {"company", "roles", "permissions"} & set(party.userinfo(tokens["access_token"]).json())


def test_a_service_that_is_not_open_is_not_told(party: Party, browser: Browser) -> None:
    row = service(second_factor=True)
    page = party.ask().open(browser, status=403)
    assert page.heading == "خدمة التصاريح الخدمة غير متاحة لك"
    assert arrived(party.ask(prompt="none").open(browser))["error"] == "access_denied"
    row.second_factor = False
    row.save()
    assert "code" in party.ask().send(browser)


def test_tokens_last_ten_minutes_and_their_family_twelve_hours(party: Party, browser: Browser) -> None:
    tokens = party.tokens_for(browser)
    began = clock.now()
    assert tokens["expires_in"] == 600
    with time_machine.travel(began, tick=False) as now:
        for passed in (timedelta(hours=6), timedelta(hours=11, minutes=59)):  # the library's own end would slide
            now.move_to(began + passed)
            assert party.userinfo(tokens["access_token"]).status_code == 401
            tokens = party.refresh(tokens["refresh_token"]).json()
            assert party.userinfo(tokens["access_token"]).status_code == 200
        now.move_to(began + timedelta(hours=12, seconds=1))
        assert party.userinfo(tokens["access_token"]).status_code == 401
        assert party.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"


def test_a_code_lasts_a_minute(party: Party, browser: Browser) -> None:
    asking = party.ask()
    code = asking.send(browser)["code"]
    with time_machine.travel(clock.now() + timedelta(seconds=61), tick=False):
        assert party.exchange(code, asking).json()["error"] == "invalid_grant"


def test_what_is_over_is_erased(party: Party, browser: Browser) -> None:
    party.tokens_for(browser)
    assert actions.purge() == 0
    with time_machine.travel(clock.now() + timedelta(hours=37), tick=False):
        assert actions.purge() == 1
    assert ServiceConsent.objects.get().scopes == ALL


@pytest.mark.parametrize("call", [Party.userinfo, Party.introspect])
def test_a_call_with_a_token_reads_each_table_once(
    party: Party, owner: User, colleague: User, call: Callable[[Party, str], object]
) -> None:
    service(delegable=True)
    given = delegated_to(membership_of(colleague).company, "permits")
    browser = signed_in(maryam)
    browser.get("/home/")
    browser.post("/act-for/", {"acting": f"{membership_of(colleague).pk}/{given.pk}", "back": "/home/"})
    tokens = party.tokens_for(browser)
    with CaptureQueriesContext(connection) as seen:
        call(party, tokens["access_token"])
    asked = [each["sql"].partition(" FROM ")[2].split()[0] for each in seen if each["sql"].startswith("SELECT")]
    assert len(asked) == len(set(asked)) > 5, asked
    assert party.userinfo(tokens["access_token"]).json()["delegate"]["cr_number"] == example_trading.cr_number


def delegated_to(delegate: Company, code: str) -> Delegation:
    company = Company.objects.create(cr_number=broker.cr_number, cr_match_key=broker.cr_number)
    today = localdate()
    given = Delegation.objects.create(
        company=company, delegate=delegate, state=Delegation.State.ACTIVE, starts_on=today, ends_on=today
    )
    given.services.create(code=code, name_ar="-", name_en="-")
    return given
