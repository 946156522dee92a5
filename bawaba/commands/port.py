"""Whether a port can be listened on."""

import socket


def ask_for_port(host: str, port: int) -> None:
    """Raises OSError when another server listens there: granian would share the port with it without a word."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((host, port))
