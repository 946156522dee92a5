"""What the tests of a company begin with: a catalogue, ahmad who administers, maryam whom he admitted."""

from collections.abc import Iterator

import pytest
import time_machine

from bawaba.domain.catalogue import actions as catalogue
from bawaba.domain.catalogue import files
from tests.client import Browser
from tests.journey import signed_in
from tests.people import PRIVATE, ahmad, maryam


@pytest.fixture
def services(db: None) -> None:
    catalogue.apply(files.read(files.DEMO.read_text(encoding="utf-8")), actor="operator")


@pytest.fixture
def administrator() -> Browser:
    return signed_in(ahmad, shows=PRIVATE)


@pytest.fixture
def submitter(administrator: Browser) -> Browser:
    """Maryam, who asked and was admitted as submitter."""
    browser = signed_in(maryam)
    administrator.get("/company/requests/")
    administrator.open("الاطلاع واتخاذ القرار")
    administrator.submit("قبول العضو", roles="submitter")
    return browser


@pytest.fixture
def frozen() -> Iterator[time_machine.Traveller]:
    with time_machine.travel("2026-11-24 09:00:00+03:00", tick=False) as traveller:
        yield traveller
