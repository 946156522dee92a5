"""What must be true of every answer and of every row, whatever was sent."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import CharField, TextField

from bawaba.identifiers.addresses import clean_email
from bawaba.identifiers.kw import clean_cr_number
from bawaba.identifiers.names import clean_name
from bawaba.identifiers.problem import Problem
from tests.fuzz.requests import SECRET, Request, is_password
from tests.page import Page, parse

SAVEPOINT = re.compile(r'(SAVEPOINT|ROLLBACK TO SAVEPOINT) "(\w+)"')
WRITES = re.compile(r'\s*(?:insert\s+into|update|delete\s+from)\s+"(\w+)"', re.IGNORECASE)
NOTED = {  # what a refused request may leave behind: what was counted, spent and recorded, and that somebody was here
    *("limits_counter", "captcha_used_answer", "codes_challenge", "audit_event", "django_session"),
    *("accounts_sessionrecord", "accounts_device"),
}
PROBES = (b"/healthz/",)  # red where no courier runs
UNSEEN = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
CLEAN: dict[str, Callable[[str], str]] = {
    "first_name": clean_name,
    "last_name": clean_name,
    "email": clean_email,
    "cr_number": clean_cr_number,
}
LOOKED_AT = 6
"""Every so many pages of errors are read."""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: list[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str:
        return next((value for key, value in self.headers if key == name), "")

    @property
    def is_page(self) -> bool:
        return self.header("Content-Type").startswith("text/html") and self.status in {200, 422}


class Judge:
    def __init__(self) -> None:
        self.statuses: Counter[int] = Counter()
        self.written: list[str] = []
        self.marks: dict[str, int] = {}
        self.touched: set[str] = set()
        self.models = {model._meta.db_table: model for model in apps.get_models()}

    def begin(self) -> None:
        self.written.clear()

    def watch(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        """Notes which tables are written to, and forgets what is rolled back."""
        if match := WRITES.match(sql):
            self.written.append(match[1])
            self.touched.add(match[1])
        elif (mark := SAVEPOINT.match(sql)) and mark[1] == "SAVEPOINT":
            self.marks[mark[2]] = len(self.written)
        elif mark:
            del self.written[self.marks[mark[2]] :]
        return execute(sql, params, many, context)

    def complaints(self, request: Request, answer: Answer) -> list[str]:
        self.statuses[answer.status] += 1
        found = []
        if answer.status >= 500 and not request.path.startswith(PROBES):
            found.append(f"answered {answer.status}")
        if SECRET in answer.body or any(SECRET.decode() in value for _, value in answer.headers):
            found.append("gave a password back")
        if answer.status >= 400 and (stored := set(self.written) - NOTED):
            found.append(f"refused with {answer.status} and wrote to {sorted(stored)}")
        if answer.status == 422 and answer.is_page and self.statuses[422] % LOOKED_AT == 0:
            found += _kept(request, parse(answer.body.decode(), path=request.path.decode()))
        return found

    def stored(self) -> list[str]:
        """What stands in the rows of the tables written to since the last call and should not."""
        found = [text for table in sorted(self.touched) if table in self.models for text in _rows(self.models[table])]
        self.touched.clear()
        return found


def _rows(model: Any) -> list[str]:
    texts = [f for f in model._meta.concrete_fields if isinstance(f, CharField | TextField)]
    found = []
    for row in model._base_manager.order_by("-pk").values(*(f.attname for f in texts))[:50] if texts else []:
        for name, value in row.items():
            if value and (wrong := _wrong(name, value)):
                found.append(f"{model._meta.label}.{name} holds {value!r}: {wrong}")
    return found


def _wrong(name: str, value: str) -> str:
    if SECRET.decode() in value:
        return "a password"
    if any(unicodedata.category(char) in UNSEEN for char in value.replace("\n", "").replace("\r", "")):
        return "what cannot be seen"
    try:
        return "" if name not in CLEAN or CLEAN[name](value) == value else "not as it is cleaned"
    except Problem as problem:
        return problem.code


def _kept(request: Request, page: Page) -> list[str]:
    """A page of errors names them, and what was typed still stands in the fields, but for secrets."""
    found = [] if page.summary or page.errors else ["refused without a word"]
    sent = {name.decode(errors="replace"): value for name, value in request.fields}
    for control in page.root.all("input"):
        name, kind = control.get("name"), control.get("type", "text")
        typed = sent.get(name)
        if typed is None or kind in {"hidden", "password", "checkbox", "radio"} or is_password(name.encode()):
            continue
        if name == "captcha" or name.rpartition("-")[2] == "code" or "readonly" in control.attrs:
            continue
        if control.get("value") != typed.decode() and _is_its(control, request):
            found.append(f"the field {name} lost {typed!r} and shows {control.get('value')!r}")
    return found


def _is_its(control: Any, request: Request) -> bool:
    """Whether a control belongs to the form that was sent."""
    form = control.above("form")
    return form is not None and (form.get("action") or request.path.decode()) == request.path.decode()
