"""The modules of the basic profile about what is refused, ported. Each test has its module's name."""

import json
from base64 import urlsafe_b64encode
from datetime import timedelta

import pytest
import time_machine

from bawaba.infrastructure import clock
from tests.client import Browser
from tests.web.oidc.party import AFTER, Party, refused

pytestmark = pytest.mark.django_db


def test_oidcc_codereuse(party: Party, browser: Browser) -> None:
    asking = party.ask()
    code = asking.send(browser)["code"]
    tokens = party.exchange(code, asking).json()
    again = party.exchange(code, asking)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert party.userinfo(tokens["access_token"]).status_code == 401


def test_oidcc_codereuse_30seconds(party: Party, browser: Browser) -> None:
    asking = party.ask()
    code = asking.send(browser)["code"]
    tokens = party.exchange(code, asking).json()
    with time_machine.travel(clock.now() + timedelta(seconds=30), tick=True):
        assert party.exchange(code, asking).json()["error"] == "invalid_grant"
        assert party.userinfo(tokens["access_token"]).status_code == 401
        assert party.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"


def test_oidcc_ensure_registered_redirect_uri(party: Party, browser: Browser) -> None:
    page = party.ask(redirect_uri=AFTER).open(browser, status=400)
    assert "location" not in page.headers


def unsigned(claims: dict[str, str]) -> str:
    parts = ({"alg": "none"}, claims)
    return ".".join(urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts) + "."


def test_oidcc_request_uri_unsigned_supported_correctly_or_rejected_as_unsupported(
    party: Party, browser: Browser
) -> None:
    asking = party.ask(request_uri="https://permits.example.com/request.jwt")
    assert refused(asking.open(browser)) == "request_uri_not_supported"


def test_oidcc_unsigned_request_object_supported_correctly_or_rejected_as_unsupported(
    party: Party, browser: Browser
) -> None:
    asking = party.ask(request=unsigned({"state": "another"}))
    assert refused(asking.open(browser)) == "request_not_supported"


def test_oidcc_ensure_request_object_with_redirect_uri(party: Party, browser: Browser) -> None:
    """An address inside a request object is not followed: the whole object is refused, at the registered address."""
    asking = party.ask(request=unsigned({"redirect_uri": "https://evil.example.com/"}))
    assert refused(asking.open(browser)) == "request_not_supported"
