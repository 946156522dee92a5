"""Walks over every form of every page in every role and sends what nobody should type.

`python -m tests.fuzz.walk SEED REQUESTS` runs in the environment of an installation, through the whole application as a
web server calls it, and prints as JSON what it met; `SEED,SEED` walks so far with each. A visit is one form, some
requests to it, and to what they lead to; all of it is taken back before the next, so a visit repeats by its number:
`… SEED 0 VISIT`.
"""

import json
import logging
import sys
import traceback
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from random import Random  # noqa: TID251 a failure must come again with its seed
from typing import Any
from urllib.parse import parse_qsl, urljoin, urlsplit

from bawaba.commands.django import set_up_django

set_up_django()

import time_machine  # noqa: E402 after Django is set up
from django.core.cache import cache  # noqa: E402 after Django is set up
from django.core.signals import got_request_exception, request_finished, request_started  # noqa: E402 after Django is set up
from django.db import close_old_connections, connection, transaction  # noqa: E402 after Django is set up

from bawaba.web.portal import register  # noqa: E402 after Django is set up
from bawaba.web.ui import pace  # noqa: E402 after Django is set up
from bawaba.wsgi import application  # noqa: E402 after Django is set up
from tests.fuzz import requests, scene  # noqa: E402 after Django is set up
from tests.fuzz.filling import fields_of  # noqa: E402 after Django is set up
from tests.fuzz.judge import Answer, Judge  # noqa: E402 after Django is set up
from tests.fuzz.requests import Request  # noqa: E402 after Django is set up
from tests.fuzz.scene import Scene, Visitor  # noqa: E402 after Django is set up
from tests.page import Element, parse  # noqa: E402 after Django is set up

START = "2026-11-24T09:00:00+03:00"
IN_A_VISIT = 25
WELL = 0.12
"""Share of requests that nothing spoils: they lead on to the pages behind."""


SHOWN = 20  # faults; the first one usually explains the others


@dataclass
class Target:
    """A form somebody can send: as it stands on a page, or as a program sends it."""

    visitor: Visitor
    page: str
    path: str
    form: Element | None = None
    fields: requests.Fields = field(default_factory=list)
    method: str = "POST"
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.visitor.role} {self.method} {self.path} on {self.page}"

    def request(self, random: Random) -> Request:
        fields = self.fields if self.form is None else fields_of(self.form, self.visitor.email, random)
        parts = urlsplit(self.path)
        make = requests.sent if self.method == "POST" else requests.asked
        more = [(n.encode(), v.encode()) for n, v in parse_qsl(parts.query)] if self.method == "GET" else []
        made = make(parts.path.encode(), [*more, *fields])
        made.headers.update(self.headers)
        return made


class Browser:
    """Cookies and what the application answers to them."""

    def __init__(self, cookies: dict[str, str]) -> None:
        self.cookies = dict(cookies)

    def send(self, request: Request) -> Answer:
        given: dict[str, Any] = {}

        def start(status: str, headers: list[tuple[str, str]], _error: Any = None) -> None:
            given.update(status=int(status[:3]), headers=headers)

        parts = application(request.environ(self.cookies), start)
        body = b"".join(parts)
        if hasattr(parts, "close"):
            parts.close()
        for name, value in given["headers"]:
            if name == "Set-Cookie":
                self._take(value)
        return Answer(given["status"], given["headers"], body)

    def get(self, path: str) -> Answer:
        parts = urlsplit(path)
        return self.send(Request("GET", parts.path.encode(), query=parts.query.encode()))

    def _take(self, line: str) -> None:
        for cookie in SimpleCookie(line).values():
            if cookie["max-age"] == 0:
                self.cookies.pop(cookie.key, None)
            else:
                self.cookies[cookie.key] = cookie.value


def forms_on(answer: Answer, visitor: Visitor, path: str) -> Iterator[Target]:
    """Every form of a page, unless it is no page."""
    if not answer.is_page:
        return
    page = parse(answer.body.decode(), path=path)
    for form in page.root.all("form"):
        target = urljoin(path, form.get("action") or path)
        yield Target(visitor, urlsplit(path).path, target, form, method=form.get("method", "get").upper())


def targets_of(built: Scene) -> list[Target]:
    """Each form once for each role that meets it, and each address once for somebody to whom it shows something."""
    forms: dict[tuple[str, str, str, str], Target] = {}
    pages: dict[str, Target] = {}
    for visitor in built.visitors:
        for address in built.addresses:
            answer = Browser(visitor.cookies).get(address)
            if answer.status == 200 or address not in pages:
                pages[address] = Target(visitor, address, address, method="GET")
            for target in forms_on(answer, visitor, address):
                assert target.form is not None
                names = " ".join(sorted({each.get("name") for each in target.form.all("input", "select", "textarea")}))
                forms.setdefault((visitor.role, target.method, target.path, names), target)
    return [*forms.values(), *pages.values(), *_programs(built)]


