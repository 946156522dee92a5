"""Where browsers report what the content policy stopped. Only the rule and the foreign host enter the log."""

import json
import logging
import re
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import BadRequest, RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from bawaba.infrastructure.limits.counter import LimitReached, spend
from bawaba.infrastructure.limits.table import CSP_REPORT, CSP_REPORT_BYTES
from bawaba.web.ui import source

TYPES = {"application/csp-report", "application/reports+json", "application/json"}
_RULE = re.compile(r"[a-z-]{1,30}")

log = logging.getLogger(__name__)


@csrf_exempt  # the browser sends it by itself, without a form
@require_POST
def csp_report(request: HttpRequest) -> HttpResponse:
    if int(request.META.get("CONTENT_LENGTH") or "0") > CSP_REPORT_BYTES.value:
        raise RequestDataTooBig("report")
    if request.content_type not in TYPES:
        raise BadRequest("not a report")
    try:
        spend(CSP_REPORT, source.of(request))
    except LimitReached:
        return HttpResponse(status=429)
    for report in _reports(request.body)[:5]:
        log.warning("csp_violation", extra={"rule": _rule(report), "blocked": _host(report)})
    return HttpResponse(status=204)


def _reports(body: bytes) -> list[dict[str, Any]]:
    """The reports of both forms browsers use."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise BadRequest("not a report") from error
    entries = data if isinstance(data, list) else [data]
    inner = [entry.get("csp-report", entry.get("body")) for entry in entries if isinstance(entry, dict)]
    return [report for report in inner if isinstance(report, dict)]


def _rule(report: dict[str, Any]) -> str:
    rule = str(report.get("effective-directive") or report.get("effectiveDirective") or "")
    return rule if _RULE.fullmatch(rule) else "unknown"


def _host(report: dict[str, Any]) -> str:
    blocked = str(report.get("blocked-uri") or report.get("blockedURL") or "")
    if blocked in {"inline", "eval", "data", "blob", "wasm-eval"}:
        return blocked
    try:
        host = urlsplit(blocked).hostname or ""
    except ValueError:
        return "unknown"
    return host if re.fullmatch(r"[a-z0-9.:-]{1,100}", host) else "unknown"
