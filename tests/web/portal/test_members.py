"""The members of a company: found by name, a page at a time, and what may be done to each."""

from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bawaba.domain.accounts.actions import create_user
from bawaba.domain.companies.models import Company, Membership
from bawaba.domain.companies.roles import Role
from bawaba.domain.companies.roster import enrol
from bawaba.identifiers.names import search_key
from tests.client import Browser
from tests.journey import signed_in
from tests.page import Page, is_asked_first
from tests.people import ahmad, broker, example_trading, maryam, salem

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("services")]


def test_a_suspended_member_loses_everything_at_once_and_gets_it_back(
    administrator: Browser, submitter: Browser
) -> None:
    member = Membership.objects.get(user__email=maryam.email)
    administrator.get(f"/company/members/{member.id}/")
    administrator.submit("إيقاف")
    assert submitter.get("/services/import-licence/").path == "/home/"
    home = submitter.get("/home/")
    assert f"رقم السجل التجاري {example_trading.cr_number}: عضويتك أو الشركة موقوفة" in home.text
    assert "الانضمام إلى شركة" not in home.text  # it would be refused: the membership is there
    administrator.get(f"/company/members/{member.id}/")
    administrator.submit("إعادة العضوية")
    assert submitter.get("/services/import-licence/").path == "/services/import-licence/"


def test_the_last_administrator_can_neither_be_suspended_nor_ended_nor_lowered(administrator: Browser) -> None:
    member = Membership.objects.get(user__email=ahmad.email)
    for press in ("إيقاف", "إنهاء العضوية"):
        administrator.get(f"/company/members/{member.id}/")
        assert "يجب أن يبقى للشركة مدير حساب فعّال" in administrator.submit(press).text
    assert is_asked_first(administrator.get(f"/company/members/{member.id}/"), "إنهاء العضوية")
    administrator.get(f"/company/members/{member.id}/")
    assert "يجب أن يبقى للشركة مدير حساب فعّال" in administrator.submit("حفظ الأدوار", roles="viewer").text
    member.refresh_from_db()
    assert (member.state, member.role_list) == (Membership.State.ACTIVE, (Role.ADMINISTRATOR,))


def test_a_member_without_the_permission_manages_nothing(submitter: Browser) -> None:
    member = Membership.objects.get(user__email=ahmad.email)
    for path in ("members/", f"members/{member.id}/", "requests/", "invitations/", "delegations/", "users/", "edit/"):
        submitter.get(f"/company/{path}", status=403)
    submitter.get("/company/")
    submitter.post(f"/company/members/{member.id}/end/", {}, status=403)
    assert Membership.objects.get(id=member.id).state == Membership.State.ACTIVE


def test_another_company_is_not_there(administrator: Browser) -> None:
    signed_in(salem, broker)
    theirs = Membership.objects.get(user__email=salem.email)
    administrator.get(f"/company/members/{theirs.id}/", status=404)
    administrator.get("/company/")
    administrator.post(f"/company/members/{theirs.id}/end/", {}, status=404)
    administrator.get("/company/")
    administrator.post(f"/company/requests/{theirs.id}/", {"decline": "1"}, status=404)
    assert Membership.objects.get(id=theirs.id).state == Membership.State.ACTIVE


def test_members_are_found_in_any_spelling_and_by_pages(administrator: Browser, submitter: Browser) -> None:
    assert maryam.last_name in administrator.get("/company/members/?q=مريم").text
    assert "لم يُعثر على أحد" in administrator.get("/company/members/?q=خالد").text
    assert ahmad.first_name in administrator.get("/company/members/?q=احمد").text


def test_a_member_is_found_by_the_whole_address_only(administrator: Browser, submitter: Browser) -> None:
    assert names(administrator.get(f"/company/members/?q={maryam.email.upper()}")) == [maryam.full_name]
    assert names(administrator.get("/company/members/?q=@example.com")) == []


def test_an_address_may_break_in_a_narrow_cell_and_reads_whole(administrator: Browser) -> None:
    administrator.get("/company/invitations/")
    administrator.submit("إرسال الدعوة", email=salem.email, roles="viewer")
    pages = {"members": ahmad, "users": ahmad, "invitations": salem}
    for name, person in pages.items():
        page = administrator.get(f"/company/{name}/")
        cells = [cell for cell in page.main.all("td", "th") if cell.text == person.email]
        assert [len(cell.all("wbr")) for cell in cells] == [2], name


def test_the_pages_hold_every_member_once_in_the_order_of_their_names(
    administrator: Browser, submitter: Browser
) -> None:
    _crowd(Company.objects.get(cr_number=example_trading.cr_number), 60)
    page = administrator.get("/company/members/")
    links, found = links_to_members(page), names(page)
    while "الصفحة التالية" in page.text:
        page = administrator.open("الصفحة التالية")
        links, found = links + links_to_members(page), found + names(page)
    assert len(set(links)) == len(links) == Membership.objects.count() == 62
    assert found == sorted(found, key=search_key)


def test_a_member_who_changes_the_name_stands_and_is_found_under_the_new_one(
    administrator: Browser, submitter: Browser
) -> None:
    assert names(administrator.get("/company/members/")) == [ahmad.full_name, maryam.full_name]
    submitter.get("/account/name/")
    submitter.submit("حفظ", first_name="أبرار", last_name=maryam.last_name)
    assert names(administrator.get("/company/members/")) == [f"أبرار {maryam.last_name}", ahmad.full_name]
    assert names(administrator.get("/company/members/?q=ابرار")) == [f"أبرار {maryam.last_name}"]
    assert names(administrator.get(f"/company/members/?q={maryam.first_name}")) == []


def names(page: Page) -> list[str]:
    return [cell.text for cell in page.main.all("th") if cell.get("scope") == "row"]


def links_to_members(page: Page) -> list[str]:
    return [link["href"] for cell in page.main.all("th") for link in cell.all("a")]


@pytest.mark.parametrize("asked", [".*", "(a+)+$", "[^x]", "%", "_", "\\", "' OR 1=1 --"])
def test_what_is_searched_for_is_text_and_no_pattern(administrator: Browser, submitter: Browser, asked: str) -> None:
    assert "لم يُعثر على أحد" in administrator.get(f"/company/members/?{urlencode({'q': asked})}").text


def test_the_administrator_reads_name_and_email_of_a_member_and_nothing_more(
    administrator: Browser, submitter: Browser
) -> None:
    member = Membership.objects.get(user__email=maryam.email)
    for path in ("/company/members/", f"/company/members/{member.id}/", "/company/users/"):
        page = administrator.get(path)
        assert maryam.email in page.text
        for hidden in (maryam.civil_id, maryam.civil_id[-4:], maryam.mobile[-4:]):
            assert hidden not in page.text.replace(" ", "")


def test_pages_ask_the_database_the_same_whatever_the_size_of_the_company(
    administrator: Browser, submitter: Browser
) -> None:
    paths = ("/company/members/", "/home/")
    few = [_statements(administrator, path) for path in paths]
    _crowd(Company.objects.get(cr_number=example_trading.cr_number), 60)
    assert [_statements(administrator, path) for path in paths] == few


def _statements(browser: Browser, path: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        browser.get(path)
    return len(seen)


def _crowd(company: Company, size: int) -> None:
    for number in range(size):
        user = create_user(
            email=f"crowd{number}@example.com",
            password="!",
            first_name="عضو",
            last_name="أول" if number % 2 else "آخر",
            civil_id=f"1{number:011d}",
            mobile="+96550000000",
            language="ar",
        )
        enrol(user=user, company=company, state=Membership.State.ACTIVE, roles="viewer")
