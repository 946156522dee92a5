"""What people print on A4: the list of users and the receipt of a request, without the frame of the portal."""

from collections.abc import Callable

import pytest

from tests.browser.screens import SCREENS
from tests.browser.visitor import Visitor

A4 = 718  # pixels between the margins that browsers leave
FRAME = ".top, footer, nav, .demo, main button, main summary, main p > a, .shell > .stack:not(.wide)"
ROOM = 40  # pixels to sign in


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("name", ["user_list", "my_request", "my_membership"])
def test_what_is_printed_is_the_paper_alone(visit: Callable[..., Visitor], name: str, language: str) -> None:
    visitor = visit(language=language, width=A4, scripts=False)
    next(screen for screen in SCREENS if screen.name == name).show(visitor)
    visitor.page.emulate_media(media="print")
    assert visitor.page.locator("main h1").is_visible()
    assert visitor.page.locator("main dl").first.is_visible()
    assert [part.inner_text() for part in visitor.page.locator(FRAME).all() if part.is_visible()] == []
    assert visitor.page.evaluate("document.documentElement.scrollWidth") <= A4


def test_the_list_leaves_room_to_sign(visit: Callable[..., Visitor]) -> None:
    visitor = visit(width=A4, scripts=False)
    next(screen for screen in SCREENS if screen.name == "user_list").show(visitor)
    visitor.page.emulate_media(media="print")
    heights = visitor.page.locator(".sign dd").evaluate_all("lines => lines.map((line) => line.clientHeight)")
    assert len(heights) == 3
    assert min(heights) >= ROOM
