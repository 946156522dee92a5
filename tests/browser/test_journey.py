"""The guide's journey in a real browser: in both languages, wide and narrow, with and without JavaScript."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Route

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


def test_the_delivery_line_follows_the_message_without_a_reload(visit: Callable[..., Visitor]) -> None:
    visitor = visit(width=NARROW)

    def still_on_its_way(route: Route) -> None:
        answer = route.fetch()
        if route.request.is_navigation_request():
            line = r'<p class="status [^"]*" id="email-line" role="status"[^>]*>.*?</p>'
            late = '<p class="status" id="email-line" role="status" data-waiting="/activate/">في الطريق</p>'
            route.fulfill(response=answer, body=re.sub(line, late, answer.text()))
        else:
            route.fulfill(response=answer)

    journey.register(visitor, journey.newcomer())
    visitor.page.route("**/activate/", still_on_its_way)
    visitor.page.reload()
    line = visitor.page.locator("#email-line")
    assert line.inner_text() == "في الطريق"
    visitor.page.locator("#email-line.ok").wait_for()
    assert line.inner_text().startswith("سلّمنا الرسالة إلى خادم البريد الساعة")
    assert line.get_attribute("data-waiting") is None
