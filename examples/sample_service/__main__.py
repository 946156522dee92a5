"""`make sample`: registers the sample service at the demonstration portal of this folder, and opens it."""

import os
import subprocess
import sys
from urllib.parse import urlsplit

from examples.sample_service.service import SCOPE, Settings, make

NAME = "sample-service"
PORT = 8100
HERE = f"http://127.0.0.1:{PORT}"
BAWABA = (sys.executable, "-m", "bawaba", "clients")
REGISTER = (
    *("add", NAME, "--name-ar", "خدمة البيانات الجمركية", "--name-en", "Customs declarations"),
    *("--redirect", f"{HERE}/signed-in", "--post-logout", f"{HERE}/"),
    *(argument for name in SCOPE.split() for argument in ("--scope", name)),
)


def main() -> int:
    os.environ["BAWABA_DEMO"] = "1"  # only a demonstration takes addresses without TLS
    printed = clients("rotate-secret", NAME) or clients(*REGISTER)
    if not printed:
        print("The portal's database is not here yet. Start it first in another window: make run", file=sys.stderr)
        return 1
    given = dict(line.split(maxsplit=1) for line in printed.splitlines()[:3])
    print(f"The sample service is at {HERE}/ and asks the portal at {given['issuer']}.", flush=True)
    service = make(Settings(given["issuer"], given["client_id"], given["client_secret"]))
    service.run(host="127.0.0.1", port=urlsplit(HERE).port)
    return 0


def clients(*arguments: str) -> str:
    """What `bawaba clients` prints; empty when it refuses."""
    done = subprocess.run([*BAWABA, *arguments], capture_output=True, text=True, check=False)
    return done.stdout if done.returncode == 0 else ""


if __name__ == "__main__":
    sys.exit(main())
