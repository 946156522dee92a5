"""One conversation with a mail server, which remembers how far it got.

Until the final dot has left, a lost link means that nothing was taken; after it, nobody knows. `smtplib` does not tell
the two apart, waits for ever for a server that drips, and keeps a greeting of any length in memory.
"""

import smtplib
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass
from threading import Timer
from urllib.parse import unquote

from bawaba.configuration import UnclearSetting, split_address
from bawaba.refusals import is_loopback

CONNECT_SECONDS = 5.0
OPERATION_SECONDS = 10.0
WATCHDOG_SECONDS = 30.0
MOST_LINES = 100
LONGEST_LINE = 8192
PORTS = {"smtp": 587, "smtps": 465, "smtp+plain": 25}


@dataclass(frozen=True)
class Server:
    """A mail server of the settings. `tls`: "start", "implicit" or "none"."""

    host: str
    port: int
    user: str
    password: str
    tls: str

    @property
    def name(self) -> str:
        return f"{self.host}:{self.port}"[:40]


class Rejected(Exception):
    """A clear answer other than yes: after which `step` (mail, rcpt, data, text), with which `code`."""

    def __init__(self, step: str, code: int) -> None:
        super().__init__(f"{step} {code}")
        self.step = step
        self.code = code


class NotSecured(OSError):
    """No TLS with this server: it offers none, breaks off, or shows a certificate that proves nothing."""


class Flooded(OSError):
    """The server said more than any server has to say."""


class Dialogue(smtplib.SMTP):
    """`past_dot`: the whole text has been sent, and the answer to it decides. `sent` counts the texts taken."""

    def __init__(self, server: Server, context: ssl.SSLContext, hello: str) -> None:
        super().__init__(local_hostname=hello, timeout=OPERATION_SECONDS)
        self.server = server
        self.context = context
        self.link: socket.socket | None = None
        self.timed_out = False
        self.past_dot = False
        self.sent = 0

    def begin(self) -> None:
        """Connects, greets, secures, signs in. Raises `NotSecured`, and what `smtplib` and the socket raise."""
        code, _ = self.connect(self.server.host, self.server.port)
        if code != 220:
            raise smtplib.SMTPConnectError(code, b"")
        self.ehlo_or_helo_if_needed()
        if self.server.tls == "start":
            self._start_tls()
            self.ehlo_or_helo_if_needed()
        if self.server.user:
            self.login(self.server.user, self.server.password)

    @property
    def secured_with(self) -> str:
        """The version of TLS, or nothing."""
        return self.link.version() or "" if isinstance(self.link, ssl.SSLSocket) else ""

    def hand_over(self, sender: str, recipient: str, text: bytes) -> None:
        """One mail. Raises `Rejected`, and what the socket raises; `past_dot` then says what is known."""
        self.past_dot = False
        code, _ = self.mail(sender, [f"size={len(text)}"] if self.has_extn("size") else [])
        if code != 250:
            raise Rejected("mail", code)
        code, _ = self.rcpt(recipient)
        if code not in (250, 251):
            raise Rejected("rcpt", code)
        code, _ = self.deliver(text)
        if code != 250:
            raise Rejected("text", code)
        self.sent += 1

    def cut(self) -> None:
        """The watchdog: ends whatever waits on the socket, from another thread."""
        self.timed_out = True
        if self.link is not None:
            with suppress(OSError):
                # The plain socket's method: that of the TLS socket would pull the layer away under a reader's feet.
                socket.socket.shutdown(self.link, socket.SHUT_RDWR)

    def close(self) -> None:
        super().close()
        if self.link is not None:
            self.link.close()

    def watched(self, seconds: float = WATCHDOG_SECONDS) -> Timer:
        """A started clock that cuts the link; the caller cancels it."""
        timer = Timer(seconds, self.cut)
        timer.daemon = True
        timer.start()
        return timer

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        self.link = socket.create_connection((host, port), CONNECT_SECONDS)
        self.link.settimeout(timeout)
        return self._secured(self.link) if self.server.tls == "implicit" else self.link

    def _start_tls(self) -> None:
        if not self.has_extn("starttls"):
            raise NotSecured("not offered")
        code, _ = self.docmd("STARTTLS")
        if code != 220:
            raise NotSecured("offered and refused")
        assert self.sock is not None  # noqa: S101 for the type checker
        self.sock = self._secured(self.sock)
        if self.file is not None:
            self.file.close()
        self.file = None  # whatever was said in the open is forgotten
        self.ehlo_resp = self.helo_resp = None
        self.esmtp_features = {}

    def _secured(self, plain: socket.socket) -> socket.socket:
        """The handshake apart from the wrapping, so that the watchdog can cut it."""
        try:
            secured = self.context.wrap_socket(plain, server_hostname=self.server.host, do_handshake_on_connect=False)
            self.link = secured
            secured.do_handshake()
        except (ssl.SSLError, ConnectionError) as error:
            raise NotSecured(type(error).__name__) from error
        return secured

    def getreply(self) -> tuple[int, bytes]:
        """As in `smtplib`, but it reads a bounded answer."""
        if self.file is None:
            assert self.sock is not None  # noqa: S101 for the type checker
            self.file = self.sock.makefile("rb")
        lines: list[bytes] = []
        while len(lines) < MOST_LINES:
            line = self.file.readline(LONGEST_LINE + 1)
            if not line:
                self.close()
                raise smtplib.SMTPServerDisconnected("the link was lost")
            if len(line) > LONGEST_LINE:
                break
            lines.append(line[4:].strip(b" \t\r\n"))
            code = line[:3]
            if not code.isdigit():
                self.close()
                raise smtplib.SMTPServerDisconnected("this is not SMTP")
            if line[3:4] != b"-":
                return int(code), b"\n".join(lines)
        self.close()
        raise Flooded("an answer without end")

    def deliver(self, text: bytes) -> tuple[int, bytes]:
        """The text itself; notes when the final dot has left."""
        self.putcmd("data")
        code, _ = self.getreply()
        if code != 354:
            raise Rejected("data", code)
        self.send(stuffed(text))
        self.past_dot = True
        return self.getreply()


def stuffed(text: bytes) -> bytes:
    """A text as it travels: lines end with CR LF, a dot at their beginning is doubled, a lone dot ends it."""
    lines = text.replace(b"\r\n", b"\n").replace(b"\r", b"\n").rstrip(b"\n").split(b"\n")
    return b"\r\n".join(b"." + line if line.startswith(b".") else line for line in lines) + b"\r\n.\r\n"


def parse(url: str) -> Server:
    """The server of a setting. Raises `UnclearSetting`; its text never shows the address, which holds a password."""
    name = "BAWABA_EMAIL_URL"
    parts = split_address(name, url)
    if parts.scheme not in PORTS or not parts.hostname:
        raise UnclearSetting(name, "must begin with smtp://, smtps:// or smtp+plain:// and name a host")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise UnclearSetting(name, "must end after the host or port; write special characters of a password as %..")
    server = Server(
        host=parts.hostname,
        port=parts.port or PORTS[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        tls={"smtp": "start", "smtps": "implicit", "smtp+plain": "none"}[parts.scheme],
    )
    if server.tls == "none" and not is_loopback(server.host):
        raise UnclearSetting(name, "sends codes in the open: smtp+plain:// is for a relay on this machine")
    return server
