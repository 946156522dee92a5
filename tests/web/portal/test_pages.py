"""Pages of text: support, terms, privacy, accessibility, roles, guide."""

import hashlib
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from bawaba.domain.catalogue import actions as catalogue
from bawaba.domain.catalogue import files
from bawaba.domain.catalogue.models import Service, Status
from bawaba.domain.companies.roles import Permission, Role, StaffRole
from bawaba.web.portal import texts
from bawaba.web.portal.privacy import data
from tests.client import Browser

pytestmark = pytest.mark.django_db  # the page of roles shows the catalogue

PAGES = ["company-services", "support", "guide", "terms", "privacy", "accessibility", "roles"]
OWN_TERMS = 'version = "7"\ndate = 2026-12-01\nar = """# أولًا\n\nنص <الشروط>\n\n- بند"""\nen = "Own terms."\n'


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_every_page_passes_inspection_in_both_languages(prefix: str, name: str) -> None:
    assert Browser().get(f"{prefix}/{name}/").heading


def test_frame_leads_to_the_pages() -> None:
    browser = Browser()
    browser.get("/")
    for words in ("الدعم الفني", "دليل المستخدم", "الشروط والأحكام", "سياسة الخصوصية", "إمكانية الوصول"):
        assert browser.open(words).heading.endswith(words)


def test_support_shows_what_the_operator_set(monkeypatch: pytest.MonkeyPatch) -> None:
    reachable = replace(
        settings.BAWABA,
        support_provider_ar="فريق الدعم",
        support_email="support@example.com",
        support_phones=("1800000;ext=1234", "+96524000000"),
        support_fax="+96524000001",
    )
    monkeypatch.setattr(settings, "BAWABA", reachable)
    page = Browser().get("/support/")
    assert "فريق الدعم" in page.text
    addresses = [a["href"] for a in page.main.one("table").all("a")]
    assert addresses == ["mailto:support@example.com", "tel:1800000;ext=1234", "tel:+96524000000"]
    assert "1800000 تحويلة 1234" in page.text
    assert "+965 2400 0001" in page.text


def test_support_says_when_nothing_is_set() -> None:
    page = Browser().get("/support/")
    assert "لم تُنشر بيانات الدعم الفني بعد" in page.text
    assert not page.main.all("table")


def test_terms_show_their_version_and_that_they_are_a_template() -> None:
    page = Browser().get("/terms/")
    assert "الإصدار 1.0 بتاريخ 22 نوفمبر 2026" in page.text
    assert "هذا نموذج" in page.text
    assert texts.terms().digest in page.text


def test_operators_own_terms_replace_the_template(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text(OWN_TERMS, encoding="utf-8")
    monkeypatch.setattr(settings, "BAWABA", replace(settings.BAWABA, terms_path=str(file)))
    page = Browser().get("/terms/")
    assert page.main.one("h2").text == "أولًا"
    assert "نص <الشروط>" in page.text
    assert [item.text for item in page.main.all("li")] == ["بند"]
    assert "هذا نموذج" not in page.text
    assert texts.terms().digest == hashlib.sha256(OWN_TERMS.encode()).hexdigest()
    assert "Own terms." in Browser().get("/en/terms/").text


@pytest.mark.parametrize("part", ["version", "date", "ar", "en"])
def test_terms_without_a_part_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, part: str) -> None:
    file = tmp_path / "own.toml"
    file.write_text(OWN_TERMS.replace(f"{part} = ", f"{part}x = "), encoding="utf-8")
    monkeypatch.setattr(settings, "BAWABA", replace(settings.BAWABA, terms_path=str(file)))
    with pytest.raises(texts.UnfitText) as refused:
        texts.terms()
    assert refused.value.part == part


def test_privacy_lists_each_datum_and_the_operators_own_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "BAWABA", replace(settings.BAWABA, audit_months=13))
    rows = Browser().get("/en/privacy/").main.one("tbody").all("tr")
    assert "13 months" in [row.all("td")[1].text for row in rows]
    assert [row.one("th").text for row in rows] == [str(datum.what) for datum in data()]


def test_guide_explains_each_field() -> None:
    page = Browser().get("/guide/")
    rows = page.main.one("table").one("tbody").all("tr")
    explained = {row.one("th").text: row.one("td").text for row in rows}
    assert list(explained) == [
        "الاسم الأول والاسم الأخير",
        "الجنس",
        "الرقم المدني",
        "رقم السجل التجاري للشركة",
        "رقم الهاتف الجوال",
        "البريد الإلكتروني",
        "كلمة المرور",
        "أدخل نص الصورة",
    ]
    assert all(explained.values())


def test_guide_tells_the_six_steps_of_the_reset() -> None:
    page = Browser().get("/guide/")
    steps = page.main.all("ol")[3].all("li")
    assert len(steps) == 6
    assert "هل نسيت كلمة المرور؟" in steps[0].text
    assert "إعادة ضبط كلمة المرور" in steps[5].text


@pytest.mark.parametrize("roles", [Role, StaffRole])
def test_roles_page_says_what_the_code_allows(roles: type[Role] | type[StaffRole]) -> None:
    table = Browser().get("/en/roles/").main.all("table")[0 if roles is Role else -1]
    names = [cell.text for cell in table.one("thead").all("th")][1:]
    shown = {
        (name, row.one("th").text)
        for row in table.one("tbody").all("tr")
        for name, cell in zip(names, row.all("td"), strict=True)
        if cell.text == "Yes"
    }
    with translation.override("en"):
        assert shown == {(role.label, permission.label) for role in roles for permission in role.permissions}


def test_roles_page_says_what_each_service_of_the_catalogue_requires() -> None:
    assert len(Browser().get("/roles/").main.all("table")) == 2
    catalogue.apply(files.read(files.DEMO.read_text(encoding="utf-8")), actor="operator")
    shown = _rows("/en/roles/")
    for each in Service.objects.shown("organization"):
        flags = (each.verified_company, each.second_factor, each.delegable)
        with translation.override("en"):
            expected = Permission(each.permission).label if each.permission else "An account is enough"
        assert shown[each.name_en] == [expected, *("Yes" if flag else "No" for flag in flags)]
    assert _rows("/roles/")["تجديد رخصة الاستيراد"] == ["إعداد الطلبات وتقديمها", "لا", "لا", "نعم"]
    Service.objects.filter(key="import-licence").update(status=Status.WITHDRAWN)
    assert "تجديد رخصة الاستيراد" not in _rows("/roles/")


def _rows(path: str) -> dict[str, list[str]]:
    """The table of the services: what stands beside each name."""
    body = Browser().get(path).main.all("table")[1].one("tbody")
    return {row.one("th").text: [cell.text for cell in row.all("td")] for row in body.all("tr")}


@pytest.mark.parametrize(("path", "language"), [("/guide/", "ar"), ("/en/guide/", "en")])
def test_guide_shows_its_pictures_only_when_asked(path: str, language: str) -> None:
    pictures = Browser().get(path).main.all("img")
    assert len(pictures) == 8
    for picture in pictures:
        assert f".{language}." in picture["src"]
        assert picture["loading"] == "lazy"
        assert picture.above("details") is not None
