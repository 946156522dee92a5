"""Requests that no page of ours makes are refused before a view sees them: with 400, 403, 405 or 413.

The scheme is taken from the origin setting, never from a header: no visitor can change a link or a cookie with it.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed, QueryDict

from bawaba.infrastructure.limits.table import BODY
from bawaba.web.ui import source

METHODS = ("GET", "HEAD", "POST")
API_METHODS = (*METHODS, "PUT", "PATCH", "DELETE")
FORM = "application/x-www-form-urlencoded"
UNREADABLE = ("\0", "\N{REPLACEMENT CHARACTER}")  # the second stands for bytes that are not UTF-8

View = Callable[..., HttpResponseBase]


def repeatable(*names: str) -> Callable[[View], View]:
    """Marks a view whose form may send these fields more than once, as a list of boxes to tick does."""

    def mark(view: View) -> View:
        view.repeatable = frozenset(names)  # type: ignore[attr-defined]  # an attribute like csrf_exempt
        return view

    return mark


class RequestsMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        methods = API_METHODS if request.path_info.startswith(settings.API_PATH) else METHODS
        if request.method not in methods:
            return HttpResponseNotAllowed(methods)
        request.get_host()  # refuses every name but that of the origin
        source.of(request)
        _check_scheme(request)
        _check_size(request)
        _check_context(request)
        _drop_unreadable_cookies(request)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        _check_encoding(request.META.get("QUERY_STRING", "").encode("latin-1"))
        _check_fields(request.GET, frozenset())
        if request.method == "POST":
            if request.content_type == FORM:
                _check_encoding(request.body)
            _check_fields(request.POST, getattr(view, "repeatable", frozenset()))


def _check_scheme(request: HttpRequest) -> None:
    scheme = urlsplit(settings.BAWABA.origin).scheme
    if settings.BAWABA.proxy_count:
        forwarded = request.META.get("HTTP_X_FORWARDED_PROTO", scheme).rpartition(",")[2].strip()
        if scheme == "https" and forwarded != scheme:
            raise BadRequest("not over TLS")
    request.META["wsgi.url_scheme"] = scheme


def _check_size(request: HttpRequest) -> None:
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not (length.isascii() and length.isdigit()):
        raise BadRequest("no length")
    if int(length) > BODY.value:
        raise RequestDataTooBig("body")


def _check_context(request: HttpRequest) -> None:
    """Other sites may lead a person here, but never draw, load or fetch anything of ours."""
    headers = request.headers
    foreign = headers.get("Sec-Fetch-Site") in {"cross-site", "same-site"}
    leads_here = headers.get("Sec-Fetch-Mode") == "navigate" and headers.get("Sec-Fetch-Dest") == "document"
    if foreign and not leads_here:
        raise PermissionDenied("from another site")
    if request.path_info.startswith(settings.API_PATH) and headers.get("Sec-Fetch-Dest", "empty") != "empty":
        raise PermissionDenied("data is not a page")


def _drop_unreadable_cookies(request: HttpRequest) -> None:
    """A cookie with control characters is as good as none; the database would refuse it with an error."""
    for name in [name for name, value in request.COOKIES.items() if not value.isprintable()]:
        del request.COOKIES[name]


def _check_encoding(raw: bytes) -> None:
    """Django would read bytes that are not UTF-8 as Latin-1."""
    try:
        raw.decode()
    except UnicodeDecodeError as error:
        raise BadRequest("not UTF-8") from error


def _check_fields(fields: QueryDict, may_repeat: frozenset[str]) -> None:
    for name, values in fields.lists():
        if "[" in name or (len(values) > 1 and name not in may_repeat):
            raise BadRequest("a field is given twice")
        if any(mark in text for text in (name, *values) for mark in UNREADABLE):
            raise BadRequest("a field cannot be read")
