"""The application as a web server calls it."""

from importlib import import_module
from typing import Any

import pytest

from tests.fuzz.requests import Request

pytestmark = pytest.mark.django_db


@pytest.fixture
def application(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Loaded late, for it looks for the static files; set up once more, Django would take the canary from the logs."""
    monkeypatch.setattr("django.setup", lambda **_: None)
    return import_module("bawaba.wsgi").application


@pytest.mark.parametrize("kind", ["multipart/form-data; boundary*=a''b", "text/html; charset*=klingon'ar'x"])
@pytest.mark.parametrize(("method", "status"), [("GET", 200), ("POST", 403)])
def test_a_content_type_that_cannot_be_read_counts_as_none(
    application: Any, kind: str, method: str, status: int
) -> None:
    given: list[str] = []
    request = Request(method, b"/support/" if method == "GET" else b"/sign-in/", kind=kind)
    application(request.environ({}), lambda line, _headers, _error=None: given.append(line))
    assert [int(line[:3]) for line in given] == [status]
