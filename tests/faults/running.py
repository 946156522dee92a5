"""A whole portal as `bawaba run` opens it, for tests that kill parts of it."""

import os
import signal
import subprocess
import sys
from http.client import HTTPConnection
from pathlib import Path

from tests.commands.test_supervisor import until
from tests.servers import surroundings


class Running:
    """A `bawaba run --demo` on a folder and a port of its own; `output` is what it has printed so far."""

    def __init__(self, folder: Path, port: int, **settings: str) -> None:
        self.port = port
        self.log = folder / "output"
        self.environment = surroundings() | {
            "BAWABA_DATA_DIR": str(folder / "data"),
            "BAWABA_KEYS_DIR": str(folder / "data" / "keys"),
            "BAWABA_ORIGIN": f"http://localhost:{port}",
            "BAWABA_BIND": f"127.0.0.1:{port}",
            **settings,
        }
        with self.log.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bawaba", "run", "--demo"],
                env=self.environment,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    @property
    def output(self) -> str:
        return self.log.read_text()

    def get(self, path: str) -> int:
        """The status of a page; 0 when nobody answers."""
        headers = {"Host": f"localhost:{self.port}", "X-Forwarded-For": "192.0.2.1"}
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path, headers=headers)
            return connection.getresponse().status
        except OSError:
            return 0
        finally:
            connection.close()

    def open(self) -> "Running":
        until(lambda: "is open" in self.output or self.process.poll() is not None)
        assert self.process.poll() is None, self.output
        return self

    def family(self) -> dict[str, list[int]]:
        """The live processes below it, by the command they run; the web process comes before its workers."""
        found: dict[str, list[int]] = {}
        waiting = [self.process.pid]
        while waiting:
            pid = waiting.pop()
            children = Path(f"/proc/{pid}/task/{pid}/children")
            for child in map(int, children.read_text().split() if children.exists() else []):
                words = Path(f"/proc/{child}/cmdline").read_text()
                found.setdefault("courier" if "courier" in words else "serve", []).append(child)
                waiting.append(child)
        return found

    def end(self) -> int:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGINT)
        return self.process.wait(40)
