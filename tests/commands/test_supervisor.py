"""The parent of web and courier: what it does when children die and when signals come. Small stand-ins for children."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

SUPERVISOR = """
import sys
from bawaba.commands.supervisor import Child, Supervisor
child = [sys.executable, "-c", sys.argv[1], sys.argv[2]]
print("started", flush=True)
sys.exit(Supervisor([Child("one", [*child, "one"], reloads=True), Child("two", [*child, "two"])]).run())
"""
# The first asks twenty times before it is ready, and says so in the file of the second, which has patience.
PATIENT_SUPERVISOR = """
import sys
from bawaba.commands.supervisor import Child, Supervisor
child, asked = [sys.executable, "-c", sys.argv[1], sys.argv[2]], []
def ready():
    asked.append(1)
    if len(asked) == 20:
        with open(f"{sys.argv[2]}/two", "a") as file:
            file.write("ready\\n")
    return len(asked) >= 20
print("started", flush=True)
sys.exit(Supervisor([Child("one", [*child, "one"]), Child("two", [*child, "two"], patience=PATIENCE)], ready).run())
"""
# Writes a line for its start and for each signal; ends on TERM. Follows its parent as the real children do.
CHILD = """
import os, signal, sys, time
from bawaba.commands import parent
folder, name = sys.argv[1:3]
def note(word):
    with open(f"{folder}/{name}", "a") as file:
        file.write(f"{word} {os.getpid()}\\n")
signal.signal(signal.SIGHUP, lambda *_: note("reload"))
signal.signal(signal.SIGTERM, lambda *_: (note("end"), sys.exit(0)))
parent.follow(int(sys.argv[4]))
note("start")
while True:
    time.sleep(0.05)
"""
STUBBORN_CHILD = CHILD.replace('(note("end"), sys.exit(0))', 'note("refuse")')


class Family:
    """A supervisor in a process of its own and what its two children wrote."""

    def __init__(self, folder: Path, child: str, supervisor: str = SUPERVISOR) -> None:
        self.folder = folder
        self.process = subprocess.Popen(
            [sys.executable, "-c", supervisor, child, str(folder)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def words(self, name: str) -> list[str]:
        return [line.split()[0] for line in self._lines(name)]

    def pid(self, name: str) -> int:
        """The process that started last."""
        return int([line.split()[1] for line in self._lines(name) if line.startswith("start")][-1])

    def _lines(self, name: str) -> list[str]:
        path = self.folder / name
        return path.read_text().splitlines() if path.exists() else []

    def wait_for(self, name: str, *words: str) -> None:
        until(lambda: self.words(name) == list(words))


def until(true: Callable[[], bool], seconds: float = 90) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def is_gone(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return True
    return state == "Z"


@pytest.fixture
def family(tmp_path: Path) -> Iterator[Family]:
    started = Family(tmp_path, CHILD)
    started.wait_for("one", "start")
    started.wait_for("two", "start")
    yield started
    started.process.kill()
    started.process.communicate()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_one_signal_ends_both_in_order_and_leaves_nobody(family: Family, number: int) -> None:
    pids = [family.pid("one"), family.pid("two")]
    os.killpg(family.process.pid, number)  # Ctrl-C reaches the whole group: the children must not be in it
    assert family.process.wait(10) == 0
    assert family.words("one") == family.words("two") == ["start", "end"]
    assert all(is_gone(pid) for pid in pids)


def test_a_killed_child_starts_again_and_its_sister_does_not_notice(family: Family) -> None:
    os.kill(family.pid("two"), signal.SIGKILL)
    family.wait_for("two", "start", "start")
    assert family.words("one") == ["start"]


def test_a_child_that_dies_again_is_given_more_time(family: Family) -> None:
    begin = time.monotonic()
    for starts in (1, 2):
        os.kill(family.pid("two"), signal.SIGKILL)
        family.wait_for("two", *["start"] * (starts + 1))
    assert time.monotonic() - begin >= 0.5 + 1.0


def test_hang_up_renews_the_web_from_inside_and_starts_the_courier_again(family: Family) -> None:
    family.process.send_signal(signal.SIGHUP)
    family.wait_for("one", "start", "reload")
    family.wait_for("two", "start", "end", "start")


def test_a_killed_parent_leaves_no_orphan(family: Family) -> None:
    family.process.kill()
    family.wait_for("one", "start", "end")
    family.wait_for("two", "start", "end")


def test_a_second_signal_ends_children_that_refuse_to_leave(tmp_path: Path) -> None:
    family = Family(tmp_path, STUBBORN_CHILD)
    family.wait_for("one", "start")
    family.wait_for("two", "start")
    family.process.terminate()
    family.wait_for("one", "start", "refuse")
    family.wait_for("two", "start", "refuse")
    family.process.terminate()
    assert family.process.wait(10) == 1
    family.process.communicate()
    assert is_gone(family.pid("one"))


def test_the_parent_loads_no_django_and_starts_no_thread() -> None:
    program = (
        "import sys, threading, bawaba.commands.run, bawaba.commands.serve\n"
        "print(any(name.split('.')[0] == 'django' for name in sys.modules), threading.active_count())"
    )
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert answer.stdout.split() == ["False", "1"]


def test_where_the_kernel_does_not_tell_the_end_of_the_pipe_does() -> None:
    program = (
        "import time; from bawaba.commands import parent\n"
        "parent.watch_standard_input(); print('up', flush=True)\n"
        "while True: time.sleep(1)"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        assert child.stdout.readline() == b"up\n"
        child.stdin.close()
        assert child.wait(10) == -signal.SIGTERM


@pytest.mark.parametrize(("patience", "words"), [("600", ["ready", "start"]), ("0.1", ["start", "ready"])])
def test_a_patient_child_starts_when_the_others_are_ready_or_its_time_is_over(
    tmp_path: Path, patience: str, words: list[str]
) -> None:
    family = Family(tmp_path, CHILD, PATIENT_SUPERVISOR.replace("PATIENCE", patience))
    family.wait_for("two", *words)
    family.process.terminate()
    assert family.process.wait(10) == 0
    family.process.communicate()
