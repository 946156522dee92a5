"""Acting for one company of several, and only for one's own."""

from uuid import uuid4

import pytest

from bawaba.domain.companies.models import Membership
from tests.client import Browser
from tests.journey import signed_in
from tests.people import ahmad, broker, example_trading, salem

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


def test_nobody_acts_for_a_company_by_naming_its_id(administrator: Browser) -> None:
    signed_in(salem, broker)
    theirs = Membership.objects.get(user__email=salem.email)
    administrator.get("/home/")
    for value in (str(theirs.id), str(uuid4()), "x", ""):
        page = administrator.post("/act-for/", {"acting": value, "back": "/home/"})
        assert broker.cr_number not in page.text
