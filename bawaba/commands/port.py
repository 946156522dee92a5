"""Whether a port can be listened on."""

import socket


def split_bind(bind: str) -> tuple[str, int]:
    """Host and port of `BAWABA_BIND`, an IPv6 address without its brackets."""
    host, _, port = bind.rpartition(":")
    return host.strip("[]"), int(port)


def ask_for_port(host: str, port: int) -> None:
    """Raises OSError, with the address as its file name, when another server listens there: granian would share the
    port with it without a word."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise OSError(error.errno, error.strerror, f"{host}:{port}") from error
