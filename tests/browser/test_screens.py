"""Every screen in both languages: accessible, quiet, light, never too wide, and alive without JavaScript."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser import keyboard, walker
from tests.browser.screens import SCREENS, Screen
from tests.browser.visitor import NARROW, WIDE, Visitor

screens = pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
RECOVERY_CODE = "48151 62342 00815 16234"
languages = pytest.mark.parametrize("language", ["ar", "en"])


@pytest.fixture(scope="module")
def windows(chromium: Browser, origin: str) -> Iterator[Callable[[str, bool], Visitor]]:
    """One window for each language, with and without scripts: a new one costs more than all that a screen is asked."""
    opened: dict[tuple[str, bool], Visitor] = {}

    def window(language: str, scripts: bool) -> Visitor:
        if (language, scripts) not in opened:
            opened[language, scripts] = Visitor(chromium, origin, language=language, scripts=scripts)
        return opened[language, scripts]

    yield window
    for visitor in opened.values():
        visitor.close()


@pytest.fixture
def come(windows: Callable[[str, bool], Visitor]) -> Iterator[Callable[..., Visitor]]:
    """A visitor with nothing in the browser yet, but in a window in which somebody else has been."""
    visitors: list[Visitor] = []

    def arrive(*, language: str, scripts: bool = True) -> Visitor:
        visitors.append(windows(language, scripts))
        return visitors[-1]

    yield arrive
    for visitor in visitors:
        complaints = visitor.record.complaints
        visitor.leave()
        assert complaints == []


@languages
@screens
def test_screen_is_accessible_light_and_never_too_wide(
    come: Callable[..., Visitor], screen: Screen, language: str
) -> None:
    visitor = come(language=language)
    screen.show(visitor)
    walker.measure(visitor, WIDE)
    assert walker.too_heavy(visitor) == []  # the pictures in a fold are fetched when it is opened
    assert walker.accessible(visitor) == []
    walker.measure(visitor, NARROW)
    assert walker.accessible(visitor) == []
    assert walker.ragged(visitor) == []
    assert walker.out_of_order(visitor) == []
    assert walker.too_wide_enlarged(visitor) == []
    assert walker.too_wide(visitor) == []


@screens
def test_screen_shows_nothing_dead_without_scripts(come: Callable[..., Visitor], screen: Screen) -> None:
    visitor = come(language="en", scripts=False)
    screen.show(visitor)
    assert walker.dead_without_scripts(visitor) == []


@screens
def test_screen_is_complete_for_the_keyboard(visit: Callable[..., Visitor], screen: Screen) -> None:
    visitor = visit()  # in a new window: in another, Tab does not leave the last part for the frame of the browser
    screen.show(visitor)
    keyboard.answer_dialog(visitor)
    if not keyboard.begins_in_content(visitor):
        reached, reachable = keyboard.stops(visitor)
        assert reached == reachable
        assert keyboard.skips_to_content(visitor)
    for name, pressed in keyboard.enter(visitor).items():
        assert pressed in screen.enter, f"Enter in {name} presses {pressed!r}"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("activate_wrong_code", "481516"),
        ("reset_password_errors", "48151623"),
        ("prove_email", "48151623"),
        ("second_step", RECOVERY_CODE),
        ("confirm_code", RECOVERY_CODE),
    ],
)
def test_a_code_is_seen_whole_while_it_is_typed(visit: Callable[..., Visitor], name: str, code: str) -> None:
    visitor = visit()
    next(screen for screen in SCREENS if screen.name == name).show(visitor)
    assert walker.cut_off(visitor, code) == []
