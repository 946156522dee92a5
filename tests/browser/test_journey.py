"""The guide's journey in a real browser: in both languages, wide and narrow, with and without JavaScript."""

from collections.abc import Callable

import pytest

from tests.browser import journey
from tests.browser.visitor import NARROW, WIDE, Visitor

NEW_PASSWORD = "Kubbar%Island42"

everywhere = pytest.mark.parametrize(
    ("language", "width", "scripts"),
    [("ar", NARROW, True), ("ar", NARROW, False), ("en", WIDE, True), ("en", WIDE, False)],
    ids=["arabic", "arabic-without-scripts", "english", "english-without-scripts"],
)


@everywhere
def test_from_the_front_page_to_a_new_password(
    visit: Callable[..., Visitor], language: str, width: int, scripts: bool
) -> None:
    person = journey.newcomer()
    visitor = visit(language=language, width=width, scripts=scripts)
    visitor.open("/")
    visitor.follow("/company-services/")
    visitor.follow("/register/")
    journey.register(visitor, person)
    assert visitor.at("/activate/")
    journey.activate(visitor, person)
    assert visitor.at("/home/")
    assert visitor.page.locator("main").get_by_text(person.first_name).count() == 1
    journey.sign_out(visitor)
    visitor.open("/home/")
    assert visitor.at("/sign-in/")

    elsewhere = visit(language=language, width=width, scripts=scripts)
    journey.sign_in(elsewhere, person)
    assert elsewhere.at("/home/")
    journey.reset(visitor, person, NEW_PASSWORD)
    assert visitor.at("/sign-in/")
    elsewhere.open("/home/")
    assert elsewhere.at("/sign-in/")
    journey.sign_in(visitor, person)
    assert visitor.at("/sign-in/")
    visitor.fill(login=person.email, password=NEW_PASSWORD)
    visitor.press("sign_in")
    assert visitor.at("/home/")
