"""RT-02, RT-04, RT-05, RT-32, RT-33 at the gate: what no page of ours sends is refused before a view sees it."""

from dataclasses import replace
from typing import Any

import pytest
from django.conf import settings as installed
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path
from pytest_django import Settings

from bawaba.web.ui.requests import repeatable

NEED_A_PERSON = {"bawaba.web.ui.session.Lifetime"}


def echo(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"{request.scheme} {request.is_secure()} {sorted(request.COOKIES)} {request.POST.dict()}")


urlpatterns = [path("", echo), path("boxes/", repeatable("role")(echo)), path("api/x", echo)]
handler400 = "tests.web.ui.test_requests.refused"


def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    return HttpResponse(type(exception).__name__, status=400)


@pytest.fixture(autouse=True)
def only_the_gate(settings: Settings) -> None:
    settings.ROOT_URLCONF = "tests.web.ui.test_requests"
    settings.MIDDLEWARE = [
        name for name in settings.MIDDLEWARE if name.startswith("bawaba.web.ui.") and name not in NEED_A_PERSON
    ]


def form(client: Client, body: str | bytes, target: str = "/", **headers: Any) -> int:
    return client.post(target, body, content_type="application/x-www-form-urlencoded", **headers).status_code


@pytest.mark.parametrize("method", ["TRACE", "OPTIONS", "PUT", "PATCH", "DELETE", "CONNECT", "PROPFIND"])
def test_other_methods_are_refused(client: Client, method: str) -> None:
    answer = client.generic(method, "/")
    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD, POST")
    assert client.generic("TRACE", "/api/x").status_code == 405


@pytest.mark.parametrize(
    "body",
    [
        "email=a&email=b",
        "email[]=a",
        "email[]=a&email[]=b",
        "email%5B0%5D=a",
        "email=a%00b",
        "em%00ail=a",
        "email=%ff%fe",
        "email=%c3%28",
        "email=%ed%a0%80",  # half of a surrogate pair
        b"email=\xff",
        "%ff=a",
    ],
)
def test_doubled_nested_and_unreadable_fields_are_refused(client: Client, body: str | bytes) -> None:
    assert form(client, body) == 400
    if isinstance(body, str):
        assert client.get("/?" + body).status_code == 400


def test_what_a_page_sends_comes_through(client: Client) -> None:
    assert form(client, "email=a%40example.com&name=%D9%85%D8%B1%D9%8A%D9%85&empty=") == 200
    assert client.get("/?a=%D9%85&b=").status_code == 200
    assert form(client, "role=a&role=b", "/boxes/") == 200
    assert form(client, "role=a&role=b&x=1&x=2", "/boxes/") == 400


def test_a_value_is_decoded_once(client: Client) -> None:
    answer = client.post("/", "email=%2527%25D9", content_type="application/x-www-form-urlencoded")
    assert "'email': '%27%D9'" in answer.content.decode()


def test_too_large_a_body_is_refused_at_once(client: Client) -> None:
    assert client.post("/", {"email": "a" * 1_000_000}).content == b"RequestDataTooBig"
    unread = client.post("/", "a" * 1_000_000, content_type="text/plain")
    assert unread.content == b"RequestDataTooBig"
    assert form(client, "a=" + "b" * (64 * 1024 - 2)) == 200
    assert form(client, "a=" + "b" * (64 * 1024 - 1)) == 400


def test_more_than_forty_fields_are_refused(client: Client) -> None:
    fields = "&".join(f"a{n}=1" for n in range(41))
    assert form(client, fields) == 400
    assert form(client, fields.rpartition("&")[0]) == 200


def test_files_are_refused(client: Client) -> None:
    body = b'--x\r\nContent-Disposition: form-data; name="f"; filename="f.txt"\r\n\r\nhello\r\n--x--\r\n'
    assert client.post("/", body, content_type="multipart/form-data; boundary=x").content == b"TooManyFilesSent"


