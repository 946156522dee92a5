"""`make check`: everything a machine can say about the source without running it. Stops at the first complaint."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BIN = str(Path(sys.executable).parent) + "/"
CHECKS = {
    "lint": [BIN + "ruff", "check", "--quiet", "."],
    "format": [BIN + "ruff", "format", "--quiet", "--check", "."],
    "templates": [BIN + "djlint", "bawaba", "--lint", "--quiet"],
    "floors": [BIN + "lint-imports", "--no-cache"],
    "types": [BIN + "mypy"],
    "migrations": [sys.executable, "-m", "bawaba", "makemigrations", "--check", "--dry-run"],
}
if Path(".github").is_dir():
    CHECKS["workflows"] = [BIN + "zizmor", "--offline", "--quiet", "--no-progress", ".github"]


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"BAWABA_DATA_DIR": folder, "BAWABA_KEYS_DIR": f"{folder}/keys"}
        for name, command in CHECKS.items():
            began = time.monotonic()
            done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
            if done.returncode:
                sys.stdout.write(f"check {name}: FAILED\n{done.stdout}{done.stderr}")
                return 1
            sys.stdout.write(f"check {name}: good ({time.monotonic() - began:.0f} s)\n")
            sys.stdout.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
