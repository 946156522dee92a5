"""`make test`: the suite on PostgreSQL, then on SQLite with browser and fault tests; its summary comes last."""

import os
import subprocess
import sys

from tests.servers import has, is_ci, postgresql

PYTEST = [sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "worksteal"]


def main() -> int:
    if has("postgresql"):
        say("The suite on PostgreSQL")
        with postgresql() as address:
            environment = os.environ | {"BAWABA_DATABASE_URL": address}
            command = [*PYTEST, "--database-only", "-m", "not browser and not faults"]
            code = subprocess.run(command, env=environment, check=False).returncode
        if code:
            return code
    elif is_ci():
        say("PostgreSQL is not here, and here that is a failure")
        return 1
    say("The suite on SQLite, with the browser and the faults")
    return subprocess.run(PYTEST, check=False).returncode


def say(text: str) -> None:
    sys.stdout.write(f"\n{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
