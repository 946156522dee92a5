"""What is sent to a page that knows who has an account is answered at full steps of time."""

import time
from types import SimpleNamespace

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from bawaba.web.ui import pace
from bawaba.web.ui.pace import STEP, paced
from tests.client import Browser
from tests.journey import register
from tests.people import ahmad


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    waits: list[float] = []
    monkeypatch.setattr(pace, "time", SimpleNamespace(monotonic=lambda: time.monotonic(), sleep=waits.append))
    return waits


@pytest.mark.parametrize(("worked", "waits"), [(0.001, 0.024), (0.024, 0.001), (0.031, 0.019), (0.025, 0.0)])
def test_the_answer_leaves_at_the_next_full_step(
    slept: list[float], monkeypatch: pytest.MonkeyPatch, worked: float, waits: float
) -> None:
    now = [1000.0]

    @paced
    def page(request: HttpRequest) -> HttpResponse:
        now[0] += worked
        return HttpResponse()

    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    page(RequestFactory().post("/"))
    assert sum(slept) % STEP == pytest.approx(waits, abs=1e-9)


@pytest.mark.django_db
@pytest.mark.parametrize("pressed", ["/reset-password/", "/register/"])
def test_forms_that_take_an_e_mail_are_paced(slept: list[float], pressed: str) -> None:
    browser = Browser(ahmad)
    browser.get(pressed)
    assert slept == []
    browser.post(pressed, {"send": "1"}, status=422)
    assert len(slept) == 1


@pytest.mark.django_db
def test_so_is_the_page_of_the_activation(slept: list[float]) -> None:
    browser = Browser(ahmad)
    register(browser, ahmad)
    slept.clear()
    browser.post("/activate/resend/email/", {}, status=None)
    assert len(slept) == 1
