"""What the clients of the benchmark do: each journey yields requests for ever and is sent the responses.

A request that only leads to the measured one is not counted; one that is counted must be answered as wanted.
"""

import base64
import hashlib
import json
import re
import secrets
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, replace
from http.cookies import SimpleCookie
from itertools import count, islice
from urllib.parse import urlencode

from bench import seam
from bench.people import PASSWORD, address, everybody, mobile

HOST = "localhost"
CLIENT, REDIRECT, SCOPES = "growth", "https://service.example.com/signed-in", "openid profile email phone company"
CODE = re.compile(rb"[?&]code=([^&\r]+)")
LOCATION = re.compile(rb"(?i)^location: ([^\r?]*)", re.MULTILINE)
HIDDEN = re.compile(rb'<input type="hidden" name="([^"]+)"(?: id="[^"]*")?(?: value="([^"]*)")?')


@dataclass(frozen=True)
class Response:
    status: int
    head: bytes
    body: bytes

    @property
    def location(self) -> str:
        """Where a redirect leads, "" when it is none."""
        found = LOCATION.search(self.head)
        return found[1].decode() if found else ""


@dataclass(frozen=True)
class Request:
    """What goes over the wire. The wanted answer is a page, or a redirect to the page it `leads_to`."""

    wire: bytes
    counted: bool = True
    leads_to: str = ""

    def is_met_by(self, response: Response) -> bool:
        statuses = (302, 303) if self.leads_to else (200,)
        return response.status in statuses and response.location == self.leads_to


Journey = Generator[Request, Response, None]
Preparation = Generator[Request, Response, Request]  # what is not counted, and the request that it leads to


class Jar:
    """The cookies of one browser, and where it stands: everybody has a network address of their own, as in life."""

    def __init__(self, person: int = 0) -> None:
        self.cookies: dict[str, str] = {}
        self.source = f"10.{person >> 16 & 255}.{person >> 8 & 255}.{person & 255}"

    def take(self, response: Response) -> None:
        for line in response.head.split(b"\r\n"):
            name, _, value = line.partition(b": ")
            if name.lower() == b"set-cookie":
                for cookie in SimpleCookie(value.decode()).values():
                    self.cookies[cookie.key] = cookie.value

    def get(self, path: str, leads_to: str = "", *, counted: bool = True, token: str = "") -> Request:
        proof = f"Authorization: Bearer {token}\r\n".encode() if token else b""
        return Request(self._head("GET", path) + proof + b"\r\n", counted, leads_to)

    def post(self, path: str, fields: Mapping[str, str], leads_to: str, *, counted: bool = True) -> Request:
        body = urlencode(fields).encode()
        head = self._head("POST", path) + f"Content-Length: {len(body)}\r\n".encode()
        head += b"Content-Type: application/x-www-form-urlencoded\r\n"
        return Request(head + b"\r\n" + body, counted, leads_to)

    def _head(self, method: str, path: str) -> bytes:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        lines = [f"{method} {path} HTTP/1.1", f"Host: {HOST}", "Accept-Language: ar", "Accept: text/html"]
        lines.append(f"X-Forwarded-For: {self.source}")
        if cookies:
            lines.append(f"Cookie: {cookies}")
        return "\r\n".join(lines).encode() + b"\r\n"


def hidden_fields(response: Response) -> dict[str, str]:
    """The hidden fields of the page, the CSRF token among them."""
    return {name.decode(): value.decode() for name, value in HIDDEN.findall(response.body)}


def page(_number: int, _of: int, *, path: str) -> Journey:
    """A stranger who opens the same page again and again, as many different strangers would."""
    request = Jar().get(path)
    while True:
        yield request


def sign_in(number: int, of: int, *, people: int, first: int = 0) -> Journey:
    """People who come back: each has a browser the portal knows, opens the page once, and signs in again and again.

    Every connection has people of its own, so that no one's sessions are ended by another connection.
    """
    own = range(first + number, first + people, of)
    jars = {person: Jar(person) for person in own}
    fields = {}
    for person in own:
        page = yield jars[person].get("/sign-in/", counted=False)
        jars[person].take(page)
        fields[person] = typed(page, person)
    while True:
        for person in own:
            answer = yield jars[person].post("/sign-in/", fields[person], "/home/")
            before = jars[person].cookies["csrf"]  # the token that was read from the page belongs to it
            jars[person].take(answer)
            jars[person].cookies["csrf"] = before
            jars[person].cookies.pop("session", None)


def session_check(number: int, of: int, *, first: int, path: str) -> Journey:
    """Somebody who has signed in and opens one page after the other. Person `first` and those who follow."""
    jar = Jar(first + number)
    yield from _signed_in(jar, first + number)
    while True:
        yield jar.get(path)


