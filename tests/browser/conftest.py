"""A running portal and a Chromium for the tests of this folder, and visitors that leave when the test is over."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser import sample
from tests.browser.portal import portal
from tests.browser.visitor import Visitor, start_chromium

HERE = "tests/browser/"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.as_posix():
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.needs("chromium"))


@pytest.fixture(scope="session")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("portal")
    with portal(folder) as running:
        sample.register(running, folder, "sample", sample.NOWHERE)
        sample.register(running, folder, "for-verified", sample.NOWHERE)
        sample.apply(running, folder, sample.with_client("broker-authorisation", "for-verified"))
        yield running


@pytest.fixture(scope="module")  # Playwright's loop must be gone before a test of another module meets the database
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = start_chromium(playwright)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser, origin: str) -> Iterator[Callable[..., Visitor]]:
    """`visit(language="en", width=390, scripts=False)`: a visitor with nothing in the browser yet."""
    visitors: list[Visitor] = []

    def come(*, language: str = "ar", width: int = 1280, scripts: bool = True) -> Visitor:
        visitors.append(Visitor(chromium, origin, language=language, width=width, scripts=scripts))
        return visitors[-1]

    yield come
    for visitor in visitors:
        visitor.close()
        assert visitor.record.complaints == []
