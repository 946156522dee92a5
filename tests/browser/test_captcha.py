"""The three ways of the human check in a real browser; with JavaScript none of them costs what was typed."""

from collections.abc import Callable

import pytest

from tests.browser import journey
from tests.browser.visitor import Visitor

REGISTRATION = "/register/"


def _filled_in(visitor: Visitor) -> None:
    journey.fill_registration(visitor, journey.newcomer())


def _picture(visitor: Visitor) -> str:
    return visitor.page.locator("[name=captcha_id]").input_value()


def test_another_image_costs_nothing_that_was_typed(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    _filled_in(visitor)
    page, before = visitor.page, _picture(visitor)
    password = page.locator("[name=password]").input_value()
    page.locator("[name=captcha]").fill("half")
    page.locator("[name=captcha_new]").click()
    page.wait_for_function("before => document.querySelector('[name=captcha_id]').value !== before", arg=before)
    assert page.locator("[name=password]").input_value() == password
    assert page.locator("[name=captcha]").input_value() == ""
    assert page.evaluate("document.activeElement.name") == "captcha"
    assert page.locator(".captcha output").inner_text() == "هذه صورة أخرى."
    visitor.fill(captcha=visitor.read_picture())
    visitor.press("send")
    assert visitor.at("/activate/")


@pytest.mark.parametrize("language", ["ar", "en"])
def test_recording_plays_by_the_keyboard_and_its_digits_suffice(visit: Callable[..., Visitor], language: str) -> None:
    visitor = visit(language=language)
    _filled_in(visitor)
    page = visitor.page
    page.locator("[name=captcha_audio]").press("Enter")
    page.keyboard.press("Space")
    page.wait_for_function("() => { const sound = document.querySelector('audio'); return sound.currentTime > 0.1; }")
    assert 5 < page.evaluate("document.querySelector('audio').duration") < 20
    visitor.fill(captcha=visitor.hear_digits())
    visitor.press("send")
    assert visitor.at("/activate/")


def test_recording_can_be_asked_for_without_scripts(visit: Callable[..., Visitor]) -> None:
    visitor = visit(scripts=False)
    person = journey.newcomer()
    journey.fill_registration(visitor, person)
    visitor.press("captcha_audio")
    assert visitor.page.locator("audio[controls]").is_visible()
    assert visitor.page.locator("[name=email]").input_value() == person.email
    visitor.fill(password=person.password, password2=person.password, captcha=visitor.hear_digits())
    visitor.press("send")
    assert visitor.at("/activate/")


def test_computation_suffices_and_is_announced(visit: Callable[..., Visitor]) -> None:
    visitor = visit(language="en")
    _filled_in(visitor)
    page = visitor.page
    page.locator("[name=captcha_work]").press("Enter")
    said = page.locator(".captcha output.ok")
    said.wait_for()
    assert said.inner_text() == "Verified. You need not enter the text of the image."
    assert page.evaluate("document.activeElement.tagName") == "OUTPUT"
    assert not page.locator("[name=captcha]").is_visible()
    visitor.press("send")
    assert visitor.at("/activate/")


def test_computation_that_fails_leaves_the_other_ways(visit: Callable[..., Visitor]) -> None:
    visitor = visit(language="en")
    _filled_in(visitor)
    page = visitor.page
    page.evaluate("() => { window.Worker = undefined; }")
    page.locator("[name=captcha_work]").click()
    page.wait_for_function(
        "() => document.querySelector('.captcha output').textContent.startsWith('This did not work')"
    )
    visitor.fill(captcha=visitor.read_picture())
    visitor.press("send")
    assert visitor.at("/activate/")


def test_scripts_of_the_check_are_fetched_only_where_it_stands(visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    fetched: list[str] = []
    visitor.page.on("request", lambda request: fetched.append(request.url))
    visitor.open("/")
    assert not [url for url in fetched if "captcha" in url]
    visitor.open(REGISTRATION)
    assert [url for url in fetched if "/captcha." in url]
    assert not [url for url in fetched if "captcha-worker" in url]
