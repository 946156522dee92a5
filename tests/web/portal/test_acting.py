"""Acting for one company of several, and only for one's own."""

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate

from bawaba.domain.companies.models import Company, Delegation, Membership
from tests.client import Browser
from tests.journey import signed_in
from tests.people import ahmad, broker, example_trading, maryam, salem

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("services")]


def test_one_person_acts_for_two_companies_one_at_a_time(administrator: Browser) -> None:
    signed_in(salem, broker)
    administrator.get("/join/")
    administrator.submit("إرسال الطلب", cr_number=broker.cr_number, reason="موظف")
    asked = Membership.objects.get(user__email=ahmad.email, company__cr_number=broker.cr_number)
    Membership.objects.filter(id=asked.id).update(state=Membership.State.ACTIVE, roles="viewer")
    administrator.get("/home/")
    page = administrator.submit("تبديل", acting=str(asked.id))
    assert broker.cr_number in page.text
    administrator.get("/company/members/", status=403)
    Membership.objects.filter(id=asked.id).update(state=Membership.State.SUSPENDED)
    assert example_trading.cr_number in administrator.get("/home/").text


def test_the_switch_leads_from_what_one_manages_to_the_other_company(administrator: Browser) -> None:
    signed_in(salem, broker)
    administrator.get("/join/")
    administrator.submit("إرسال الطلب", cr_number=broker.cr_number)
    asked = Membership.objects.get(user__email=ahmad.email, company__cr_number=broker.cr_number)
    Membership.objects.filter(id=asked.id).update(state=Membership.State.ACTIVE, roles="viewer")
    administrator.get("/company/members/")
    page = administrator.submit("تبديل", acting=str(asked.id))
    assert (page.path, broker.cr_number in page.text) == ("/company/", True)
    own = Membership.objects.get(user__email=ahmad.email, company__cr_number=example_trading.cr_number)
    administrator.get("/requests/")
    assert administrator.submit("تبديل", acting=str(own.id)).path == "/requests/"


def test_nobody_acts_for_a_company_by_naming_its_id(administrator: Browser) -> None:
    signed_in(salem, broker)
    theirs = Membership.objects.get(user__email=salem.email)
    administrator.get("/home/")
    for value in (str(theirs.id), str(uuid4()), "x", ""):
        page = administrator.post("/act-for/", {"acting": value, "back": "/home/"})
        assert broker.cr_number not in page.text


def test_a_page_reads_once_for_whom_one_may_act(submitter: Browser) -> None:
    signed_in(salem, broker)
    own = Membership.objects.get(user__email=maryam.email)
    given = Delegation.objects.create(
        company=Company.objects.get(cr_number=broker.cr_number),
        delegate=own.company,
        state=Delegation.State.ACTIVE,
        starts_on=localdate(),
        ends_on=localdate(),
    )
    for under, company in ((str(own.id), example_trading), (f"{own.id}/{given.id}", broker)):
        submitter.get("/home/")
        submitter.post("/act-for/", {"acting": under, "back": "/home/"})
        with CaptureQueriesContext(connection) as seen:
            page = submitter.get("/home/")
        assert company.cr_number in page.main.text
        read = [each["sql"].partition(" FROM ")[2].split()[0].strip('"') for each in seen]
        assert [read.count(table) for table in ("companies_membership", "companies_delegation")] == [1, 1]
