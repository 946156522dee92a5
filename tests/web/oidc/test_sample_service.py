"""The sample service, as people use it: Authlib speaks with the running portal, a browser with both."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient

from bawaba.domain.accounts.models import User
from bawaba.domain.companies import actions as companies
from bawaba.domain.companies.models import Membership
from bawaba.domain.companies.roles import Role
from bawaba.infrastructure import clock
from bawaba.web.oidc import actions
from bawaba.web.oidc.models import Client
from examples.sample_service.service import SCOPE, Settings, make
from examples.sample_service.words import say
from tests.accounts import open_account, signed_in
from tests.client import Browser
from tests.domain.companies.scene import join, membership_of
from tests.people import ahmad, example_trading, maryam
from tests.web.oidc.live import portal as portal
from tests.web.oidc.live import walk
from tests.web.oidc.party import ALLOW

HERE = "http://localhost"
SIGN_OUT = "تسجيل الخروج"


@pytest.fixture
def sample(portal: str) -> FlaskClient:
    secret = actions.add_client(
        client_id="sample-service",
        names=("خدمة البيانات الجمركية", "Customs declarations"),
        owners=("الإدارة العامة للجمارك", "General Administration of Customs"),
        redirect_uris=[f"{HERE}/signed-in"],
        post_logout_redirect_uris=[f"{HERE}/"],
        scopes=SCOPE.split(),
        actor="console",
    )
    return make(Settings(portal, "sample-service", secret)).test_client()


@pytest.fixture
def viewer(owner: User) -> User:
    """maryam, who may look and nothing else."""
    user = open_account(maryam)
    join(user, membership_of(owner).company, Role.VIEWER, by=owner)
    return user


def enter(sample: FlaskClient, browser: Browser) -> str:
    """Signs in at the service by way of the portal; what the service's page says then."""
    page = walk(browser, sample.get("/sign-in").location or "")
    if page.status == 200:
        page = browser.submit(ALLOW if "/en/" not in page.path else "Allow", status=None)
    location = page.headers["location"]
    assert location.startswith(f"{HERE}/signed-in?code=")
    sample.get(location.removeprefix(HERE))
    return text(sample.get("/"))


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.text))


def test_the_service_shows_person_company_and_role_and_signs_out(sample: FlaskClient, owner: User) -> None:
    browser = signed_in(ahmad)
    shown = enter(sample, browser)
    for words in (ahmad.full_name, example_trading.cr_number, "مدير حساب الشركة"):
        assert words in shown
    assert "قُدّم البيان" in text(sample.post("/submit"))
    page = walk(browser, sample.post("/sign-out").location or "")
    page = browser.submit(SIGN_OUT, within=page.main.one("form"), status=None)
    assert page.headers["location"] == f"{HERE}/"
    assert browser.get("/home/").path == "/sign-in/"
    assert ahmad.full_name not in text(sample.get("/"))


def test_it_speaks_english_with_the_portal_too(sample: FlaskClient, owner: User) -> None:
    sample.get("/language/en")
    browser = signed_in(ahmad)
    shown = enter(sample, browser)
    assert "Company account administrator" in shown
    assert walk(browser, sample.post("/sign-out").location or "").path == "/en/sign-out/service/"


def test_without_the_permission_it_refuses_and_a_new_role_counts_at_once(
    sample: FlaskClient, viewer: User, owner: User
) -> None:
    assert "مطّلع" in enter(sample, signed_in(maryam))
    assert sample.post("/submit").status_code == 403
    companies.change_roles(membership=Membership.objects.get(user=viewer), roles=[Role.SUBMITTER], by=owner)
    assert sample.post("/submit").status_code == 200


def test_it_goes_on_with_new_tokens_when_the_old_ones_expire(sample: FlaskClient, owner: User) -> None:
    enter(sample, signed_in(ahmad))
    began = clock.now()
    for minutes in (11, 22, 33):
        with time_machine.travel(began + timedelta(minutes=minutes), tick=True):
            assert ahmad.full_name in text(sample.get("/"))


def test_when_no_new_tokens_are_given_the_person_is_asked_to_sign_in(sample: FlaskClient, owner: User) -> None:
    enter(sample, signed_in(ahmad))
    actions.withdraw(user=owner, client=Client.objects.get())
    with time_machine.travel(clock.now() + timedelta(minutes=11), tick=True):
        answer = sample.get("/")
        assert answer.status_code == 200
        assert say("ar")["sign_in"] in text(answer)
        assert sample.post("/submit").location == "/sign-in"


def test_what_was_not_asked_for_is_refused(sample: FlaskClient, owner: User) -> None:
    for path in ("/signed-in", "/signed-in?code=x&state=y", "/signed-in?error=access_denied"):
        assert sample.get(path).status_code == 403