@pytest.mark.parametrize("length", ["-1", "1e3", "٣", "0x10", "1,2", " 5"])
def test_a_length_that_is_no_number_is_refused(client: Client, length: str) -> None:
    assert form(client, "a=1", CONTENT_LENGTH=length) == 400


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "localhost@evil.example", "", "[::1", "a b"]
)
def test_another_host_is_refused(client: Client, host: str) -> None:
    assert client.get("/", HTTP_HOST=host, SERVER_NAME="evil.example").status_code == 400


HOST_FORGERIES = [
    (name, value)
    for name in (
        "HTTP_X_FORWARDED_HOST",
        "HTTP_X_HOST",
        "HTTP_X_FORWARDED_SERVER",
        "HTTP_X_ORIGINAL_HOST",
        "HTTP_X_HTTP_HOST_OVERRIDE",
        "HTTP_FORWARDED",
    )
    for value in ("evil.example", "evil.example:443", "host=evil.example", "evil.example, localhost", "//evil.example")
]


@pytest.mark.parametrize(("name", "value"), HOST_FORGERIES)
def test_no_header_changes_the_host(name: str, value: str) -> None:
    forged: dict[str, Any] = {name: value}
    request = RequestFactory(SERVER_NAME="localhost").get("/", **forged)
    assert "evil" not in request.build_absolute_uri("/")


@pytest.mark.parametrize(
    "name", ["HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_SSL", "HTTP_FRONT_END_HTTPS", "HTTP_X_SCHEME"]
)
@pytest.mark.parametrize("value", ["https", "on", "1"])
def test_no_header_changes_the_scheme(client: Client, name: str, value: str) -> None:
    forged: dict[str, Any] = {name: value}
    assert client.get("/", **forged).content.startswith(b"http False")


def test_the_scheme_is_that_of_the_origin(client: Client, settings: Settings) -> None:
    settings.BAWABA = replace(installed.BAWABA, origin="https://portal.example", proxy_count=1)
    settings.ALLOWED_HOSTS = ["portal.example"]
    through: dict[str, Any] = {"HTTP_HOST": "portal.example", "HTTP_X_FORWARDED_FOR": "203.0.113.9"}
    assert client.get("/", **through).content.startswith(b"https True")
    for proto, status in (("https", 200), ("http", 400), ("https, http", 400), ("http, https", 200), ("ftp", 400)):
        answer = client.get("/", HTTP_X_FORWARDED_PROTO=proto, **through)
        assert answer.status_code == status, proto


@pytest.mark.parametrize(
    ("site", "mode", "dest", "status"),
    [
        ("same-origin", "navigate", "document", 200),
        ("same-origin", "cors", "empty", 200),
        ("none", "navigate", "document", 200),
        ("cross-site", "navigate", "document", 200),
        ("same-site", "navigate", "document", 200),
        ("cross-site", "navigate", "iframe", 403),
        ("cross-site", "navigate", "object", 403),
        ("cross-site", "no-cors", "image", 403),
        ("same-site", "no-cors", "script", 403),
        ("cross-site", "cors", "empty", 403),
    ],
)
def test_other_sites_may_lead_here_but_draw_nothing_of_ours(
    client: Client, site: str, mode: str, dest: str, status: int
) -> None:
    fetched = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode, "Sec-Fetch-Dest": dest}
    assert client.get("/", headers=fetched).status_code == status


def test_data_is_not_opened_as_a_page(client: Client) -> None:
    assert client.get("/api/x", headers={"Sec-Fetch-Dest": "empty"}).status_code == 200
    assert client.get("/api/x", headers={"Sec-Fetch-Dest": "document"}).status_code == 403
    assert client.get("/api/x").status_code == 200


def test_a_cookie_with_control_characters_is_as_good_as_none(client: Client) -> None:
    answer = client.get("/", HTTP_COOKIE='good=1; bad="\\000x"; line="a\\012b"')
    assert "['good']" in answer.content.decode()
