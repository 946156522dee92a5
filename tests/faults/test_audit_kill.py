"""F18: two sealing couriers and a writer, one of them killed every 0.3 s. Nothing is lost and the chain is whole."""

import os
import secrets
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.commands.test_supervisor import until
from tests.faults.inside import START

WRITE = """
import sys, uuid
from django.db import transaction
from bawaba.infrastructure.audit.events import EventType
from bawaba.infrastructure.audit.log import record
while True:
    with transaction.atomic():
        record(EventType.SIGN_OUT, subject=str(uuid.UUID(int=2)))
    sys.stdout.write(".")
    sys.stdout.flush()
"""
SEAL = """
from bawaba.infrastructure.audit.seal import seal
while True:
    seal(limit=20)
"""
FINISH = """
from bawaba.commands import audit_verify
from bawaba.infrastructure.audit.models import Event
from bawaba.infrastructure.audit.seal import seal
while seal():
    pass
print(Event.objects.sealed().count())
raise SystemExit(audit_verify.main([]))
"""


@pytest.mark.faults
def test_kills_of_writer_and_couriers_leave_a_whole_chain(tmp_path: Path) -> None:
    environment = os.environ | {"BAWABA_DATA_DIR": str(tmp_path), "BAWABA_KEYS_DIR": str(tmp_path / "keys")}
    environment.pop("BAWABA_DATABASE_URL", None)
    acknowledged = tmp_path / "acknowledged"

    def start(script: str) -> subprocess.Popen[bytes]:
        with acknowledged.open("ab") as output:
            return subprocess.Popen([sys.executable, "-c", START + script], env=environment, stdout=output)

    subprocess.run([sys.executable, "-m", "bawaba", "migrate"], env=environment, check=True)
    scripts = [WRITE, SEAL, SEAL]
    processes = [start(script) for script in scripts]
    try:
        until(lambda: acknowledged.stat().st_size > 0)
        end = time.monotonic() + 8
        while time.monotonic() < end:
            time.sleep(0.3)
            victim = secrets.randbelow(3)
            processes[victim].kill()
            assert processes[victim].wait() == -signal.SIGKILL, "it ended by itself"
            processes[victim] = start(scripts[victim])
    finally:
        for process in processes:
            process.kill()
            process.wait()
    finished = subprocess.run(
        [sys.executable, "-c", START + FINISH], env=environment, capture_output=True, text=True, check=False
    )
    assert "The register is whole." in finished.stdout, finished.stdout + finished.stderr
    kept = int(finished.stdout.split("\n", 1)[0])
    assert kept >= acknowledged.stat().st_size
