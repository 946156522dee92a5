"""How many Argon2 verifications this machine does a second with the product's parameters: the ceiling for sign-ins.

`python -m bench.verifications` measures with whatever build of the binding is first on the path. `native_build` makes
a second one for exactly this processor, the step that the production image takes as well.
"""

import os
import subprocess
import sys
import threading
import time
from importlib.metadata import version
from pathlib import Path

from argon2.low_level import Type, hash_secret, verify_secret

SECONDS = 3.0
MEMORY_KIB = 19456
PASSES = 2
LANES = 1
BINDING = "argon2-cffi-bindings"


def main() -> int:
    print(per_second(os.cpu_count() or 1, SECONDS))
    return 0


def per_second(threads: int, seconds: float) -> float:
    """Verifications a second of this many threads together."""
    encoded = hash_secret(b"a password", os.urandom(16), PASSES, MEMORY_KIB, LANES, 32, Type.ID)
    counts = [0] * threads
    end = time.perf_counter() + seconds

    def verify(thread: int) -> None:
        while time.perf_counter() < end:
            verify_secret(encoded, b"a password", Type.ID)
            counts[thread] += 1

    workers = [threading.Thread(target=verify, args=(thread,)) for thread in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return round(sum(counts) / seconds, 1)


def measured(environment: dict[str, str]) -> float:
    """The same in a process of its own, with the binding that `environment` puts on the path."""
    command = [sys.executable, "-m", "bench.verifications"]
    return float(subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout)


def native_build(folder: Path) -> dict[str, str] | None:
    """Builds the binding for this processor; gives the variables that put it first, None without a compiler."""
    flags = os.environ | {"CFLAGS": "-O3 -march=native"}
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--no-cache-dir",
        "--target",
        str(folder),
    ]
    command += ["--no-binary", BINDING, f"{BINDING}=={version(BINDING)}"]
    done = subprocess.run(command, env=flags, check=False, capture_output=True)
    return None if done.returncode else {"PYTHONPATH": str(folder)}


if __name__ == "__main__":
    sys.exit(main())
