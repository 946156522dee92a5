"""The parent of the web process and the courier: starts them, starts them again when they die, ends them together.

It imports no Django and starts no thread. A thread would be fatal twice: Granian's worker would be forked while it runs
and could keep the pipe it waits on, and the kernel's word that a parent has ended follows the parent's thread.
"""

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
SECONDS_TO_BE_WELL = 60.0
SECONDS_TO_LEAVE = 35.0
SECONDS_BETWEEN_QUESTIONS = 0.1
WATCHED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD)


@dataclass
class Child:
    """One process that is to live. `reloads`: HUP renews it from inside; without, it is ended and started again.

    `patience`: so many seconds it lets the others get ready before it starts itself, whether they are or not.
    """

    name: str
    command: Sequence[str]
    reloads: bool = False
    patience: float = 0.0
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    started_at: float = field(default=0.0, init=False)
    due_at: float = field(default=0.0, init=False)
    pause: float = field(default=FIRST_PAUSE, init=False)

    def start(self) -> None:
        """In a session of its own, so that Ctrl-C reaches the parent only and the children are ended in order."""
        self.started_at = time.monotonic()
        self.process = subprocess.Popen(
            [*self.command, "--parent", str(os.getpid())], stdin=subprocess.PIPE, start_new_session=True
        )

    def send(self, number: int) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(number)

    def gone(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def plan_next_start(self) -> None:
        """Doubles the pause from death to death, up to half a minute; a minute of life forgives everything."""
        assert self.process is not None  # noqa: S101 for the type checker
        now = time.monotonic()
        if now - self.started_at > SECONDS_TO_BE_WELL:
            self.pause = FIRST_PAUSE
        say(f"{self.name} ended with {self.process.returncode}; it starts again in {self.pause:g} s.")
        self.due_at = now + self.pause
        self.pause = min(self.pause * 2, LONGEST_PAUSE)
        self.process = None


class Supervisor:
    """Keeps children alive. Asks `ready` ten times a second until it says yes, and never again."""

    def __init__(self, children: Sequence[Child], ready: Callable[[], bool] = lambda: True) -> None:
        self.children = children
        self.ready = ready
        self.is_ready = False
        self.bell = _bell()

    def run(self) -> int:
        """Keeps the children alive until INT or TERM; gives the exit code: 0 when all of them left in time."""
        for child in self.children:
            child.due_at = time.monotonic() + child.patience
        while True:
            self._start_due()
            for number in self._wait():
                if number in (signal.SIGINT, signal.SIGTERM):
                    return self._end()
                if number == signal.SIGHUP:
                    self._reload()
            for child in self.children:
                if child.process is not None and child.gone():
                    child.plan_next_start()

    def _start_due(self) -> None:
        for child in self.children:
            if child.process is None and time.monotonic() >= child.due_at:
                child.start()

    def _wait(self) -> bytes:
        """The signals that came; none when a child is due to start or readiness is to be asked for again."""
        if not self.is_ready and self.ready():
            self.is_ready = True
            for child in self.children:
                child.due_at = min(child.due_at, time.monotonic())
        due = [child.due_at for child in self.children if child.process is None]
        if not self.is_ready:
            due.append(time.monotonic() + SECONDS_BETWEEN_QUESTIONS)
        pause = max(0.0, min(due) - time.monotonic()) if due else None
        ready, _, _ = select.select([self.bell], [], [], pause)
        return os.read(self.bell, 100) if ready else b""

    def _reload(self) -> None:
        for child in self.children:
            if child.reloads:
                child.send(signal.SIGHUP)
                continue
            child.send(signal.SIGTERM)
            child.pause = 0.0

    def _end(self) -> int:
        for child in self.children:
            child.send(signal.SIGTERM)
        deadline = time.monotonic() + SECONDS_TO_LEAVE
        while not all(child.gone() for child in self.children):
            left = deadline - time.monotonic()
            ready, _, _ = select.select([self.bell], [], [], max(0.0, left))
            again = set(os.read(self.bell, 100)) & {signal.SIGINT, signal.SIGTERM} if ready else set()
            if left <= 0 or again:
                for child in self.children:
                    child.send(signal.SIGKILL)
                return 1
        return 0


def _bell() -> int:
    """A pipe that receives the number of every watched signal: waiting on it leaves no gap between look and sleep."""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    signal.set_wakeup_fd(writing)
    for number in WATCHED:
        signal.signal(number, lambda *_: None)
    return reading


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
