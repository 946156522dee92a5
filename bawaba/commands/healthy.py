"""`bawaba healthy`: asks the web process on this machine a health question; exit code 0 when the answer is yes.

For the health check of a container, which has no other program that could ask.
"""

import argparse
import http.client
import ssl
import sys
from urllib.parse import urlsplit

from bawaba.configuration import Configuration, read

SECONDS = 4


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bawaba healthy", description=__doc__)
    parser.add_argument("question", choices=("live", "ready", "courier"), nargs="?", default="ready")
    question = parser.parse_args(arguments).question
    try:
        status, words = ask(read(), f"/healthz/{question}")
    except OSError as error:
        status, words = 0, f"no answer: {type(error).__name__}"
    print(words.strip(), file=sys.stdout if status == 200 else sys.stderr)
    return 0 if status == 200 else 1


def ask(configuration: Configuration, path: str) -> tuple[int, str]:
    """Status and text of the web process's answer. Raises OSError when there is none."""
    host, _, port = configuration.bind.rpartition(":")
    host = {"0.0.0.0": "127.0.0.1", "[::]": "::1"}.get(host, host.strip("[]"))  # noqa: S104 to be left, not bound
    origin = urlsplit(configuration.origin)
    connection = http.client.HTTPConnection(host, int(port), timeout=SECONDS)
    try:
        connection.connect()
        if configuration.tls_cert:
            context = ssl.create_default_context(cafile=configuration.tls_cert)
            connection.sock = context.wrap_socket(connection.sock, server_hostname=origin.hostname)
        connection.request("GET", path, headers={"Host": origin.netloc})
        answer = connection.getresponse()
        return answer.status, answer.read().decode(errors="replace")
    finally:
        connection.close()
