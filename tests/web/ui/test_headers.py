"""The headers that stand on every answer of every kind."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as installed
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.test import Client
from django.urls import path
from pytest_django import Settings

from bawaba.infrastructure.audit.log import request_id
from tests.routes import routes

POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    "media-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "object-src 'none'",
    "report-uri /csp/",
    "report-to csp",
}


def answer(request: HttpRequest, status: int) -> HttpResponse:
    if status == 1:
        raise RuntimeError("a fault")
    return JsonResponse({}) if status == 2 else HttpResponse(request_id.get(), status=status)


def broken(*_: object) -> HttpResponse:
    raise RuntimeError("the page for faults is faulty too")


urlpatterns = [path("<int:status>", answer)]
handler500 = "tests.web.ui.test_headers.broken"


def expect_headers(answer: Any, *, kept: bool = False) -> None:
    assert set(answer["Content-Security-Policy"].split("; ")) == POLICY
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in answer["Permissions-Policy"]
    assert "publickey-credentials-get=(self)" in answer["Permissions-Policy"]
    assert answer["Reporting-Endpoints"] == 'csp="/csp/"'
    assert ("immutable" in answer["Cache-Control"]) if kept else (answer["Cache-Control"] == "no-store")
    for absent in ("Server", "X-Powered-By", "Access-Control-Allow-Origin", "Access-Control-Allow-Credentials"):
        assert absent not in answer.headers


@pytest.fixture
def faulty(settings: Settings, client: Client) -> Client:
    settings.ROOT_URLCONF = "tests.web.ui.test_headers"
    client.raise_request_exception = False
    return client


@pytest.mark.django_db
@pytest.mark.parametrize("status", [200, 204, 302, 400, 403, 404, 413, 429, 500, 503])
def test_headers_stand_on_every_status(faulty: Client, status: int) -> None:
    expect_headers(faulty.get(f"/{status}"))


@pytest.mark.django_db
def test_headers_stand_on_what_is_refused_before_a_view(faulty: Client) -> None:
    for refused in (
        faulty.generic("TRACE", "/200"),
        faulty.get("/nowhere"),
        faulty.get("/200", HTTP_HOST="evil.example"),
        faulty.get("/200?a=1&a=2"),
        faulty.post("/200", "a=" + "b" * 70_000, content_type="application/x-www-form-urlencoded"),
    ):
        assert refused.status_code >= 400
        expect_headers(refused)


@pytest.mark.django_db
def test_an_error_page_that_fails_itself_is_still_an_answer_with_headers(
    faulty: Client, caplog: pytest.LogCaptureFixture
) -> None:
    failed = faulty.get("/1")
    assert failed.status_code == 500
    assert failed.content == b"500"
    expect_headers(failed)
    assert "request_failed" in caplog.text
    assert faulty.get("/200").status_code == 200


@pytest.mark.django_db
def test_data_is_sandboxed(faulty: Client) -> None:
    policy = faulty.get("/2")["Content-Security-Policy"]
    assert policy == "default-src 'none'; frame-ancestors 'none'; sandbox"


@pytest.mark.django_db
def test_headers_stand_on_every_route(client: Client) -> None:
    client.raise_request_exception = False
    for route in routes():
        for language in ("", "/en"):
            for got in (client.get(language + route.path), client.post(language + route.path)):
                if got.headers["Content-Type"].startswith("application/json"):
                    assert "sandbox" in got["Content-Security-Policy"]
                else:
                    expect_headers(got)


@pytest.mark.parametrize(
    ("path", "kept"),
    [(staticfiles_storage.url, True), ("/static/{}".format, False), ("/static/no/{}".format, False)],
    ids=["hashed", "plain", "missing"],
)
def test_static_files_carry_them_and_hashed_ones_may_be_kept(
    client: Client, path: Callable[[str], str], kept: bool
) -> None:
    got = client.get(path("ui/own.css"))
    expect_headers(got, kept=kept)
    b"".join(got)  # reading to the end closes the file


@pytest.mark.django_db
def test_transport_security_belongs_to_https(faulty: Client, settings: Settings) -> None:
    assert "Strict-Transport-Security" not in faulty.get("/200").headers
    settings.SESSION_COOKIE_SECURE = True
    for status in (200, 302, 403, 404, 429, 500, 503):
        sent = faulty.get(f"/{status}")["Strict-Transport-Security"]
        assert sent == "max-age=31536000; includeSubDomains"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://localhost.evil.example", "http://localhost"]
)
def test_no_other_origin_may_read(client: Client, origin: str) -> None:
    got = client.get("/", headers={"Origin": origin, "Access-Control-Request-Method": "POST"})
    assert not [name for name in got.headers if name.startswith("Access-Control")]


@pytest.mark.django_db
def test_each_request_has_a_number_and_only_a_trusted_proxy_may_give_it(faulty: Client, settings: Settings) -> None:
    given: dict[str, Any] = {"HTTP_X_REQUEST_ID": "abcdef-123456", "HTTP_X_FORWARDED_FOR": "203.0.113.9"}
    first, second = (faulty.get("/200", **given).content for _ in range(2))
    assert len({first, second, b"abcdef-123456"}) == 3
    settings.BAWABA = replace(installed.BAWABA, proxy_count=1)
    assert faulty.get("/200", **given).content == b"abcdef-123456"
    given["HTTP_X_REQUEST_ID"] = "line\nbreak"
    assert b"line" not in faulty.get("/200", **given).content
    assert request_id.get() == ""


@pytest.mark.django_db
def test_each_request_is_one_line_without_address_and_source(faulty: Client, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "bawaba")
    faulty.get("/200?next=/somewhere", REMOTE_ADDR="203.0.113.9")
    faulty.get("/made/up/203-0-113", REMOTE_ADDR="2001:db8:1:2::1")
    faulty.get("/static/ui/none.css")
    lines = [entry for entry in caplog.records if entry.message == "request_answered"]
    assert [(line.status_code, line.neighbourhood) for line in lines] == [  # type: ignore[attr-defined]  # extras
        (200, "203.0.113.0/24"),
        (404, "2001:db8:1::/48"),
    ]
    assert not [line for line in lines if "somewhere" in str(vars(line)) or "made" in str(vars(line))]


def test_the_policy_needs_no_exception_of_the_templates() -> None:
    for template in Path("bawaba").rglob("templates/**/*.html"):
        text = template.read_text(encoding="utf-8")
        assert "<style" not in text, template
        assert "csp_nonce" not in text, template
