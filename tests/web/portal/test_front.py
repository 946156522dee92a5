"""The opening screen, which the parent site's menu leads to."""

from tests.client import Browser


def test_front_page_is_arabic_and_right_to_left() -> None:
    page = Browser().get("/")
    assert (page.html["lang"], page.html["dir"]) == ("ar", "rtl")


def test_front_page_is_english_under_en() -> None:
    page = Browser().get("/en/")
    assert (page.html["lang"], page.html["dir"]) == ("en", "ltr")
    assert page.heading == "Company services"


def test_front_page_sets_no_cookie() -> None:
    browser = Browser()
    assert "set-cookie" not in browser.get("/").headers
    assert not browser.cookies
