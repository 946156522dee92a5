"""What the clients of the benchmark do: each journey yields requests for ever and is sent the responses.

A request that only leads to the measured one is not counted; one that is counted must be answered as wanted.
"""

import re
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from http.cookies import SimpleCookie
from urllib.parse import urlencode

HOST = "localhost"
HIDDEN = re.compile(rb'<input type="hidden" name="([^"]+)"(?: id="[^"]*")?(?: value="([^"]*)")?')


@dataclass(frozen=True)
class Request:
    wire: bytes
    counted: bool = True
    wanted: int = 200


@dataclass(frozen=True)
class Response:
    status: int
    head: bytes
    body: bytes


Journey = Generator[Request, Response, None]


class Jar:
    """The cookies of one browser."""

    def __init__(self, cookies: Mapping[str, str] | None = None) -> None:
        self.cookies = dict(cookies or {})

    def take(self, response: Response) -> None:
        for line in response.head.split(b"\r\n"):
            name, _, value = line.partition(b": ")
            if name.lower() == b"set-cookie":
                for cookie in SimpleCookie(value.decode()).values():
                    self.cookies[cookie.key] = cookie.value

    def get(self, path: str, *, counted: bool = True, wanted: int = 200) -> Request:
        return Request(self._head("GET", path) + b"\r\n", counted, wanted)

    def post(self, path: str, fields: Mapping[str, str], *, counted: bool = True, wanted: int = 302) -> Request:
        body = urlencode(fields).encode()
        head = self._head("POST", path) + f"Content-Length: {len(body)}\r\n".encode()
        head += b"Content-Type: application/x-www-form-urlencoded\r\n"
        return Request(head + b"\r\n" + body, counted, wanted)

    def _head(self, method: str, path: str) -> bytes:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        lines = [f"{method} {path} HTTP/1.1", f"Host: {HOST}", "Accept-Language: ar", "Accept: text/html"]
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


JOURNEYS: dict[str, Callable[..., Journey]] = {
    "page": page,
}
