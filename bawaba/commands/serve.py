"""`bawaba serve`: the web process. Granian's main process runs here without Django; its workers load it."""

import argparse
import gc
import importlib
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from granian.constants import Interfaces, SSLProtocols
from granian.log import LogLevels
from granian.net import SocketSpec  # type: ignore[attr-defined]  # granian's name for its users
from granian.server.mp import MPServer

from bawaba.commands import lock, parent
from bawaba.commands.django import set_up_django
from bawaba.commands.port import ask_for_port, split_bind
from bawaba.configuration import Configuration, read
from bawaba.infrastructure.keys import NAMES, Keyring
from bawaba.refusals import refuse

SECONDS_FOR_RUNNING_REQUESTS = 20
TLS_VERSIONS = {"1.2": SSLProtocols.tls12, "1.3": SSLProtocols.tls13}


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bawaba serve", description=__doc__)
    parser.add_argument("--parent", type=int, metavar="PID", help="end when this process ends")
    chosen = parser.parse_args(arguments)
    if chosen.parent:
        parent.follow(chosen.parent)
    configuration = refuse(read())
    Keyring(configuration.keys_dir).require(*NAMES)
    host, port = split_bind(configuration.bind)
    try:
        keep_alone(configuration)
    except lock.Held as error:
        print(f"bawaba serve does not start. {error}", file=sys.stderr)
        return 1
    ask_for_port(host, port)
    for path in filter(None, (configuration.tls_cert, configuration.tls_key)):
        Path(path).open("rb").close()  # granian does not say which file it misses
    server = Server(
        "bawaba.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=configuration.web_processes,
        blocking_threads=configuration.web_threads,
        respawn_failed_workers=True,
        workers_kill_timeout=SECONDS_FOR_RUNNING_REQUESTS,
        log_level=LogLevels.error,
        ssl_cert=Path(configuration.tls_cert) if configuration.tls_cert else None,
        ssl_key=Path(configuration.tls_key) if configuration.tls_key else None,
        ssl_protocol_min=TLS_VERSIONS[configuration.tls_minimum],
    )
    server.leaving = configuration.data_dir / f"leaving.{os.getpid()}"
    server.drain_seconds = configuration.drain_seconds
    server.serve(target_loader=load_in_worker, wrap_loader=False)
    return 0


class Server(MPServer):
    """Granian that turns readiness red before it leaves, so that a balancer sends no more requests.

    Each worker has a listening socket of its own, among which the kernel shares out connections: of one in common the
    worker that is idle takes them all. The main process holds them, for at a renewal some connections wait in them.
    """

    leaving: Path
    drain_seconds: int

    def _init_shared_socket(self) -> None:
        spec = SocketSpec(self.bind_addr, self.bind_port, self.backlog)
        self._holders = [spec.build() for _ in range(self.workers)]
        for holder in self._holders:
            os.set_inheritable(holder.get_fd(), True)  # noqa: FBT003 it has no name
        self._ssp, self._sso = None, None

    def _spawn_worker(self, idx: int, *arguments: Any, **options: Any) -> Any:
        self._shd = self._holders[idx]  # type: ignore[assignment]  # wrongly inferred
        return super()._spawn_worker(idx, *arguments, **options)

    def shutdown(self, exit_code: int = 0) -> None:
        self.leaving.touch()
        try:
            time.sleep(self.drain_seconds)
            super().shutdown(exit_code)  # type: ignore[no-untyped-call]  # granian types its signatures only
        finally:
            self.leaving.unlink()


def load_in_worker() -> Callable[..., Any]:
    """Runs in each worker: ties it to Granian's main process, then loads the application."""
    parent.follow(os.getppid())
    set_up_django()
    importlib.import_module("bawaba.commands.prepare").prepare()
    application: Callable[..., Any] = importlib.import_module("bawaba.wsgi").application
    gc.collect()
    gc.freeze()  # what is loaded stays: the collector need not walk through it again and again (a tenth of a request)
    return application


def keep_alone(configuration: Configuration) -> None:
    """Without a shared cache there is one web process. Raises `lock.Held` when another one serves this data."""
    if configuration.cache_url:
        return
    note = f"Another web process serves {configuration.data_dir} already (process {os.getpid()})."
    lock.hold(configuration.data_dir / "serve.lock", note)
