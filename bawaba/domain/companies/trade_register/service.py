"""A trade register behind HTTP: `GET <address>/<number>` with a bearer token answers JSON, or 404 without an entry.

`{"name_ar": "…", "name_en": "…", "legal_form": "wll", "valid_to": "2027-12-31", "joint_signature": false,
"signatories": ["<civil number>", …]}`; every part may be missing.
"""

import json
import time
from dataclasses import dataclass
from datetime import date
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.conf import settings

SECONDS = 4
WAITS = (0.2, 1.0)
LARGEST = 64 * 1024
NOT_FOUND, TOO_MANY, SERVER_FAULT = 404, 429, 500


class NotReachable(Exception):
    """The register gave no answer that can be understood. `reason` is a word: time_out, refused, status, unclear."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, kw_only=True)
class Answer:
    name_ar: str
    name_en: str
    legal_form: str
    valid_to: date | None
    joint_signature: bool
    signatories: tuple[str, ...]
    """Civil numbers in clear: kept nowhere as they are."""


class _NoRedirects(HTTPRedirectHandler):
    """The token must not follow a redirect to another house."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


_opener = build_opener(_NoRedirects)


def find(cr_number: str) -> Answer | None:
    """The answer, None for an unknown number. Two more tries after a fault that may pass. Raises `NotReachable`."""
    for wait in WAITS:
        try:
            return _find_once(cr_number)
        except _MayPass:
            time.sleep(wait)
    try:
        return _find_once(cr_number)
    except _MayPass as fault:
        raise NotReachable(fault.reason) from fault


class _MayPass(NotReachable):
    """A fault that another try may not meet."""


def _find_once(cr_number: str) -> Answer | None:
    address = f"{settings.BAWABA.trade_register_url.rstrip('/')}/{quote(cr_number, safe='')}"
    headers = {"Accept": "application/json", "Authorization": f"Bearer {settings.BAWABA.trade_register_token}"}
    try:
        with _opener.open(Request(address, headers=headers), timeout=SECONDS) as response:  # noqa: S310 the scheme is checked at the start
            return _understand(response.read(LARGEST + 1))
    except HTTPError as error:
        if error.code == NOT_FOUND:
            return None
        raise _fault_of_status(error.code) from None
    except TimeoutError:
        raise _MayPass("time_out") from None
    except (OSError, HTTPException):
        raise _MayPass("refused") from None


def _fault_of_status(status: int) -> NotReachable:
    return _MayPass("status") if status >= SERVER_FAULT or status == TOO_MANY else NotReachable("status")


def _understand(body: bytes) -> Answer:
    try:
        said: dict[str, Any] = json.loads(body if len(body) <= LARGEST else b"")
        return Answer(
            name_ar=_text(said, "name_ar"),
            name_en=_text(said, "name_en"),
            legal_form=_text(said, "legal_form"),
            valid_to=date.fromisoformat(said["valid_to"]) if said.get("valid_to") else None,
            joint_signature=said.get("joint_signature", False) is True,
            signatories=tuple(str(each) for each in said.get("signatories") or ()),
        )
    except (ValueError, TypeError, AttributeError):
        raise NotReachable("unclear") from None


def _text(said: dict[str, Any], name: str) -> str:
    value = said.get(name) or ""
    if not isinstance(value, str):
        raise TypeError(name)
    return value[:200]
