"""Nobody learns with a stop-watch who has an account: the answers for known and unknown addresses take equally long."""

import secrets
import time

import pytest
from django.core.cache import cache

from bawaba.infrastructure.limits.models import Counter
from tests.accounts import open_account
from tests.client import Browser
from tests.people import ahmad, salem

pytestmark = [pytest.mark.django_db, pytest.mark.faults, pytest.mark.usefixtures("usual_hashes")]

PAIRS = 200
WIDEST = 0.10  # three standard errors of that many pairs; code that hashes for known addresses only gives 1.0


def test_wrong_password_takes_as_long_for_an_unknown_address() -> None:  # G4, RT-29
    open_account(ahmad)
    browser = Browser(ahmad)
    browser.get("/sign-in/")
    took: dict[str, list[float]] = {ahmad.email: [], salem.email: []}
    for _ in range(PAIRS):
        for email in sorted(took, key=lambda _: secrets.randbits(8)):
            data = {"login": email, "password": "wrong", "csrfmiddlewaretoken": browser._token()}
            began = time.perf_counter()
            answer = browser.client.post("/sign-in/", data)
            took[email].append(time.perf_counter() - began)
            assert answer.status_code == 422
        Counter.objects.all().delete()
        cache.clear()
    known, unknown = took.values()
    wins = sum((a > b) + 0.5 * (a == b) for a in known for b in unknown)
    assert abs(wins / PAIRS**2 - 0.5) < WIDEST
