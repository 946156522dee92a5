"""One HTTP request to an address of the settings, bounded in time and size, that remembers how far it got.

TLS is verified, redirects are not followed, and nothing but a relay on this machine is spoken to without TLS.
"""

import http.client
import socket
import ssl
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from threading import Timer

from bawaba.configuration import UnclearSetting, split_address
from bawaba.infrastructure.messaging.providers.outcome import Reason
from bawaba.refusals import is_loopback

CONNECT_SECONDS = 5.0
OPERATION_SECONDS = 10.0
WATCHDOG_SECONDS = 30.0
LARGEST_ANSWER = 65_536


@dataclass(frozen=True)
class Reply:
    status: int
    text: str
    retry_after: str


class NotSent(Exception):
    """The request did not leave as a whole: the other side has done nothing. `reason` says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


class NoAnswer(Exception):
    """The request has left, and its answer was lost, late, or no HTTP."""


class _Link(http.client.HTTPConnection):
    """A connection whose socket the watchdog can cut from its first byte on."""

    def __init__(self, host: str, port: int, context: ssl.SSLContext | None) -> None:
        super().__init__(host, port, timeout=OPERATION_SECONDS)
        self._context = context
        self.socket: socket.socket | None = None

    def connect(self) -> None:
        self.socket = socket.create_connection((self.host, self.port), CONNECT_SECONDS)
        self.socket.settimeout(OPERATION_SECONDS)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self._context is not None:
            secured = self._context.wrap_socket(self.socket, server_hostname=self.host, do_handshake_on_connect=False)
            self.socket = secured
            secured.do_handshake()
        self.sock = self.socket

    def cut(self) -> None:
        if self.socket is not None:
            with suppress(OSError):
                socket.socket.shutdown(self.socket, socket.SHUT_RDWR)

    def close(self) -> None:
        super().close()
        if self.socket is not None:
            self.socket.close()


class Caller:
    """Speaks with one host, and only with it. `name` is the setting, for the message that refuses a start."""

    def __init__(self, url: str, *, name: str, context: ssl.SSLContext | None = None) -> None:
        parts = split_address(name, url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username:
            raise UnclearSetting(name, "must be https://host/path")
        if parts.scheme == "http" and not is_loopback(parts.hostname):
            raise UnclearSetting(name, "must be https: codes would travel in the open")
        self._host = parts.hostname
        self._port = parts.port or (443 if parts.scheme == "https" else 80)
        self._context = (context or ssl.create_default_context()) if parts.scheme == "https" else None

    def call(self, method: str, target: str, *, headers: Mapping[str, str], body: bytes | None) -> Reply:
        """`target` is path and query. Raises `NotSent` and `NoAnswer`."""
        link = _Link(self._host, self._port, self._context)
        watchdog = Timer(WATCHDOG_SECONDS, link.cut)
        watchdog.daemon = True
        watchdog.start()
        try:
            _send(link, method, target, headers, body)
            return _read(link)
        finally:
            watchdog.cancel()
            link.close()


def _send(link: _Link, method: str, target: str, headers: Mapping[str, str], body: bytes | None) -> None:
    try:
        link.request(method, target, body=body, headers={"Connection": "close", **headers})
    except ssl.SSLError as error:
        raise NotSent(Reason.NO_TLS) from error
    except TimeoutError as error:
        raise NotSent(Reason.TIMED_OUT) from error
    except (OSError, http.client.HTTPException) as error:
        raise NotSent(Reason.NO_CONNECTION) from error


def _read(link: _Link) -> Reply:
    try:
        answer = link.getresponse()
        text = answer.read(LARGEST_ANSWER).decode("utf-8", errors="replace")
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise NoAnswer from error
    return Reply(answer.status, text, answer.headers.get("Retry-After", ""))
