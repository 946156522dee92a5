"""The portal under test: an installation in a temporary folder, its server in a process group of its own."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.servers import SECONDS_TO_START, free_port, surroundings, wait_for_port

THREADS_BEFORE_SERVING = 2
NOBODY_IS_KEPT_WAITING = "send.email.site=1000000/3600, send.sms.site=1000000/86400"
BAWABA = [sys.executable, "-m", "bawaba"]


@dataclass(frozen=True)
class Portal:
    """A running portal: its port, the process ids of its workers, the environment it runs in."""

    port: int
    workers: list[int]
    environment: dict[str, str]

    def resident_megabytes(self) -> float:
        """Memory of its workers, shared pages counted by their share."""
        return sum(_proportional_kilobytes(pid) for pid in self.workers) / 1024


def asked_inside(environment: dict[str, str], module: str, *arguments: str) -> Any:
    """What `python -m module` prints as JSON, in a process of its own that runs inside an installation."""
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout)


@contextmanager
def installation(*, database_url: str = "", cache_url: str = "", processes: int = 1) -> Iterator[dict[str, str]]:
    """The environment of a fresh, migrated installation in demo mode with the test seam open."""
    folder = Path(tempfile.mkdtemp(prefix="bawaba-bench-"))
    port = free_port()
    environment = surroundings() | {
        "BAWABA_DATA_DIR": str(folder),
        "BAWABA_KEYS_DIR": str(folder / "keys"),
        "BAWABA_ORIGIN": f"http://localhost:{port}",
        "BAWABA_BIND": f"127.0.0.1:{port}",
        "BAWABA_DEMO": "1",
        "BAWABA_TEST_SEAM": "1",
        "BAWABA_PROXY_COUNT": "1",
        "BAWABA_LIMITS": NOBODY_IS_KEPT_WAITING,
        "BAWABA_DATABASE_URL": database_url,
        "BAWABA_CACHE_URL": cache_url,
        "BAWABA_WEB_PROCESSES": str(processes),
    }
    try:
        subprocess.run([*BAWABA, "migrate"], env=environment, check=True, stdout=subprocess.DEVNULL)
        yield environment
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def serving(environment: dict[str, str]) -> Iterator[Portal]:
    """The portal of an installation, answering."""
    port = int(environment["BAWABA_BIND"].rpartition(":")[2])
    with (Path(environment["BAWABA_DATA_DIR"]) / "log").open("ab") as log:  # lines are written as in production
        command = [*BAWABA, "serve", "--parent", str(os.getpid())]
        process = subprocess.Popen(command, env=environment, start_new_session=True, stderr=log)
    try:
        wait_for_port(port)
        _wait_for_workers(process.pid, int(environment["BAWABA_WEB_PROCESSES"]))
        yield Portal(port, _children(process.pid), environment)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _wait_for_workers(parent: int, count: int) -> None:
    """All must be ready before the first connection, or the first worker would be given every one of them."""
    deadline = time.monotonic() + SECONDS_TO_START
    while sum(_threads(pid) > THREADS_BEFORE_SERVING for pid in _children(parent)) < count:
        if time.monotonic() > deadline:
            raise TimeoutError(f"fewer than {count} workers are ready")
        time.sleep(0.05)


def _threads(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/task").iterdir()))


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _proportional_kilobytes(pid: int) -> int:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    return 0
