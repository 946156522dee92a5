"""The address decides the language; the switch is a link; the cookie serves addresses without a language."""

import pytest

from bawaba.web.ui import language
from tests.client import Browser


def test_switch_leads_to_the_same_page_in_the_other_language() -> None:
    browser = Browser()
    browser.get("/")
    page = browser.open("English")
    assert (page.path, page.html["lang"]) == ("/en/", "en")
    page = browser.open("العربية")
    assert (page.path, page.html["lang"]) == ("/", "ar")


def test_switch_is_named_in_the_other_language() -> None:
    link = Browser().get("/").link("English")
    assert (link["lang"], link["hreflang"], link["dir"]) == ("en", "en", "ltr")


def test_switch_keeps_the_rest_of_the_query() -> None:
    response = Browser().get("/?next=%2Fhome%2F&language=en", status=302, follow=False)
    assert response.headers["location"] == "/en/?next=%2Fhome%2F"
    assert response.headers["cache-control"] == "no-store"


def test_choice_is_remembered_for_a_year_and_decides_at_the_plain_address() -> None:
    browser = Browser()
    browser.get("/")
    browser.open("English")
    assert browser.cookies["language"]["max-age"] == 365 * 24 * 3600
    assert browser.cookies["language"]["httponly"]
    assert browser.get("/").path == "/en/"
    browser.open("العربية")
    assert browser.get("/").path == "/"


def test_plain_address_depends_on_the_cookie_for_caches_too() -> None:
    assert "Cookie" in Browser().get("/").headers["vary"]


@pytest.mark.parametrize("wish", ["de", "../..", "", "en-US"])
def test_unknown_language_is_no_switch(wish: str) -> None:
    assert Browser().get(f"/?language={wish}").html["lang"] == "ar"


@pytest.mark.parametrize(
    ("path", "wish", "expected"),
    [
        ("/register/", "en", "/en/register/"),
        ("/en/register/", "ar", "/register/"),
        ("/en/", "ar", "/"),
        ("/en", "ar", "/"),
        ("/english/", "en", "/en/english/"),
        ("//evil.example/", "en", "/en/evil.example/"),
        ("//evil.example/", "ar", "/evil.example/"),
        ("/en//evil.example/", "ar", "/evil.example/"),
        ("/en/\\evil.example/", "ar", "/evil.example/"),
        ("/oidc/authorize/", "en", "/oidc/authorize/"),
    ],
)
def test_address_in_the_other_language_stays_on_this_host(path: str, wish: str, expected: str) -> None:
    assert language.in_language(path, wish) == expected
