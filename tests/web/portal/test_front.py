"""The opening screen, which the parent site's menu leads to, and the door for companies."""

from dataclasses import replace

import pytest
from django.conf import settings

from tests.client import Browser


def test_front_page_is_arabic_and_right_to_left() -> None:
    page = Browser().get("/")
    assert (page.html["lang"], page.html["dir"]) == ("ar", "rtl")
    assert page.heading == "بوابة الخدمات الإلكترونية للجمارك"


def test_front_page_is_english_under_en() -> None:
    page = Browser().get("/en/")
    assert (page.html["lang"], page.html["dir"]) == ("en", "ltr")
    assert page.heading == "Customs e-Services Portal"


def test_one_button_leads_to_the_door_for_companies() -> None:
    browser = Browser()
    browser.get("/")
    page = browser.open("خدمات الشركات")
    assert page.heading == "خدمات الشركات"
    assert page.link("تسجيل حساب جديد")["href"] == "/register/"
    assert page.link("هل نسيت كلمة المرور؟")["href"] == "/reset-password/"


@pytest.mark.parametrize("path", ["/", "/en/", "/company-services/", "/support/", "/terms/"])
def test_who_only_looks_gets_no_cookie(path: str) -> None:
    browser = Browser()
    assert "set-cookie" not in browser.get(path).headers
    assert not browser.cookies


def test_link_from_another_site_opens_it() -> None:
    page = Browser().get(
        "/",
        referer="https://www.customs.example/",
        sec_fetch_site="cross-site",
        sec_fetch_mode="navigate",
        sec_fetch_dest="document",
    )
    assert page.status == 200


def test_notice_of_the_operator_stands_on_top(monkeypatch: pytest.MonkeyPatch) -> None:
    notice = replace(
        settings.BAWABA, notice_ar="تتوقف البوابة للصيانة مساء الجمعة.", notice_en="Works on Friday evening."
    )
    monkeypatch.setattr(settings, "BAWABA", notice)
    assert "تتوقف البوابة للصيانة مساء الجمعة." in Browser().get("/").text
    assert "Works on Friday evening." in Browser().get("/en/").text


def test_frame_names_the_operator_and_the_portal(monkeypatch: pytest.MonkeyPatch) -> None:
    other = replace(settings.BAWABA, operator_name_ar="هيئة المثال", portal_name_ar="بوابة المثال")
    monkeypatch.setattr(settings, "BAWABA", other)
    page = Browser().get("/")
    assert "هيئة المثال" in page.root.one("footer").text
    assert page.title.endswith("بوابة المثال")


def test_demonstration_says_so_on_every_page(monkeypatch: pytest.MonkeyPatch) -> None:
    words = "هذه نسخة تجريبية"
    assert words not in Browser().get("/support/").root.text
    monkeypatch.setattr(settings, "BAWABA", replace(settings.BAWABA, demo=True))
    assert words in Browser().get("/support/").root.text


def test_nothing_but_reading_is_answered() -> None:
    assert Browser().post("/", {}, status=403).heading == "بقيت الصفحة مفتوحة مدة طويلة"
