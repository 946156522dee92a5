"""A fake SMS gateway on this machine: answers what a test says, and keeps what it was asked."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Answer:
    """`before`: runs when the request has been read, ahead of the answer. `cut`: no answer, the link ends."""

    status: int = 200
    text: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    before: Callable[[], object] = lambda: None
    cut: bool = False


@dataclass
class Asked:
    method: str
    path: str
    headers: dict[str, str]
    body: str

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Gateway(ThreadingHTTPServer):
    daemon_threads = True
    answer = Answer()

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[Asked] = []

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that went away is what some tests are about."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    server: Gateway
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: object) -> None:
        pass

    def _reply(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(length).decode()
        self.server.asked.append(Asked(self.command, self.path, dict(self.headers), body))
        answer = self.server.answer
        answer.before()
        if answer.cut:
            self.close_connection = True
            return
        text = answer.text.encode()
        self.send_response(answer.status)
        for name, value in {"Content-Length": str(len(text)), **answer.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text)

    do_POST = do_GET = do_PUT = _reply  # noqa: N815 the names the server calls


@contextmanager
def gateway() -> Iterator[Gateway]:
    server = Gateway()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
