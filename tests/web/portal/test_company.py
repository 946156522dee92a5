"""The company's page: its facts, its numbers, and the list of its users to sign."""

import pytest

from bawaba.domain.companies.models import Company, CompanyIdentifier
from tests.client import Browser
from tests.people import ahmad

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("services")]


def test_the_number_and_the_issuer_of_a_paper_are_cleaned(administrator: Browser) -> None:
    paper = {"type": "licence", "value": "\u200e12\u200f3", "issuer": "\u200b"}
    administrator.post("/company/numbers/add/", paper | {"valid_to": ""})
    kept = CompanyIdentifier.objects.get()
    assert (kept.value, kept.issuer) == ("123", "")


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