def service(number: int, of: int, *, person: int, secret: str, step: str) -> Journey:
    """A service that has somebody who is signed in sent to it, and asks who that is. One `step` of the three counts."""
    browser, machine = Jar(person), Jar(person)
    yield from _signed_in(browser, person)
    while True:
        verifier = secrets.token_urlsafe(48)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
        asked = {"client_id": CLIENT, "redirect_uri": REDIRECT, "response_type": "code", "scope": SCOPES, "state": "s"}
        query = urlencode(asked | {"code_challenge": challenge, "code_challenge_method": "S256"})
        answer = yield browser.get(f"/oidc/authorize/?{query}", REDIRECT, counted=step == "authorize")
        code = CODE.search(answer.head)
        given = {"code": code[1].decode() if code else "", "redirect_uri": REDIRECT, "code_verifier": verifier}
        proof = {"grant_type": "authorization_code", "client_id": CLIENT, "client_secret": secret}
        answer = yield machine.post("/oidc/token/", given | proof, "", counted=step == "token")
        token = json.loads(answer.body)["access_token"]
        yield machine.get("/oidc/userinfo/", counted=step == "userinfo", token=token)


def register(number: int, of: int, *, first: int) -> Journey:
    """Strangers who register, one after the other: the form is drawn, filled in and sent. The sending is counted."""
    for person, civil_id in _strangers(first, number, of):
        jar = Jar(person)
        yield from _sent_form(jar, person, civil_id, counted=True)


def activate(number: int, of: int, *, first: int, ready: int) -> Journey:
    """Strangers who have registered and enter the code of their mail: the account opens, and they are signed in."""
    return _in_stock(ready, (_activates(person, civil_id) for person, civil_id in _strangers(first, number, of)))


def forget(number: int, of: int, *, first: int, ready: int) -> Journey:
    """People who have forgotten their password and have opened the page for it: they ask for a code."""
    return _in_stock(ready, (_asks(person) for person in count(first + number, of)))


def reset(number: int, of: int, *, first: int, ready: int) -> Journey:
    """People who have got a code and set a new password with it."""
    return _in_stock(ready, (_resets(person) for person in count(first + number, of)))


def _in_stock(ready: int, preparations: Iterator[Preparation]) -> Journey:
    """The requests that these lead to: so many are `ready` before the first is sent, and anew when they are used up."""
    waiting: list[Request] = []
    for preparation in preparations:
        waiting.append((yield from preparation))
        if len(waiting) >= ready:
            yield from _one_by_one(waiting)


def _one_by_one(waiting: list[Request]) -> Journey:
    while waiting:
        yield waiting.pop()


def _activates(person: int, civil_id: str) -> Preparation:
    jar = Jar(person)
    yield from _sent_form(jar, person, civil_id, counted=False)
    page = yield jar.get("/activate/", counted=False)
    fields = hidden_fields(page) | {"email-code": seam.code_for("activate", address(person))}
    return jar.post("/activate/verify/email/", fields, "/home/")


def _asks(person: int) -> Preparation:
    jar = Jar(person)
    page = yield jar.get("/reset-password/", counted=False)
    jar.take(page)
    return _asks_for_a_code(jar, person, hidden_fields(page))


def _resets(person: int) -> Preparation:
    jar = Jar(person)
    page = yield jar.get("/reset-password/", counted=False)
    jar.take(page)
    hidden = hidden_fields(page)
    yield replace(_asks_for_a_code(jar, person, hidden), counted=False)
    chosen = {"password": PASSWORD, "password2": PASSWORD}
    code = seam.code_for("reset", address(person))
    fields = hidden | chosen | {"email": address(person), "code": code, "reset": "1"}
    return jar.post("/reset-password/", fields, "/sign-in/")


def _asks_for_a_code(jar: Jar, person: int, hidden: dict[str, str]) -> Request:
    fields = hidden | {"email": address(person), "captcha": seam.text_of(hidden["captcha_id"]), "send": "1"}
    return jar.post("/reset-password/", fields, "/reset-password/")


def _strangers(first: int, number: int, of: int) -> Iterator[tuple[int, str]]:
    """People without an account and their civil numbers: every connection has its own."""
    return islice(everybody(), first + number, None, of)


def registration(person: int, civil_id: str, email: str, picture: str) -> dict[str, str]:
    """What a stranger types into the form of registration."""
    return {
        "first_name": "Salem",
        "last_name": "Almithal",
        "gender": "m",
        "civil_id": civil_id,
        "cr_number": str(700_000 + person),
        "mobile": mobile(person),
        "email": email,
        "password": PASSWORD,
        "password2": PASSWORD,
        "captcha": seam.text_of(picture),
        "terms": "on",
        "send": "1",
    }


def _sent_form(jar: Jar, person: int, civil_id: str, *, counted: bool) -> Journey:
    page = yield jar.get("/register/", counted=False)
    jar.take(page)
    hidden = hidden_fields(page)
    fields = hidden | registration(person, civil_id, address(person), hidden["captcha_id"])
    jar.take((yield jar.post("/register/", fields, "/activate/", counted=counted)))


def _signed_in(jar: Jar, person: int) -> Journey:
    jar.take(page := (yield jar.get("/sign-in/", counted=False)))
    request = jar.post("/sign-in/", typed(page, person), "/home/", counted=False)
    answer = yield request
    while answer.status == 503:  # too many hash at the moment
        answer = yield request
    jar.take(answer)


def typed(page: Response, person: int) -> dict[str, str]:
    return hidden_fields(page) | {"login": address(person), "password": PASSWORD, "sign_in": "1"}


JOURNEYS: dict[str, Callable[..., Journey]] = {
    "activate": activate,
    "forget": forget,
    "page": page,
    "register": register,
    "reset": reset,
    "service": service,
    "sign_in": sign_in,
    "session_check": session_check,
}
