"""What must hold on every address there is, whoever added it: methods, forged forms, cookies, faults."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpResponse
from django.test import Client
from django.urls import resolve

from bawaba.domain.accounts.sessions.store import SessionStore
from bawaba.web.ui.requests import METHODS
from tests.accounts import open_account, signed_in
from tests.people import Person, ahmad, maryam
from tests.routes import Route, routes
from tests.servers import surroundings

pytestmark = pytest.mark.django_db

ROUTES = routes()
READ_ONLY = {  # pages and files that answer no form
    *("front", "company_services", "home", "support", "guide", "roles", "terms", "privacy", "accessibility", "blocked"),
    *("account_inactive", "activate", "security", "mfa_index", "mfa_view_recovery_codes", "inbox_mail"),
    *("captcha_new", "captcha_work", "captcha_picture", "captcha_audio", "captcha_answer"),
    *("live", "ready", "courier", "metrics"),
}
WITHOUT_TOKEN = {
    "csp_report": "browsers send reports by themselves, and nothing is changed",
    "authorize": "led on to the same request by GET",
    "service_end_session": "led on to the page that asks first",
    **dict.fromkeys(("token", "revoke", "introspect", "userinfo"), "services authenticate themselves, without cookies"),
}
LED_ON = {"authorize", "service_end_session", "csp_report"}
COOKIES = {"session", "csrf", "language", "pending", "device", "notice"}


def every(route: Route) -> str:
    return route.name


def visitor(person: Person | None) -> Client:
    if person is None:
        return Client(enforce_csrf_checks=True, raise_request_exception=False)
    open_account(person)
    client: Client = signed_in(person).client
    client.raise_request_exception = False
    return client


@pytest.mark.parametrize("method", ["OPTIONS", "TRACE", "PUT", "PATCH", "DELETE", "CONNECT", "PROPFIND"])
def test_no_address_answers_another_method(client: Client, method: str) -> None:
    for route in ROUTES:
        answer = client.generic(method, route.path)
        assert (answer.status_code, answer["Allow"]) == (405, ", ".join(METHODS)), route


def test_an_address_that_is_only_read_answers_no_form() -> None:
    client = visitor(maryam)
    client.handler.enforce_csrf_checks = False
    staying = [route for route in ROUTES if route.path != "/sign-out/"]
    answered = {route.name for route in staying if client.post(route.path).status_code == 405}
    assert answered >= READ_ONLY


@pytest.mark.parametrize("headers", [{}, {"Origin": "https://evil.example"}, {"Origin": "null"}], ids=str)
@pytest.mark.parametrize("token", [None, "x" * 64])
def test_no_form_is_taken_without_its_token(headers: dict[str, str], token: str | None) -> None:  # RT-39
    client = visitor(maryam)
    data = {"csrfmiddlewaretoken": token} if token else {}
    for route in ROUTES:
        status = client.post(route.path, data, headers=headers).status_code
        assert status in {403, 405} or route.name in WITHOUT_TOKEN, route


@pytest.mark.parametrize("kind", ["text/plain", "application/json", "multipart/form-data", ""])
def test_no_body_that_another_site_may_send_unasked_is_taken(kind: str) -> None:
    client = visitor(maryam)
    for route in ROUTES:
        status = client.generic("POST", route.path, b'{"a": 1}', content_type=kind).status_code
        assert 400 <= status < 500 or route.name in LED_ON, route


def test_a_token_in_the_address_is_none() -> None:  # RT-39
    client = visitor(None)
    client.get("/register/")
    token = client.cookies[settings.CSRF_COOKIE_NAME].value
    assert client.post(f"/register/?csrfmiddlewaretoken={token}").status_code == 403


@pytest.mark.parametrize("person", [None, ahmad], ids=["stranger", "person"])
def test_reading_changes_nothing(person: Person | None) -> None:
    client = visitor(person)
    client.get("/")
    before = _contents()
    for route in ROUTES:
        client.get(route.path)
        client.head(route.path)
        client.get("/en" + route.path)
    assert _contents() == before


def _contents() -> dict[str, str]:
    """A digest of every table but those in which a session notes that it is alive, and pictures are counted."""
    noted = {"accounts.SessionRecord", "accounts.Device", "sessions.Session", "limits.Counter"}
    tables = {model._meta.label: model for model in apps.get_models() if model._meta.label not in noted}
    return {label: _digest(model) for label, model in tables.items()}


def _digest(model: Any) -> str:
    rows = model._base_manager.order_by("pk").values_list()
    return hashlib.sha256(repr([tuple(map(_plain, row)) for row in rows]).encode()).hexdigest()


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


@pytest.mark.parametrize("person", [None, maryam], ids=["stranger", "person"])
def test_every_cookie_is_as_the_table_says(person: Person | None) -> None:
    client = visitor(person)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value if person else "no session"
    for route in ROUTES:
        for answer in (client.get(route.path), client.get(f"{route.path}?language=en"), client.post(route.path)):
            assert session not in _body(answer), route
            for name, cookie in answer.cookies.items():
                assert name in COOKIES, route
                assert cookie["samesite"] == "Lax", route
                assert cookie["path"] == "/", route
                assert cookie["domain"] == "", route
                assert cookie["httponly"] is True, (route, name)
                assert len(cookie.OutputString()) < 4096, route


PUBLIC = """
import json, django
django.setup()
from django.conf import settings
from django.test import Client
client = Client(SERVER_NAME="portal.example", SERVER_PORT="443", **{"wsgi.url_scheme": "https"})
client.get("/register/")
client.get("/?language=en")
names = [settings.SESSION_COOKIE_NAME, settings.PENDING_COOKIE_NAME, settings.DEVICE_COOKIE_NAME]
print(json.dumps({"names": names, "sent": [cookie.OutputString() for cookie in client.cookies.values()]}))
"""


def test_with_a_public_address_every_cookie_is_secure_and_bound_to_the_host(tmp_path: Path) -> None:
    environment = surroundings() | {
        "BAWABA_ORIGIN": "https://portal.example",
        "BAWABA_DATA_DIR": str(tmp_path),
        "BAWABA_KEYS_DIR": str(tmp_path / "keys"),
        "DJANGO_SETTINGS_MODULE": "bawaba.settings",
    }
    started = [sys.executable, "-m", "bawaba", "collectstatic", "--no-input", "-v", "0"]
    subprocess.run(started, env=environment, check=True, capture_output=True)
    done = subprocess.run([sys.executable, "-c", PUBLIC], env=environment, check=True, capture_output=True, text=True)
    seen = json.loads(done.stdout.splitlines()[-1])
    assert all(name.startswith("__Host-") for name in seen["names"])
    assert len(seen["sent"]) == 2
    for cookie in seen["sent"]:
        assert cookie.startswith("__Host-")
        for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
            assert part in cookie
        assert "Domain" not in cookie


def test_scripts_are_the_same_for_everybody() -> None:
    scripts = [path for path, _ in _found("js")]
    assert scripts
    for path in scripts:
        address = staticfiles_storage.url(path)
        assert _body(visitor(None).get(address)) == _body(Client().get(address))


def _found(ending: str) -> list[tuple[str, Any]]:
    return [pair for finder in get_finders() for pair in finder.list([]) if pair[0].endswith(f".{ending}")]


def test_session_keys_are_long_and_never_the_same() -> None:
    keys = [_new_key() for _ in range(10_000)]
    assert {len(bytes.fromhex(key)) for key in keys} == {20}
    assert len(set(keys)) == len(keys)


def _new_key() -> str:
    session = SessionStore()
    session.create()
    return session.session_key or ""


def _body(answer: Any) -> str:
    body = b"".join(answer) if answer.streaming else answer.content
    return body.decode(errors="replace")


def test_every_answer_says_what_it_is() -> None:
    client = visitor(maryam)
    for route in ROUTES:
        answer = client.get(route.path)
        kind = answer.headers["Content-Type"]
        body = _body(answer)
        assert not body or "charset=utf-8" in kind or kind in {"application/json", "image/png", "audio/wav"}, route
        assert not _body(client.get(f"{route.path}?callback=stolen")).startswith("stolen"), route


def test_a_page_with_a_false_ending_is_no_page() -> None:
    client = visitor(maryam)
    for route in ROUTES:
        if route.path.endswith("/"):
            for ending in ("x.css", "x.js", "..%2fx.png", "%0a.css", ";x.css", "?/../x.css"):
                answer = client.get(route.path + ending)
                kind = answer.headers["Content-Type"]
                assert answer.status_code != 200 or not kind.startswith(("text/css", "text/javascript")), route
                assert answer["Cache-Control"] == "no-store", route


@pytest.mark.parametrize(
    "path",
    [
        *("/.git/config", "/.git/HEAD", "/.svn/entries", "/.hg/", "/.env", "/.htaccess", "/.DS_Store"),
        *(
            "/static/",
            "/static/ui/",
            "/static/ui/fonts/",
            "/static/../bawaba/settings.py",
            "/static/%2e%2e/settings.py",
        ),
        *("/data/bawaba.sqlite3", "/bawaba.sqlite3", "/keys/session.1", "/settings.py", "/backup.zip", "/dump.sql"),
        *("/admin/", "/django-admin/", "/debug/", "/__debug__/", "/server-status", "/phpinfo.php", "/wp-login.php"),
        *("/metrics/", "/actuator/health", "/console", "/graphql", "/swagger.json", "/openapi.json", "/config.json"),
        *("/accounts/signup/", "/accounts/login/", "/_allauth/", "/o/applications/", "/o/token/", "/rest-auth/login/"),
        *("/requirements/run.lock", "/pyproject.toml", "/Makefile", "/README.md", "/docs/", "/tests/", "/deploy/"),
    ],
)
def test_what_is_not_for_the_public_has_no_address(client: Client, path: str) -> None:
    client.raise_request_exception = False
    assert client.get(path).status_code == 404


class Fault(Exception):
    """What a broken view raises; its text must not be seen."""


@pytest.mark.parametrize("route", ROUTES, ids=every)
def test_a_fault_tells_a_number_and_nothing_else(
    route: Route, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:  # RT-36
    def faulty(*_: object, **__: object) -> HttpResponse:
        raise Fault(f"at /srv/bawaba with {maryam.password} of {maryam.civil_id}")

    monkeypatch.setattr("django.core.handlers.base.BaseHandler.resolve_request", _resolver(faulty))
    client = Client(raise_request_exception=False)
    answer = client.get(route.path)
    assert answer.status_code == 500
    body = answer.content.decode()
    for inner in ("Traceback", "/srv/", "Fault", ".py", maryam.password):
        assert inner not in body, route
    faults = [entry for entry in caplog.records if entry.levelname == "ERROR"]
    assert len(faults) == 1


def _resolver(view: Any) -> Any:
    def resolve_request(_handler: object, request: Any) -> Any:
        request.resolver_match = resolve(request.path_info)
        return view, (), {}

    return resolve_request
