"""F01: web worker and courier killed at any moment under load. Whoever was told "registered" is, once and wholly.

`FAULTS=full` (`make faults`) goes on until ten thousand have been told.
"""

import json
import os
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.portal import NOBODY_IS_KEPT_WAITING
from tests.commands.test_supervisor import until
from tests.faults.running import Running
from tests.servers import free_port

IS_FULL = os.environ.get("FAULTS") == "full"
AMOUNT = 10_000 if IS_FULL else 200
# People who are told between two kills, about: on a slow machine too somebody must get through, and ten thousand must.
A_KILL = 100 if IS_FULL else 30
SECONDS = 3_600 if IS_FULL else 240
REGISTERING = [sys.executable, "-m", "tests.faults.registering"]
SETTINGS = {
    "BAWABA_DEMO": "1",
    "BAWABA_TEST_SEAM": "1",
    "BAWABA_PROXY_COUNT": "1",  # every stranger comes from a network of their own
    "BAWABA_LIMITS": NOBODY_IS_KEPT_WAITING,
}
GOOD = {"lost": 0, "twice": 0, "half made": 0, "unsent": 0, "waiting": 0, "database": "ok"}


@pytest.fixture
def running(database: str, tmp_path: Path) -> Iterator[Running]:
    portal = Running(tmp_path, free_port(), BAWABA_DATABASE_URL=database, **SETTINGS).open()
    yield portal
    portal.end()


def kill_parts(portal: Running, while_runs: "subprocess.Popen[bytes]", told: Path) -> int:
    """A web worker while it serves, now and then just after it has begun, and each second time the courier with it.

    Returns how many.
    """
    kills = enough = 0
    deadline = time.monotonic() + SECONDS
    while while_runs.poll() is None and time.monotonic() < deadline:
        time.sleep(secrets.randbelow(2000) / 1000)
        if told_in(told) < enough or portal.get("/healthz/ready") != 200:
            continue
        family = portal.family()
        _main, *workers = family.get("serve", [0])
        for pid in [*workers[-1:], *(family.get("courier", []) if kills % 2 else [])]:
            os.kill(pid, signal.SIGKILL)
            kills += 1
        enough = told_in(told) + secrets.randbelow(2 * A_KILL)
    return kills


def told_in(file: Path) -> int:
    return file.read_text().count("\n")


@pytest.mark.faults
def test_nobody_who_was_told_is_lost(running: Running, tmp_path: Path) -> None:
    command, file = [*REGISTERING, str(AMOUNT)], tmp_path / "told"
    with file.open("wb") as end:
        strangers = subprocess.Popen(command, env=running.environment, stdout=end)
    try:
        kills = kill_parts(running, strangers, file)
        strangers.wait(30)
    finally:
        strangers.kill()
    told = file.read_text()
    assert strangers.returncode == 0
    assert told_in(file) >= AMOUNT
    assert kills >= 3

    def became() -> dict[str, object]:
        command = [*REGISTERING, "check"]
        check = subprocess.run(command, env=running.environment, input=told, capture_output=True, text=True, check=True)
        found: dict[str, object] = json.loads(check.stdout)
        return found

    until(lambda: became()["waiting"] == 0, seconds=120)
    assert became() == GOOD
