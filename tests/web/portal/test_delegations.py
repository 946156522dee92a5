"""A company lets another act for it, in some services and for a time."""

import pytest
import time_machine

from bawaba.domain.companies.models import Delegation, Membership
from bawaba.infrastructure.limits import table
from tests.client import Browser
from tests.journey import signed_in
from tests.page import is_asked_first
from tests.people import PRIVATE, broker, example_trading, salem

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("services")]


def test_a_delegation_works_from_its_acceptance_until_its_last_second(
    frozen: time_machine.Traveller, administrator: Browser
) -> None:
    clearing = signed_in(salem, broker, shows=PRIVATE)
    administrator.get("/company/delegations/")
    administrator.submit(
        "عرض التفويض",
        cr_number=broker.cr_number,
        services="import-licence",
        starts_on="2026-11-24",
        ends_on="2026-11-30",
    )
    delegation = Delegation.objects.get()
    own = Membership.objects.get(user__email=salem.email)
    under = f"{own.id}/{delegation.id}"
    clearing.get("/home/")
    clearing.post("/act-for/", {"acting": under, "back": "/home/"})
    assert example_trading.cr_number not in clearing.get("/home/").text
    clearing.get("/company/delegations/")
    clearing.submit("قبول")
    clearing.get("/home/")
    page = clearing.submit("تبديل", acting=under)
    assert example_trading.cr_number in page.text
    assert clearing.get("/services/import-licence/").path == "/services/import-licence/"
    assert clearing.get("/services/declarations/").path == "/home/"
    clearing.get("/company/members/", status=403)
    frozen.move_to("2026-11-30 23:59:59+03:00")
    again = Browser(salem, shows=PRIVATE)
    _sign_in(again, salem.email, salem.password)
    again.post("/act-for/", {"acting": under, "back": "/home/"})
    assert again.get("/services/import-licence/").path == "/services/import-licence/"
    frozen.shift(1)
    assert again.get("/services/import-licence/").path == "/services/import-licence/"  # in the own company
    assert example_trading.cr_number not in again.get("/home/").text


def test_the_period_that_the_form_proposes_is_accepted(administrator: Browser) -> None:
    signed_in(salem, broker)
    administrator.get("/company/delegations/")
    administrator.submit("عرض التفويض", cr_number=broker.cr_number, services="import-licence")
    assert Delegation.objects.get().state == Delegation.State.OFFERED


@pytest.mark.parametrize("number", [broker.cr_number, "990077"])
def test_offers_of_a_company_are_counted_also_those_to_a_number_nobody_has(number: str, administrator: Browser) -> None:
    """Each offer writes to strangers, fills their page, and tells whether a company uses the portal."""
    signed_in(salem, broker)
    administrator.get("/company/delegations/")
    form = administrator.page.button("عرض التفويض").above("form")
    assert form is not None
    for left in (*[None] * (table.DELEGATE.windows[0].most), 429):
        administrator.enter(form, cr_number=number, services="import-licence", status=left)
    assert Delegation.objects.count() in {0, table.DELEGATE.windows[0].most}


def test_who_refuses_is_asked_first(administrator: Browser) -> None:
    clearing = signed_in(salem, broker, shows=PRIVATE)
    administrator.get("/company/delegations/")
    administrator.submit("عرض التفويض", cr_number=broker.cr_number, services="import-licence")
    page = clearing.get("/company/delegations/")
    assert is_asked_first(page, "رفض التفويض")
    clearing.submit("رفض التفويض")
    assert Delegation.objects.get().state == Delegation.State.REFUSED


def test_who_revokes_is_asked_first_and_the_delegation_ends_at_once(administrator: Browser) -> None:
    clearing = signed_in(salem, broker, shows=PRIVATE)
    administrator.get("/company/delegations/")
    administrator.submit("عرض التفويض", cr_number=broker.cr_number, services="import-licence")
    clearing.get("/company/delegations/")
    clearing.submit("قبول")
    under = f"{Membership.objects.get(user__email=salem.email).id}/{Delegation.objects.get().id}"
    clearing.get("/home/")
    assert example_trading.cr_number in clearing.submit("تبديل", acting=under).text
    page = administrator.get("/company/delegations/")
    assert is_asked_first(page, "إلغاء التفويض")
    assert "إلغاء التفويض" not in administrator.submit("إلغاء التفويض").text
    assert Delegation.objects.get().state == Delegation.State.REVOKED
    assert example_trading.cr_number not in clearing.get("/home/").text


def _sign_in(browser: Browser, email: str, password: str) -> None:
    browser.get("/sign-in/")
    browser.submit("تسجيل الدخول", within=browser.page.main, login=email, password=password)
