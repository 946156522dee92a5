"""What stands on every answer: pages, redirects, errors, static files, and the words of last resort.

It is the outermost layer, so nothing can be answered without it. The policy itself is `CONTENT_SECURITY_POLICY` in the
settings; a view may widen `form-action` with django-csp's decorators.
"""

import logging
import re
import time
from collections.abc import Callable
from uuid import uuid4

from csp.middleware import CSPMiddleware
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from bawaba.infrastructure.audit.log import request_id
from bawaba.web.ui import source

FIXED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # with no Referer at all Django could not check where a form came from
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "accelerometer=(), autoplay=(), camera=(), display-capture=(), encrypted-media=(), "
        "fullscreen=(), gamepad=(), geolocation=(), gyroscope=(), hid=(), idle-detection=(), local-fonts=(), "
        "magnetometer=(), microphone=(), midi=(), payment=(), picture-in-picture=(), "
        "publickey-credentials-create=(self), publickey-credentials-get=(self), screen-wake-lock=(), serial=(), "
        "storage-access=(), usb=(), window-management=(), xr-spatial-tracking=()"
    ),
    "Reporting-Endpoints": f'csp="{settings.CSP_REPORT_PATH}"',
}
TRANSPORT = "max-age=31536000; includeSubDomains"
DATA_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"
QUIET = (settings.STATIC_URL, "/healthz/", "/metrics")
"""Addresses whose requests are not written down: they come by themselves, all the time."""
_GIVEN_ID = re.compile(r"[A-Za-z0-9-]{8,40}")

log = logging.getLogger(__name__)


class HeadersMiddleware(CSPMiddleware):
    """Gives the request its number and the answer its headers."""

    get_response: Callable[[HttpRequest], HttpResponseBase]

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        before, began = request_id.set(_number(request)), time.perf_counter()
        try:
            self.process_request(request)
            response = self._answer(request)
            _protect(response)
            self.process_response(request, response)
            _write_down(request, response, time.perf_counter() - began)
            return response
        finally:
            request_id.reset(before)

    def _answer(self, request: HttpRequest) -> HttpResponseBase:
        try:
            return self.get_response(request)
        except Exception:  # the page for errors failed too: still answer, and with the headers
            log.exception("request_failed")
            return HttpResponse("500", status=500, content_type="text/plain; charset=utf-8")


def _number(request: HttpRequest) -> str:
    given = request.META.get("HTTP_X_REQUEST_ID", "")
    if settings.BAWABA.proxy_count and _GIVEN_ID.fullmatch(given):
        return str(given)
    return uuid4().hex


def _write_down(request: HttpRequest, response: HttpResponseBase, seconds: float) -> None:
    """The line of this request: the name of its route instead of the address, which a stranger may have made up."""
    if request.path_info.startswith(QUIET):
        return
    route = request.resolver_match.view_name if request.resolver_match else ""
    line = {
        "method": request.method,
        "route": route,
        "status_code": response.status_code,
        "ms": round(seconds * 1000),
        "neighbourhood": source.neighbourhood(request),
    }
    log.info("request_answered", extra=line)


def _protect(response: HttpResponseBase) -> None:
    for name, value in FIXED.items():
        response.headers[name] = value
    if settings.SESSION_COOKIE_SECURE:
        response.headers["Strict-Transport-Security"] = TRANSPORT
    if "immutable" not in response.headers.get("Cache-Control", ""):  # only hashed static files say so
        response.headers["Cache-Control"] = "no-store"
    if response.headers.get("Content-Type", "").startswith("application/json"):
        response.headers["Content-Security-Policy"] = DATA_POLICY
