"""One company with many people: who registers first administers, the others ask, are invited, act and go."""

from collections.abc import Iterator
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bawaba.domain.accounts.actions import create_user
from bawaba.domain.catalogue import actions as catalogue
from bawaba.domain.catalogue import files
from bawaba.domain.companies.models import Company, CompanyIdentifier, Delegation, Invitation, Membership
from bawaba.domain.companies.roles import Role
from bawaba.infrastructure.messaging.models import Message
from tests.client import Browser
from tests.journey import register, signed_in
from tests.people import Firm, ahmad, example_trading, maryam, salem

pytestmark = pytest.mark.django_db

broker = Firm(cr_number="777", name_ar="مكتب المثال للتخليص", name_en="Example Clearing Office")
ALL = ahmad.private + maryam.private + salem.private
NOW = "2026-11-24 09:00:00+03:00"


@pytest.fixture(autouse=True)
def services() -> None:
    catalogue.apply(files.read(files.DEMO.read_text(encoding="utf-8")), actor="operator")


@pytest.fixture
def administrator() -> Browser:
    return signed_in(ahmad, shows=ALL)


@pytest.fixture
def submitter(administrator: Browser) -> Browser:
    """Maryam, who asked and was admitted as submitter."""
    browser = signed_in(maryam)
    administrator.get("/company/requests/")
    administrator.open("الاطلاع واتخاذ القرار")
    administrator.submit("قبول العضو", roles="submitter")
    return browser


@pytest.fixture
def frozen() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


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


def test_a_declined_request_says_so_to_the_person(administrator: Browser) -> None:
    second = signed_in(maryam)
    administrator.get("/company/requests/")
    administrator.open("الاطلاع واتخاذ القرار")
    administrator.submit("رفض", reason="لا نعرفها")
    assert "منتهية" in second.get("/requests/").text
    assert Message.objects.filter(kind="membership_declined", address=maryam.email).count() == 1


@pytest.mark.parametrize("text", ["\U000e0041", "\ufffe", "\ue000", "a\u2028b", "a\x1bb", "x" * 301])
def test_what_cannot_be_seen_or_is_too_long_is_refused_as_a_reason(administrator: Browser, text: str) -> None:
    administrator.get("/join/")
    page = administrator.submit("إرسال الطلب", cr_number=broker.cr_number, reason=text, status=422)
    assert set(page.errors) == {"reason"}
    assert not Membership.objects.filter(company__cr_number=broker.cr_number).exists()


def test_the_number_and_the_issuer_of_a_paper_are_cleaned(administrator: Browser) -> None:
    paper = {"type": "licence", "value": "\u200e12\u200f3", "issuer": "\u200b"}
    administrator.post("/company/numbers/add/", paper | {"valid_to": ""})
    kept = CompanyIdentifier.objects.get()
    assert (kept.value, kept.issuer) == ("123", "")


def test_a_request_can_be_withdrawn_and_has_a_numbered_dated_receipt(administrator: Browser) -> None:
    second = signed_in(maryam)
    asked = Membership.objects.get(user__email=maryam.email)
    page = second.get(f"/requests/{asked.id}/")
    assert str(asked.id) in page.text
    second.submit("سحب الطلب")
    asked.refresh_from_db()
    assert asked.state == Membership.State.ENDED


def test_roles_decide_which_services_are_open(submitter: Browser) -> None:
    page = submitter.get("/home/")
    open_now = [link.text for link in page.main.all("a") if link.get("href", "").startswith("/services/")]
    assert "تجديد رخصة الاستيراد" in open_now
    assert "سداد الرسوم الجمركية" not in open_now
    assert "تتطلب دورًا آخر في الشركة" in page.text
    assert submitter.get("/services/pay-duties/").path == "/home/"
    page = submitter.get("/services/import-licence/")
    assert "services.example.com" in page.text


def test_the_way_to_a_service_says_where_it_leads_and_waits_for_a_press(submitter: Browser) -> None:
    for path in ("/home/", "/company/", "/account/"):
        links = [link["href"] for link in submitter.get(path).root.all("a")]
        assert not [href for href in links if urlsplit(href).scheme in {"http", "https"}]
    page = submitter.get("/services/import-licence/")
    assert urlsplit(page.link("الانتقال إلى الخدمة")["href"]).netloc == "services.example.com"
    assert "تغادر البوابة إلى الخدمة" in page.heading
    assert [heading.text for heading in page.main.all("h2")] == ["services.example.com"]
    assert page.link("رجوع")["href"] == "/home/"


def test_a_suspended_member_loses_everything_at_once_and_gets_it_back(
    administrator: Browser, submitter: Browser
) -> None:
    member = Membership.objects.get(user__email=maryam.email)
    administrator.get(f"/company/members/{member.id}/")
    administrator.submit("إيقاف")
    assert submitter.get("/services/import-licence/").path == "/home/"
    assert "لا تعمل باسم أي شركة" in submitter.get("/home/").text
    administrator.get(f"/company/members/{member.id}/")
    administrator.submit("إعادة")
    assert submitter.get("/services/import-licence/").path == "/services/import-licence/"


