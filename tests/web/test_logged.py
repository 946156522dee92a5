"""What a visitor may not do is written down, with the number of the request and nothing of the visitor."""

import logging
from typing import Any

import pytest
from django.test import Client

from bawaba.infrastructure import logs
from tests.people import maryam

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(caplog: pytest.LogCaptureFixture) -> Client:
    caplog.set_level("INFO")
    return Client(enforce_csrf_checks=True, raise_request_exception=False)


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    """The lines of level WARNING and above, as they would be written."""
    return [logs.formatter("json").format(entry) for entry in caplog.records if entry.levelno >= 30]


def test_a_refusal_is_a_line(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    answer = client.post("/register/", {"email": maryam.email})
    assert answer.status_code == 403
    assert any("django.security.csrf" in line for line in warnings(caplog))
    answered = [entry for entry in caplog.records if entry.message == "request_answered"]
    assert [entry.status_code for entry in answered] == [403]  # type: ignore[attr-defined]  # an extra


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", "/", {"Host": "evil.example"}, 400),
        ("GET", "/?a=1&a=2", {}, 400),
        ("GET", "/?a=%00", {}, 400),
        ("GET", "/", {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors", "Sec-Fetch-Dest": "image"}, 403),
        ("TRACE", "/", {}, 405),
        ("GET", "/.env", {}, 404),
        ("POST", "/register/", {"Content-Length": "999999"}, 413),
    ],
)
def test_what_no_page_sends_is_a_line(
    client: Client,
    caplog: pytest.LogCaptureFixture,
    method: str,
    path: str,
    headers: dict[str, str],
    status: int,
) -> None:
    given: dict[str, Any] = {"headers": headers, "QUERY_STRING": path.partition("?")[2]}
    if "Content-Length" in headers:
        given = {"CONTENT_LENGTH": headers["Content-Length"]}
    answer = client.generic(method, path.partition("?")[0], **given)
    assert answer.status_code == status
    assert len(warnings(caplog)) >= 1
    assert not [line for line in warnings(caplog) if maryam.email in line or "127.0.0.1" in line]


def test_what_a_chore_erased_is_one_line_of_ours_and_none_of_the_library() -> None:
    assert not logging.getLogger("oauth2_provider.models").isEnabledFor(logging.INFO)
    assert logging.getLogger("bawaba").isEnabledFor(logging.INFO)
