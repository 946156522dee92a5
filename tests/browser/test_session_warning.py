"""The warning before a session ends: two minutes ahead, seconds in the last one, one press to stay."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, Route

from tests.browser.visitor import Visitor

IDLE = 900
DIALOG = """
<dialog class="dialog stack" id="session" aria-labelledby="session-title"
  data-idle="900" data-life="{life}" data-stay="/"><h2 id="session-title">جلستك على وشك الانتهاء</h2>
  <p>سيُسجَّل خروجك <bdi dir="ltr" hidden></bdi></p><button type="button" class="btn">البقاء في حسابي</button></dialog>
"""


@pytest.fixture
def open_page(visit: Callable[..., Visitor]) -> Iterator[Callable[..., Page]]:
    """The front page with the dialog of a signed-in person in it: only the script is looked at here."""
    visitor = visit()

    def come(life: int = 43_200) -> Page:
        def with_dialog(route: Route) -> None:
            body = route.fetch().text().replace("</body>", DIALOG.format(life=life) + "</body>")
            route.fulfill(body=body, content_type="text/html; charset=utf-8")

        visitor.page.route(lambda url: url.endswith("/support/"), with_dialog)
        visitor.page.clock.install()
        return visitor.open("/support/")

    yield come
    assert visitor.record.complaints == []


def pass_seconds(page: Page, seconds: int) -> None:
    page.clock.run_for(1000 * seconds)


def test_warning_comes_two_minutes_before_the_end(open_page: Callable[..., Page]) -> None:
    page = open_page()
    pass_seconds(page, IDLE - 60 - 125)
    assert not page.locator("#session").is_visible()
    pass_seconds(page, 10)
    assert page.locator("#session").is_visible()
    assert page.evaluate("document.activeElement.textContent") == "البقاء في حسابي"
    assert not page.locator("#session bdi").is_visible()
    pass_seconds(page, 65)
    assert page.locator("#session bdi").inner_text().startswith("0:")


def test_staying_closes_it_and_starts_anew(open_page: Callable[..., Page]) -> None:
    page = open_page()
    pass_seconds(page, IDLE - 60 - 100)
    with page.expect_response(lambda response: response.request.method == "HEAD"):
        page.locator("#session button").click()
    page.locator("#session").wait_for(state="hidden")
    pass_seconds(page, IDLE - 60 - 125)
    assert not page.locator("#session").is_visible()


def test_end_opens_the_page_again_so_that_it_can_say_why(open_page: Callable[..., Page]) -> None:
    page = open_page()
    pass_seconds(page, IDLE - 60 - 5)
    with page.expect_navigation():
        pass_seconds(page, 10)


def test_end_of_all_time_cannot_be_put_off(open_page: Callable[..., Page]) -> None:
    page = open_page(life=300)
    pass_seconds(page, 190)
    assert page.locator("#session").is_visible()


def test_use_in_another_tab_counts_here(open_page: Callable[..., Page]) -> None:
    page = open_page()
    pass_seconds(page, IDLE - 60 - 100)
    assert page.locator("#session").is_visible()
    other = page.context.new_page()
    other.goto(page.url)
    other.evaluate("new BroadcastChannel('session').postMessage('used')")
    page.locator("#session").wait_for(state="hidden")
