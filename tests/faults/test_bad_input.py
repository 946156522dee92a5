"""G7: fifty thousand bad requests over every form of every page in every role. Nothing breaks, nothing bad is kept."""

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import pytest

from bawaba.infrastructure.limits.table import LIMITS
from tests.servers import postgresql, surroundings

SEED = 2026
SEEDS = 4
PARTS = 2  # as many as run at once: each makes a town of its own and asks for all its forms
REQUESTS = 50_000
ON_POSTGRESQL = 2_500
MANY = 1_000_000

pytestmark = pytest.mark.faults


def wide_limits() -> str:
    """Every limit that may be moved, so wide that nothing is refused for it."""
    periods = {limit.name: [w.seconds for w in limit.windows if w.seconds] for limit in LIMITS if not limit.fixed}
    return ",".join(f"{name}={' '.join(f'{MANY}/{s}' for s in seconds)}" for name, seconds in periods.items())


@contextmanager
def installation(folder: Path, database: str = "") -> Iterator[dict[str, str]]:
    """The environment of an empty one, in which a password costs next to nothing."""
    address = postgresql() if database == "postgresql" else nullcontext("")
    with address as url:
        environment = surroundings() | {
            "BAWABA_DATA_DIR": str(folder),
            "BAWABA_KEYS_DIR": str(folder / "keys"),
            "BAWABA_DATABASE_URL": url,
            "BAWABA_DEMO": "1",
            "BAWABA_TEST_SEAM": "1",
            "BAWABA_LIMITS": wide_limits(),
            "BAWABA_PASSWORD_MEMORY": "8",
            "BAWABA_PASSWORD_PASSES": "1",
        }
        for command in (["migrate"], ["collectstatic", "--no-input"]):
            subprocess.run([sys.executable, "-m", "bawaba", *command], env=environment, check=True, capture_output=True)
        yield environment


def walked(environment: dict[str, str], seeds: Iterable[int], requests: int) -> dict[str, Any]:
    """What so many requests met, with each seed."""
    command = [sys.executable, "-m", "tests.fuzz.walk", ",".join(map(str, seeds)), str(requests)]
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("part", range(PARTS))
def test_no_bad_input_breaks_anything(part: int, tmp_path: Path) -> None:
    with installation(tmp_path) as environment:
        met = walked(environment, range(SEED + part, SEED + SEEDS, PARTS), REQUESTS // SEEDS)
    assert met["faults"] == []
    assert met["sent"] >= REQUESTS // PARTS
    assert met["unsent"] == [], "forms to which nothing was sent"


@pytest.mark.needs("postgresql")
def test_no_bad_input_breaks_anything_on_postgresql(tmp_path: Path) -> None:
    with installation(tmp_path, "postgresql") as environment:
        met = walked(environment, [SEED + SEEDS], ON_POSTGRESQL)
    assert met["faults"] == []
