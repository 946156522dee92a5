"""What went wrong, said in words: without session, person or database, with the time to come back."""

from collections.abc import Iterator
from datetime import UTC, datetime
from types import ModuleType

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory, override_settings
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from bawaba import urls
from bawaba.infrastructure.limits.counter import NEVER, CountersUnavailable, LimitReached
from bawaba.infrastructure.limits.table import REGISTER
from bawaba.web.ui.errors import WayOut, csrf_failed, limited
from tests.client import Browser
from tests.page import parse

NOON = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)  # noon in Kuwait
UNTIL = datetime(2026, 11, 22, 9, 11, 30, tzinfo=UTC)
RAISED = {
    "forbidden": PermissionDenied(),
    "bad": SuspiciousOperation(),
    "broken": ZeroDivisionError("division by zero"),
    "database": OperationalError("no such host db.internal"),
    "counters": CountersUnavailable(),
    "limit": LimitReached(REGISTER, UNTIL),
    "closed": LimitReached(REGISTER, NEVER),
}


def _raise(request: HttpRequest, name: str) -> HttpResponse:
    raise RAISED[name]


def _limited(request: HttpRequest) -> HttpResponse:
    return limited(request, UNTIL, WayOut("إعادة ضبط كلمة المرور", "/reset-password/"))


@require_POST
def _post_only(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.POST.get("text", ""))


@pytest.fixture(autouse=True)
def failing_addresses() -> Iterator[None]:
    failing = ModuleType("failing")
    patterns = [
        path("fail/<str:name>/", _raise),
        path("limited/", _limited),
        path("post/", _post_only),
        path("en/fail/<str:name>/", _raise),
        path("open/", csrf_exempt(_post_only)),
        *urls.urlpatterns,
    ]
    vars(failing).update(vars(urls) | {"urlpatterns": patterns})
    with override_settings(ROOT_URLCONF=failing):
        yield


@pytest.mark.parametrize(
    ("name", "status", "heading"),
    [
        ("bad", 400, "تعذّرت قراءة الطلب"),
        ("forbidden", 403, "لا يمكنك فتح هذه الصفحة"),
        ("broken", 500, "حدث خطأ لدينا"),
        ("database", 503, "البوابة غير متاحة الآن"),
        ("counters", 503, "البوابة غير متاحة الآن"),
        ("limit", 429, "محاولات كثيرة"),
    ],
)
def test_failures_are_pages_that_keep_nothing(name: str, status: int, heading: str) -> None:
    page = Browser(raises=False).get(f"/fail/{name}/", status=status)
    assert page.heading == heading
    assert page.headers["cache-control"] == "no-store"
    assert "set-cookie" not in page.headers


def test_failure_speaks_the_language_of_the_address() -> None:
    assert Browser(raises=False).get("/en/fail/broken/", status=500).heading == "Something went wrong on our side"
    assert Browser().get("/en/nothing/", status=404).heading == "The page was not found"


def test_fault_shows_its_number_and_nothing_of_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bawaba.web.ui.headers._number", lambda _: "7f3c2a90")
    page = Browser(raises=False).get("/fail/broken/", status=500)
    assert "7f3c2a90" in page.text
    assert "ZeroDivisionError" not in page.source
    assert "division" not in page.source


def test_unreachable_part_names_no_host() -> None:
    page = Browser(raises=False).get("/fail/database/", status=503)
    assert "db.internal" not in page.source
    assert page.headers["retry-after"] == "60"
    assert "بعد دقيقة واحدة" in page.text


def test_limit_says_when_it_opens_and_the_way_out() -> None:
    with time_machine.travel(NOON, tick=False):
        page = Browser().get("/limited/", status=429)
    assert page.headers["retry-after"] == "690"
    assert "حاول مرة أخرى بعد 12 دقيقة (12:11)." in page.text
    assert page.link("إعادة ضبط كلمة المرور")["href"] == "/reset-password/"


def test_limit_that_no_time_opens_promises_no_time() -> None:
    page = Browser().get("/fail/closed/", status=429)
    assert "retry-after" not in page.headers
    assert "حاول مرة أخرى بعد" not in page.text


def test_wrong_method_says_so_and_keeps_the_allowed_one() -> None:
    page = Browser().get("/post/", status=405)
    assert page.heading == "لا يُفتح هذا العنوان مباشرة"
    assert page.headers["allow"] == "POST"


def test_lost_token_explains_itself_and_leads_back() -> None:
    page = Browser().post("/post/", {"text": "x"}, status=403)
    assert page.heading == "بقيت الصفحة مفتوحة مدة طويلة"
    assert page.link("فتح الصفحة من جديد")["href"] == "/post/"


def test_lost_token_never_leads_to_another_host() -> None:
    request = RequestFactory().post("/")
    request.path = request.path_info = "//evil.example/"  # the test client would take it for a host
    page = parse(csrf_failed(request).content.decode())
    assert page.link("فتح الصفحة من جديد")["href"] == "/evil.example/"


def test_too_much_is_said_to_be_too_much() -> None:
    with override_settings(DATA_UPLOAD_MAX_NUMBER_FIELDS=2):
        page = Browser().post("/open/", {"a": "1", "b": "2", "c": "3"}, status=413)
    assert page.heading == "البيانات المرسلة أكبر من المسموح به"


def test_page_of_last_resort_needs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> str:
        raise OSError

    monkeypatch.setattr("bawaba.web.ui.errors.render_to_string", broken)
    response = Browser(raises=False).client.get("/fail/broken/")
    assert response.status_code == 500
    assert "حدث خطأ لدينا" in response.content.decode()