def _programs(built: Scene) -> Iterator[Target]:
    """What no page sends: the programs of e-services, and browsers that report."""
    visitor = built.visitors[0]
    known = {name.encode(): value.encode() for name, value in built.service.items()}
    basic = {"HTTP_AUTHORIZATION": "Basic " + built.basic}
    bearer = {"HTTP_AUTHORIZATION": "Bearer " + built.service["token"]}
    client = [b"client_id", b"client_secret"]
    for path, names, headers in (
        ("/oidc/token/", [b"grant_type", b"code", b"redirect_uri", b"code_verifier"], basic),
        ("/oidc/token/", [b"grant_type", b"code", b"redirect_uri", b"code_verifier", *client], {}),
        ("/oidc/token/", [b"grant_type", b"refresh_token", b"scope"], basic),
        ("/oidc/revoke/", [b"token", b"token_type_hint"], basic),
        ("/oidc/introspect/", [b"token", b"token_type_hint"], basic),
        ("/oidc/userinfo/", [b"access_token"], bearer),
        ("/oidc/sign-out/", [b"id_token_hint", b"post_logout_redirect_uri", b"state", b"client_id"], {}),
        ("/oidc/authorize/", [b"client_id", b"redirect_uri", b"response_type", b"scope", b"state"], {}),
        ("/csp/", [b"report"], {"CONTENT_TYPE": "application/csp-report"}),
    ):
        grant = b"refresh_token" if b"refresh_token" in names else b"authorization_code"
        values = known | {b"grant_type": grant, b"response_type": b"code", b"scope": b"openid", b"state": b"x"}
        fields = [(name, values.get(name, b"")) for name in names]
        yield Target(visitor, path, path, fields=fields, headers=headers)


class Walk:
    def __init__(self) -> None:
        self.judge = Judge()
        self.sent: Counter[str] = Counter()
        self.faults: list[dict[str, Any]] = []
        self.trace = ""
        got_request_exception.connect(self._remember)
        connection.execute_wrappers.append(self.judge.watch)
        with time_machine.travel(START):
            self.targets = targets_of(scene.build())
        for ended in (request_started, request_finished):
            ended.disconnect(close_old_connections)  # a visit is one transaction

    def run(self, seed: int, amount: int, only: int | None) -> None:
        order = list(range(len(self.targets)))
        Random(seed).shuffle(order)  # noqa: S311 see above
        number, before = only or 0, self.sent.total()
        while self.sent.total() - before < amount or only is not None:
            self.visit(seed, number, self.targets[order[number % len(order)]])
            number += 1
            if only is not None:
                break

    def visit(self, seed: int, number: int, target: Target) -> None:
        block = transaction.atomic()
        block._from_testcase = True  # type: ignore[attr-defined]  # as Django's own tests do: durable ones run inside
        cache.clear()
        with time_machine.travel(START), block:
            for fault in self._visited(target, Random(f"{seed} {number}")):  # noqa: S311 see above
                self.faults.append({"seed": seed, "visit": number, "form": target.name, **fault})
            transaction.set_rollback(True)

    def _visited(self, target: Target, random: Random) -> Iterator[dict[str, Any]]:
        pool = [target]
        browser = Browser(target.visitor.cookies)
        for _ in range(IN_A_VISIT):
            chosen = target if random.random() < 0.7 else random.choice(pool)
            request = chosen.request(random)
            if random.random() > WELL:
                request = requests.spoiled(request, random)
            before, mark = dict(browser.cookies), transaction.savepoint()
            answer, wrong = self._answered(browser, request, chosen)
            yield from wrong
            leads_on = answer.status in {302, 303} and random.random() < 0.3
            if leads_on:
                location = answer.header("Location")
                if location.startswith("/"):
                    page, wrong = self._answered(browser, Request("GET", *_split(location)), chosen)
                    yield from wrong
                    pool += forms_on(page, target.visitor, location)
            if not leads_on or "session" in before.keys() - browser.cookies.keys():
                yield from ({"what": text} for text in self.judge.stored())
                transaction.savepoint_rollback(mark)
                browser.cookies = before
        yield from ({"what": text} for text in self.judge.stored())

    def _answered(self, browser: Browser, request: Request, target: Target) -> tuple[Answer, list[dict[str, Any]]]:
        self.trace = ""
        self.judge.begin()
        try:
            answer = browser.send(request)
        except Exception:  # the server would answer 500
            self.trace = traceback.format_exc()
            answer = Answer(500, [], b"")
        self.sent[target.name] += 1
        complaints = self.judge.complaints(request, answer)
        shown = {"request": f"{request.method} {request.path!r} {request.query[:400]!r} {request.kind}"}
        shown |= {"body": repr(request.body[:1500]), "headers": str(request.headers), "trace": self.trace[-3000:]}
        return answer, [{"what": text, **shown} for text in complaints]

    def _remember(self, **_: Any) -> None:
        self.trace = traceback.format_exc()


def _split(location: str) -> tuple[bytes, bytes]:
    parts = urlsplit(location)
    return parts.path.encode(), parts.query.encode()


def main() -> int:
    seeds = [int(seed) for seed in sys.argv[1].split(",")]
    amount, *only = map(int, sys.argv[2:])
    logging.getLogger().setLevel(logging.ERROR if only else logging.INFO)
    register.TWIN_WAIT = 0.0  # nobody presses twice here, and a second for each wrong picture would be hours
    pace.STEP = 1e-6  # nor does anybody hold a stop-watch
    walk = Walk()
    for seed in seeds:
        walk.run(seed, amount, only[0] if only else None)
    unsent = sorted({target.name for target in walk.targets} - set(walk.sent))
    statuses = {str(status): n for status, n in sorted(walk.judge.statuses.items())}
    json.dump(
        {"sent": sum(walk.sent.values()), "unsent": unsent, "statuses": statuses, "faults": walk.faults}, sys.stdout
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
