"""Raw bytes against the real server: requests whose borders are unclear, and old versions of TLS."""

import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import trustme
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from tests.servers import free_port, surroundings, wait_for_port

pytestmark = pytest.mark.faults
SMUGGLED = b"GET /healthz/live?smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n"
HOST = b"Host: localhost\r\n"
UNCLEAR = {
    "length and chunks": b"Content-Length: 60\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "two lengths": b"Content-Length: 0\r\nContent-Length: 60\r\n\r\n" + SMUGGLED,
    "a list of lengths": b"Content-Length: 0, 60\r\n\r\n" + SMUGGLED,
    "a signed length": b"Content-Length: +0\r\n\r\n" + SMUGGLED,
    "a length below zero": b"Content-Length: -1\r\n\r\n" + SMUGGLED,
    "unknown coding": b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "chunks not last": b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n" + SMUGGLED,
    "a bad chunk": b"Transfer-Encoding: chunked\r\n\r\n0x3c\r\n" + SMUGGLED,
    "a folded header": b"X-Folded: a\r\n Content-Length: 60\r\nContent-Length: 0\r\n\r\n" + SMUGGLED,
    "a space before the colon": b"Content-Length : 60\r\n\r\n" + SMUGGLED,
    "a NUL in a name": b"Content\x00-Length: 60\r\n\r\n" + SMUGGLED,
}


@contextmanager
def serving(folder: Path, **settings: str) -> Iterator[int]:
    """The port of a web process on an installation of its own."""
    port = free_port()
    scheme = "https" if "BAWABA_TLS_CERT" in settings else "http"
    environment = surroundings() | {
        "BAWABA_DATA_DIR": str(folder / "data"),
        "BAWABA_KEYS_DIR": str(folder / "keys"),
        "BAWABA_ORIGIN": f"{scheme}://localhost:{port}",
        "BAWABA_BIND": f"127.0.0.1:{port}",
        **settings,
    }
    (folder / "data").mkdir(exist_ok=True)
    command = [sys.executable, "-m", "bawaba"]
    subprocess.run([*command, "migrate"], env=environment, check=True, capture_output=True)
    process = subprocess.Popen([*command, "serve"], env=environment)
    try:
        wait_for_port(port)
        yield port
    finally:
        process.terminate()
        process.wait(30)


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with serving(tmp_path_factory.mktemp("wire")) as port:
        yield port


def answers(port: int, sent: bytes) -> list[bytes]:
    """The status lines of everything that came back until the server closed or fell silent."""
    with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
        connection.sendall(sent)
        received = b""
        try:
            while piece := connection.recv(65_536):
                received += piece
        except (TimeoutError, ConnectionResetError):
            pass
    return [line for line in received.split(b"\r\n") if line.startswith(b"HTTP/1.")]


def test_a_clear_request_is_answered(port: int) -> None:
    assert answers(port, b"GET /healthz/live HTTP/1.1\r\n" + HOST + b"\r\n") == [b"HTTP/1.1 200 OK"]


@pytest.mark.parametrize("unclear", UNCLEAR)
def test_a_request_with_unclear_borders_is_refused(port: int, unclear: str) -> None:
    got = answers(port, b"POST /healthz/live HTTP/1.1\r\n" + HOST + UNCLEAR[unclear])
    assert b"HTTP/1.1 200 OK" not in got, got
    assert len(got) <= 1


@pytest.mark.parametrize(
    "head",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: " + b"a" * 2_000_000 + b"\r\n\r\n",
        b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/9.9\r\nHost: localhost\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"\r\n\r\n\r\n",
    ],
    ids=range(7),
)
def test_what_is_hardly_a_request_harms_nobody(port: int, head: bytes) -> None:
    assert b"HTTP/1.1 200 OK" not in answers(port, head)
    assert answers(port, b"GET /healthz/live HTTP/1.1\r\n" + HOST + b"\r\n") == [b"HTTP/1.1 200 OK"]


def test_no_answer_tells_a_version(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(b"GET /healthz/live HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n")
        received = b"".join(iter(lambda: connection.recv(65_536), b"")).lower()
    assert b"\r\nserver: bawaba\r\n" in received
    assert b"granian" not in received
    assert b"python" not in received


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1 is deprecated:DeprecationWarning")
@pytest.mark.parametrize(("oldest", "refused"), [("1.3", ssl.TLSVersion.TLSv1_2), ("1.2", ssl.TLSVersion.TLSv1_1)])
def test_nothing_older_than_the_settings_tls_is_spoken(tmp_path: Path, oldest: str, refused: ssl.TLSVersion) -> None:
    authority = trustme.CA()
    issued = authority.issue_cert("localhost")
    key = load_pem_private_key(issued.private_key_pem.bytes(), None)
    (tmp_path / "cert.pem").write_bytes(b"".join(part.bytes() for part in issued.cert_chain_pems))
    (tmp_path / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    files = {"BAWABA_TLS_CERT": str(tmp_path / "cert.pem"), "BAWABA_TLS_KEY": str(tmp_path / "key.pem")}
    with serving(tmp_path, BAWABA_TLS_MINIMUM=oldest, **files) as port:
        context = ssl.create_default_context()
        authority.configure_trust(context)
        with (
            socket.create_connection(("127.0.0.1", port)) as plain,
            context.wrap_socket(plain, server_hostname="localhost") as secure,
        ):
            assert secure.version() == "TLSv1.3"
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        context.maximum_version = refused
        context.set_ciphers("ALL:@SECLEVEL=0")
        with socket.create_connection(("127.0.0.1", port)) as plain, pytest.raises((ssl.SSLError, ConnectionError)):
            context.wrap_socket(plain, server_hostname="localhost")
