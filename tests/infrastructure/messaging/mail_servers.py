"""Mail servers on this machine: one that behaves (aiosmtpd), and one whose every word a test writes."""

import asyncio
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Thread
from typing import Any

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from bawaba.infrastructure.messaging.providers.smtp import Server

AUTHORITY = trustme.CA()
TRUSTING = ssl.create_default_context()
AUTHORITY.configure_trust(TRUSTING)


class Mailbox:
    """Keeps what it is given; answers to the recipient and to the text what a test says."""

    def __init__(self, *, recipient: str = "250 OK", text: str = "250 OK") -> None:
        self.recipient = recipient
        self.text = text
        self.envelopes: list[Envelope] = []
        self.links: set[object] = set()
        self.secured: list[bool] = []

    async def handle_RCPT(  # noqa: N802 the name aiosmtpd calls
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.recipient

    async def handle_DATA(  # noqa: N802 the name aiosmtpd calls
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        self.envelopes.append(envelope)
        self.links.add(session.peer)
        assert server.transport is not None
        self.secured.append(server.transport.get_extra_info("sslcontext") is not None)
        return self.text


def server_context(authority: trustme.CA = AUTHORITY) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    return context


@contextmanager
def good_server(
    box: Mailbox,
    *,
    tls: str = "start",
    user: str = "",
    password: str = "",
    authority: trustme.CA = AUTHORITY,
    known_password: str = "",
) -> Iterator[Server]:
    """A server that speaks SMTP as it should, on a free port."""

    def sign_in(server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: LoginPassword) -> AuthResult:
        return AuthResult(success=given.password.decode() == known_password, handled=False)

    options: dict[str, Any] = {"hostname": "127.0.0.1", "port": 0, "server_hostname": "localhost"}
    if tls == "implicit":
        options["ssl_context"] = server_context(authority)
    if tls == "start":
        options |= {"tls_context": server_context(authority), "require_starttls": True}
    if user:
        options |= {"authenticator": sign_in, "auth_required": True, "auth_require_tls": tls != "none"}
    controller = OnFreePort(box, **options)
    controller.start()
    try:
        yield Server("localhost", controller.port, user, password, tls)
    finally:
        controller.stop(no_assert=True)


class OnFreePort(Controller):
    """A controller that learns which port it was given before it asks itself whether it is up, and hangs up at its end.

    A link left open would be found by the collector, in whichever test it runs then.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.lines: list[SMTP] = []

    def factory(self) -> SMTP:
        self.lines.append(super().factory())  # type: ignore[no-untyped-call]  # aiosmtpd types only its public methods
        return self.lines[-1]

    def stop(self, no_assert: bool = False) -> None:
        asyncio.run_coroutine_threadsafe(self._hang_up(), self.loop).result(5)
        super().stop(no_assert)

    async def _hang_up(self) -> None:
        for line in self.lines:
            if isinstance(line.transport, asyncio.Transport):
                line.transport.abort()
        await asyncio.sleep(0)  # until the transports have closed

    def _trigger_server(self) -> None:
        assert isinstance(self.server, asyncio.base_events.Server)
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]  # aiosmtpd types only its public methods


class Line:
    """One client, as a scripted server sees it."""

    def __init__(self, link: socket.socket) -> None:
        self.link = link
        self._file = link.makefile("rb")

    def say(self, text: str) -> None:
        self.link.sendall(text.encode() + b"\r\n")

    def hear(self) -> str:
        return self._file.readline(100_000).decode(errors="replace").strip()

    def hear_text(self) -> None:
        while self.hear() != ".":
            pass

    def greet(self) -> None:
        """Through the greeting up to the first command of a mail."""
        self.say("220 here")
        self.hear()
        self.say("250 here")

    def take_until_text(self) -> None:
        self.greet()
        for _ in ("MAIL", "RCPT"):
            self.hear()
            self.say("250 OK")
        self.hear()
        self.say("354 go on")

    def close(self) -> None:
        self._file.close()
        with suppress(OSError):
            self.link.shutdown(socket.SHUT_RDWR)
        self.link.close()


@contextmanager
def scripted_server(script: Callable[[Line], None], *, tls: str = "none") -> Iterator[Server]:
    """A server that does with each client what `script` says, and then lets go."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve(link: socket.socket) -> None:
        line = Line(link)
        with suppress(OSError):
            script(line)
        line.close()

    def accept() -> None:
        while True:
            try:
                link, _ = listener.accept()
            except OSError:
                return
            link.settimeout(20)
            Thread(target=serve, args=(link,), daemon=True).start()

    thread = Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield Server("localhost", listener.getsockname()[1], "", "", tls)
    finally:
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(5)
