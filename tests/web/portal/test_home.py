"""The home page names the next step, and never one that was taken already."""

import pytest

from bawaba.domain.companies.models import Invitation
from tests.client import Browser
from tests.journey import signed_in
from tests.people import PRIVATE, Firm, example_trading, maryam, salem

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("services")]

unnamed = Firm(cr_number="888", name_ar="", name_en="")


def test_a_company_without_a_name_is_given_one(administrator: Browser) -> None:
    administrator.get("/home/")
    administrator.open("أدخل اسم الشركة")
    administrator.submit("حفظ", name_ar=example_trading.name_ar)
    assert "أدخل اسم الشركة" not in administrator.get("/home/").text


def test_somebody_whose_request_waits_is_not_told_to_ask_for_a_company(administrator: Browser) -> None:
    page = signed_in(maryam).get("/home/")
    assert "الانضمام إلى شركة" not in page.main.text
    assert page.main.text.count("طلبك ينتظر القرار") > 1


def test_an_invitation_stands_there_until_it_is_answered(administrator: Browser) -> None:
    administrator.get("/company/invitations/")
    administrator.submit("إرسال الدعوة", email=salem.email, roles="payer")
    invited = signed_in(salem, unnamed, shows=PRIVATE)
    assert (
        invited.get("/home/").link(example_trading.cr_number)["href"] == f"/invitations/{Invitation.objects.get().id}/"
    )
    invited.open(example_trading.cr_number)
    invited.submit("رفض الدعوة")
    assert "دعوات موجّهة إليك" not in invited.get("/home/").text
