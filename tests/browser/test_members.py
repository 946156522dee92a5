"""The table of the members, in which addresses are long."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.browser import journey, walker
from tests.browser.visitor import NARROWEST, WIDE, Visitor

LONG = "abdulrahman.abdulaziz.almutairi.procurement.department"
HIDDEN = "() => { const box = document.querySelector('main .scroll'); return box.scrollWidth - box.clientWidth }"

ALIGNED = "(address) => getComputedStyle(address).textAlign"


@pytest.mark.parametrize("language", ["ar", "en"])
def test_a_long_address_does_not_make_the_table_scroll(visit: Callable[..., Visitor], language: str) -> None:
    visitor = visit(language=language)
    person = replace(journey.newcomer(), email=f"{LONG}.{language}@example.com")
    journey.register(visitor, person)
    journey.activate(visitor, person)
    visitor.open("/company/members/")
    walker.measure(visitor, WIDE)
    assert visitor.page.locator("main .scroll wbr").count() == 7
    assert visitor.page.evaluate(HIDDEN) == 0
    walker.measure(visitor, NARROWEST)
    assert visitor.page.locator("main .cards bdi[dir=ltr]").evaluate(ALIGNED) == {"ar": "end", "en": "start"}[language]
