"""`bawaba courier` as a process: it needs the installation's keys, and leaves in order."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.servers import surroundings

BAWABA = [sys.executable, "-m", "bawaba"]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Of an installation of its own, in demo mode and not yet migrated."""
    return surroundings() | {
        "BAWABA_DATA_DIR": str(tmp_path),
        "BAWABA_KEYS_DIR": str(tmp_path / "keys"),
        "BAWABA_DEMO": "1",
    }


def test_a_courier_without_the_keys_does_not_start(environment: dict[str, str]) -> None:
    ended = subprocess.run([*BAWABA, "courier"], env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert "code: is not here" in ended.stderr


def test_a_courier_leaves_in_order_on_term(environment: dict[str, str]) -> None:
    subprocess.run([*BAWABA, "migrate"], env=environment, check=True, capture_output=True)
    courier = subprocess.Popen([*BAWABA, "courier"], env=environment, stderr=subprocess.PIPE, text=True)
    assert courier.stderr is not None
    began = time.monotonic()
    for line in courier.stderr:
        if "courier.started" in line:
            break
        assert time.monotonic() - began < 60
    courier.send_signal(signal.SIGTERM)
    courier.communicate(timeout=60)
    assert courier.returncode == 0
