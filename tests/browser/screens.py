"""The screens that the browser walks. A page of the portal that is neither here nor excused fails a gate."""

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.browser.visitor import Visitor


def _stay(visitor: Visitor) -> None:
    """The page is the screen as it opens."""


@dataclass(frozen=True)
class Screen:
    """`route` is the name of its address, `path` that address without the language; `arrive` leads to its state."""

    name: str
    route: str
    path: str
    arrive: Callable[[Visitor], None] = field(default=_stay)
    enter: tuple[str, ...] = ()  # the buttons that Enter may press in a field, by name

    def show(self, visitor: Visitor) -> None:
        visitor.open(self.path)
        self.arrive(visitor)


SCREENS: tuple[Screen, ...] = (
    Screen("front", "front", "/"),
    Screen("company_services", "company_services", "/company-services/"),
    Screen("support", "support", "/support/"),
    Screen("guide", "guide", "/guide/"),
    Screen("terms", "terms", "/terms/"),
    Screen("privacy", "privacy", "/privacy/"),
    Screen("accessibility", "accessibility", "/accessibility/"),
)

NOT_SCREENS: dict[str, str] = {
    # name of an address: why nobody looks at it
    "captcha_new": "data for the script",
    "captcha_work": "data for the script",
    "captcha_picture": "a picture",
    "captcha_audio": "a recording",
    "captcha_answer": "the test seam",
    "csp_report": "browsers send to it by themselves",
}
