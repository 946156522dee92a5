"""A whole portal for a browser: `bawaba run` in demo mode on a free port, and what its operator types beside it."""

import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError

from tests.browser.clock import Clock
from tests.servers import free_port, surroundings

SECONDS_TO_OPEN = 60
# All visitors come from one address here, which a limit takes for one crowd; and nobody waits a minute for a mail.
LIMITS = (
    "failures.source=1000/600",
    "register=1000/3600",
    "captcha.pictures=10000/600",
    "captcha.recordings=1000/600",
    "send.email=100/60 500/3600 500/86400",
    "send.sms=100/60 500/3600 500/86400",
    "send.email.source=1000/3600",
    "send.sms.source=1000/3600",
)
SECONDS_TO_CLOSE = 60
BAWABA = (sys.executable, "-m", "bawaba")


@contextmanager
def portal(folder: Path, clock: Clock | None = None, **settings: str) -> Iterator[str]:
    """The origin of a running portal that keeps its data in the folder, and goes by the clock if there is one.

    `settings` are more BAWABA_… variables, without the prefix.
    """
    port = free_port()
    origin = f"http://localhost:{port}"
    own = {"TEST_SEAM": "1", "BIND": f"127.0.0.1:{port}", "LIMITS": ",".join(LIMITS)}
    environment = _environment(origin, folder, **own, **settings) | (clock.environment if clock else {})
    log = folder / "log"
    with log.open("w") as file:
        running = subprocess.Popen([*BAWABA, "run"], env=environment, stdout=file, stderr=subprocess.STDOUT)
    try:
        _wait_until_open(running, origin, log)
        yield origin
    finally:
        running.terminate()
        running.wait(SECONDS_TO_CLOSE)


def operate(origin: str, folder: Path, *arguments: str) -> str:
    """What the operator types beside the running portal, and is answered."""
    environment = _environment(origin, folder)
    return subprocess.run([*BAWABA, *arguments], env=environment, capture_output=True, text=True, check=True).stdout


def _environment(origin: str, folder: Path, **settings: str) -> dict[str, str]:
    own = {"DEMO": "1", "ORIGIN": origin, "DATA_DIR": f"{folder}/data", "KEYS_DIR": f"{folder}/keys"}
    return surroundings() | {f"BAWABA_{name}": value for name, value in (own | settings).items()}


def _wait_until_open(running: "subprocess.Popen[bytes]", origin: str, log: Path) -> None:
    deadline = time.monotonic() + SECONDS_TO_OPEN
    while time.monotonic() < deadline and running.poll() is None:
        try:
            urllib.request.urlopen(f"{origin}/en/", timeout=5).close()  # noqa: S310 our own origin
        except URLError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError(f"the portal did not open:\n{log.read_text()}")
