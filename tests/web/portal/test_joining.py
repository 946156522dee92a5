"""How a person comes to a company: the first administers it, the others ask, wait and may take it back."""

import pytest

from bawaba.domain.companies.models import Change, Membership
from bawaba.infrastructure.messaging.models import Message
from tests.client import Browser
from tests.journey import register, signed_in
from tests.page import is_asked_first
from tests.people import ahmad, broker, example_trading, maryam

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("services")]


def test_the_first_of_an_unknown_number_administers_a_declared_company(administrator: Browser) -> None:
    page = administrator.get("/home/")
    assert example_trading.cr_number in page.text
    assert "مدير حساب الشركة" in page.text
    assert "غير موثّقة" in page.text


def test_the_second_sees_nothing_asks_and_is_admitted(administrator: Browser) -> None:
    second = signed_in(maryam)
    page = second.get("/home/")
    assert "طلبك ينتظر القرار" in page.text
    assert ahmad.last_name not in page.source
    assert second.get("/company/").path == "/home/"
    assert Message.objects.filter(kind="membership_requested", address=ahmad.email).count() == 1
    administrator.get("/company/requests/")
    page = administrator.open("الاطلاع واتخاذ القرار")
    assert "أتعهد بصفتي المفوض بالتوقيع" in page.text
    administrator.submit("قبول العضو", roles="submitter")
    page = second.get("/home/")
    assert "مقدّم الطلبات" in page.text
    assert Message.objects.filter(kind="membership_admitted", address=maryam.email).count() == 1


def test_the_side_navigation_marks_the_company_on_the_pages_of_ones_requests(administrator: Browser) -> None:
    second = signed_in(maryam)
    receipt = f"/requests/{Membership.objects.get(user__email=maryam.email).id}/"
    for browser, words, address in (
        (administrator, "الشركة", "/company/"),
        (second, "طلباتي", "/requests/"),  # nothing of the company may be seen yet: there is no page of it
    ):
        own = receipt if browser is second else "/company/members/"
        for path in ("/requests/", "/join/", own):
            (here,) = browser.get(path).html.one("nav", class_="side").all("a", aria_current="page")
            assert (here.text, here["href"]) == (words, address)
    (here,) = (
        administrator.get("/services/import-licence/").html.one("nav", class_="side").all("a", aria_current="page")
    )
    assert here["href"] == "/home/"


def test_a_declined_request_says_so_to_the_person_and_names_no_company(administrator: Browser) -> None:
    administrator.get("/company/edit/")
    administrator.submit("حفظ", name_ar=example_trading.name_ar)
    second = signed_in(maryam)
    administrator.get("/company/requests/")
    page = administrator.open("الاطلاع واتخاذ القرار")
    assert is_asked_first(page, "رفض الطلب")
    administrator.submit("رفض الطلب", reason="لا نعرفها")
    assert "منتهية" in second.get("/requests/").text
    message = Message.objects.get(kind="membership_declined", address=maryam.email)
    assert message.variables["company"] == example_trading.cr_number


def test_both_sides_read_the_same_short_number(administrator: Browser) -> None:
    second = signed_in(maryam)
    number = Membership.objects.get(user__email=maryam.email).number
    assert (len(number), number.isdecimal()) == (10, True)
    second.get("/requests/")
    asked = [second.page.text, second.open("التفاصيل والإيصال").text]
    administrator.get("/company/requests/")
    decides = [administrator.page.text, administrator.open("الاطلاع واتخاذ القرار").text]
    assert all(number in text for text in (*asked, *decides))


@pytest.mark.parametrize("text", ["\U000e0041", "\ufffe", "\ue000", "a\u2028b", "a\x1bb", "x" * 301])
def test_what_cannot_be_seen_or_is_too_long_is_refused_as_a_reason(administrator: Browser, text: str) -> None:
    administrator.get("/join/")
    page = administrator.submit("إرسال الطلب", cr_number=broker.cr_number, reason=text, status=422)
    assert set(page.errors) == {"reason"}
    assert not Membership.objects.filter(company__cr_number=broker.cr_number).exists()


@pytest.mark.parametrize("text", ["\ufffe", "x" * 301])
def test_the_same_is_refused_as_the_reason_of_a_refusal(administrator: Browser, text: str) -> None:
    signed_in(maryam)
    administrator.get("/company/requests/")
    administrator.open("الاطلاع واتخاذ القرار")
    page = administrator.submit("رفض الطلب", reason=text, status=422)
    assert set(page.errors) == {"reason"}
    assert Membership.objects.requested().filter(user__email=maryam.email).exists()


def test_marks_that_cannot_be_seen_leave_the_reason_of_a_refusal(administrator: Browser) -> None:
    signed_in(maryam)
    administrator.get("/company/requests/")
    administrator.open("الاطلاع واتخاذ القرار")
    administrator.submit("رفض الطلب", reason="\u200fلا نعرفها")
    changes = Change.objects.of(Membership.objects.get(user__email=maryam.email))
    assert [change.reason for change in changes] == ["", "لا نعرفها"]


def test_a_request_can_be_withdrawn_and_has_a_numbered_dated_receipt(administrator: Browser) -> None:
    second = signed_in(maryam)
    asked = Membership.objects.get(user__email=maryam.email)
    page = second.get(f"/requests/{asked.id}/")
    assert asked.number in page.text
    assert str(asked.id) not in page.text
    assert is_asked_first(page, "سحب الطلب")
    second.submit("سحب الطلب")
    asked.refresh_from_db()
    assert asked.state == Membership.State.ENDED


def test_who_leaves_the_company_is_asked_first_and_loses_everything_at_once(submitter: Browser) -> None:
    member = Membership.objects.get(user__email=maryam.email)
    page = submitter.get(f"/requests/{member.id}/")
    assert is_asked_first(page, "مغادرة الشركة")
    submitter.submit("مغادرة الشركة")
    member.refresh_from_db()
    assert member.state == Membership.State.ENDED
    assert "لا تعمل باسم أي شركة" in submitter.get("/home/").text
    assert "مغادرة الشركة" not in submitter.get(f"/requests/{member.id}/").text


def test_registering_again_for_the_same_company_is_one_request(administrator: Browser) -> None:
    browser = Browser(maryam)
    register(browser, maryam)
    assert Membership.objects.filter(user__email=maryam.email).count() == 0