def test_the_last_administrator_can_neither_be_suspended_nor_ended_nor_lowered(administrator: Browser) -> None:
    member = Membership.objects.get(user__email=ahmad.email)
    for press in ("إيقاف", "إنهاء العضوية"):
        administrator.get(f"/company/members/{member.id}/")
        assert "يجب أن يبقى للشركة مدير حساب فعّال" in administrator.submit(press).text
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


def test_an_invitation_is_accepted_by_its_owner_only_and_once(administrator: Browser) -> None:
    administrator.get("/company/invitations/")
    administrator.submit("إرسال الدعوة", email=salem.email, roles="payer")
    invitation = Invitation.objects.get()
    path = f"/invitations/{invitation.id}/"
    assert example_trading.cr_number not in Browser().get(path).source
    other = signed_in(maryam, broker)
    other.get(path, status=404)
    invited = signed_in(salem, Firm(cr_number="888", name_ar="", name_en=""), shows=ALL)
    page = invited.get(path)
    assert "مسؤول الدفع" in page.text
    invited.submit("قبول")
    assert Membership.objects.get(user__email=salem.email, company=invitation.company).role_list == (Role.PAYER,)
    page = invited.get(path)
    assert "لم يعد الرد على هذه الدعوة ممكنًا" in page.text


def test_an_invitation_may_carry_several_roles(administrator: Browser) -> None:
    administrator.get("/company/invitations/")
    administrator.submit("إرسال الدعوة", email=salem.email, roles=["submitter", "payer"])
    assert set(Invitation.objects.get().role_list) == {Role.SUBMITTER, Role.PAYER}


def test_an_invitation_withdrawn_can_no_longer_be_answered(administrator: Browser) -> None:
    administrator.get("/company/invitations/")
    administrator.submit("إرسال الدعوة", email=salem.email, roles="payer")
    invitation = Invitation.objects.get()
    administrator.submit("سحب")
    invited = signed_in(salem, broker, shows=ALL)
    invited.get(f"/invitations/{invitation.id}/")
    invited.post(f"/invitations/{invitation.id}/answer/", {"accept": "1"})
    assert not Membership.objects.filter(user__email=salem.email, company=invitation.company).exists()


def test_an_invitation_is_sent_again_with_a_life_of_its_own(
    frozen: time_machine.Traveller, administrator: Browser
) -> None:
    administrator.get("/company/invitations/")
    administrator.submit("إرسال الدعوة", email=salem.email, roles="payer")
    first = Invitation.objects.get()
    frozen.shift(60)
    administrator.get("/company/invitations/")
    administrator.submit("إرسال مرة أخرى")
    first.refresh_from_db()
    assert first.state == Invitation.State.WITHDRAWN
    assert Invitation.objects.open().get().expires_at > first.expires_at


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


def test_a_delegation_works_from_its_acceptance_until_its_last_second(
    frozen: time_machine.Traveller, administrator: Browser
) -> None:
    clearing = signed_in(salem, broker, shows=ALL)
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
    again = Browser(salem, shows=ALL)
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


def test_the_list_of_users_has_the_undertaking_and_prints_without_scripts(administrator: Browser) -> None:
    page = administrator.get("/company/users/")
    assert ahmad.email in page.text
    assert "أتعهد بصفتي المفوض بالتوقيع" in page.text


def test_the_facts_of_a_declared_company_are_the_administrators_to_write(administrator: Browser) -> None:
    administrator.get("/company/edit/")
    page = administrator.submit(
        "حفظ", name_ar="شركة المثال للتجارة العامة", name_en="Example Trading", legal_form="wll"
    )
    assert "شركة المثال للتجارة العامة" in page.text
    assert Company.objects.get().legal_form_id == "wll"
    administrator.submit("إضافة", type="import_licence", value="IL-2026-1", valid_to="2026-12-01")
    assert "ينتهي قريبًا" in administrator.get("/company/").text


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
            last_name="رقم",
            civil_id=f"1{number:011d}",
            mobile="+96550000000",
            language="ar",
        )
        Membership.objects.create(company=company, user=user, state=Membership.State.ACTIVE, roles="viewer")


def _sign_in(browser: Browser, email: str, password: str) -> None:
    browser.get("/sign-in/")
    browser.submit("تسجيل الدخول", within=browser.page.main, login=email, password=password)


def test_registering_again_for_the_same_company_is_one_request(administrator: Browser) -> None:
    browser = Browser(maryam)
    register(browser, maryam)
    assert Membership.objects.filter(user__email=maryam.email).count() == 0
