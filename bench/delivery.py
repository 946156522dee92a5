"""How fast a message leaves after its commit, how fast a full queue drains, and what kills cost.

`python -m bench.delivery`: short; BENCH=full measures as long as the targets say. The provider is a clock that takes
50 ms for each message; the messages carry codes, so every one has a challenge beside it.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from statistics import quantiles

from bench.generator import cpu_seconds
from bench.portal import installation
from bench.report import save
from tests.servers import postgresql

IS_FULL = os.environ.get("BENCH") == "full"
SECONDS = 10.0 if IS_FULL else 3.0
DRAINED = 5_000 if IS_FULL else 1_000
KILLED = 2_000 if IS_FULL else 300
KILLS = 10 if IS_FULL else 4
IDLE_SECONDS = 10.0 if IS_FULL else 4.0
PROVIDER_SECONDS = 0.05
SHORT_LEASE = 3

START = "import os, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'bawaba.settings'; django.setup()\n"
COURIER = """
import signal, sys, time
from datetime import timedelta
from pathlib import Path
from django.conf import settings
from bawaba.commands.duties import PULSES
from bawaba.infrastructure.messaging.chores import Duty
from bawaba.infrastructure.messaging.courier import Courier
from bawaba.infrastructure.messaging.kinds import Channel
from bawaba.infrastructure.messaging.providers.carrier import Carrier
from bawaba.infrastructure.messaging.providers.outcome import Accepted
from bawaba.infrastructure.messaging.routes import Route
seconds, lease = float(sys.argv[1]), float(sys.argv[2])
class Clock(Carrier):
    name = "clock"
    def __init__(self):
        self.log = Path(sys.argv[3]).open("a", buffering=1)
    def send(self, letter):
        self.log.write(f"{letter.reference} {time.time()} {hash(letter.text)}\\n")
        time.sleep(seconds)
        return Accepted(letter.reference)
alive = Duty("bench.alive", timedelta(seconds=0.5), Path(f"{sys.argv[3]}.alive").touch)
route = Route(Channel.EMAIL, [Clock()], settings.BAWABA.courier_email_threads)
courier = Courier([route], pulses=(*PULSES, alive), lease_time=timedelta(seconds=lease))
signal.signal(signal.SIGTERM, lambda *_: courier.stop())
courier.run()
"""
PRODUCER = """
import sys, time, uuid
from django.db import transaction
from bawaba.infrastructure.codes import codes
from bawaba.infrastructure.codes.codes import Purpose
from bawaba.infrastructure.messaging import outbox
from bawaba.infrastructure.messaging.kinds import Kind
count, per_second = int(sys.argv[1]), float(sys.argv[2])
began = time.time()
for number in range(count):
    if per_second:
        time.sleep(max(0.0, began + number / per_second - time.time()))
    subject, address = str(uuid.uuid4()), f"person{number}@example.com"
    with transaction.atomic():
        challenge = codes.issue(purpose=Purpose.ACTIVATE, subject=subject, address=address)
        message = outbox.queue(Kind.ACTIVATION_CODE, channel="email", address=address, language="ar",
                               subject=subject, challenge=challenge)
    print(message.id, time.time())
"""
COUNT = """
from bawaba.infrastructure.messaging.models import Message
print(Message.objects.waiting().count(), Message.objects.filter(state="handed_over").count())
"""


@dataclass(frozen=True)
class Figure:
    """One line of the table: what, where, what was found, what is wanted."""

    name: str
    place: str
    found: str
    target: str
    values: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Post:
    """An installation whose courier the benchmark starts and ends."""

    environment: dict[str, str]
    is_postgresql: bool
    log: Path

    @property
    def place(self) -> str:
        return "PostgreSQL" if self.is_postgresql else "SQLite"

    def start(self, *, seconds: float = PROVIDER_SECONDS, lease: float = 60) -> "subprocess.Popen[str]":
        return self._run(COURIER, str(seconds), str(lease), str(self.log))

    def produce(self, count: int, per_second: float) -> dict[str, float]:
        """Queues messages; returns when each was committed."""
        output, _ = self._run(PRODUCER, str(count), str(per_second)).communicate()
        return {name: float(moment) for name, moment in (line.split() for line in output.splitlines())}

    def counts(self) -> tuple[int, int]:
        """How many wait, and how many are handed over."""
        waiting, done = self._run(COUNT).communicate()[0].split()
        return int(waiting), int(done)

    def sends(self) -> list[tuple[str, float, str]]:
        """Every start of a send: id, time, and what stands for the text."""
        lines = self.log.read_text().splitlines() if self.log.exists() else []
        return [(name, float(moment), text) for name, moment, text in (line.split() for line in lines)]

    def has_sent(self, count: int) -> bool:
        """Counts lines only: reading all of them fifty times a second takes a tenth of a core from what is measured."""
        return self.log.exists() and self.log.read_bytes().count(b"\n") >= count

    def empty(self) -> None:
        self.log.unlink(missing_ok=True)
        self._run("from bawaba.infrastructure.messaging.models import Message; Message.objects.all().delete()").wait()

    def _run(self, script: str, *arguments: str) -> "subprocess.Popen[str]":
        command = [sys.executable, "-c", START + script, *arguments]
        environment = self.environment | {"PYTHONHASHSEED": "0"}  # the texts of two processes can be compared
        return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


def main() -> int:
    figures: list[Figure] = []
    print(f"{'':<34}{'':<12}{'found':<40}wanted")
    for is_postgresql in (False, True):
        with post(is_postgresql=is_postgresql) as one:
            for figure in measure(one):
                figures.append(figure)
                print(f"{figure.name:<34}{figure.place:<12}{figure.found:<40}{figure.target}", flush=True)
    print(f"\nSaved: {save([], {'delivery': [asdict(figure) for figure in figures]})}")
    return 0


@contextmanager
def post(*, is_postgresql: bool) -> Iterator[Post]:
    with ExitStack() as stack:
        database = stack.enter_context(postgresql(durable=True)) if is_postgresql else ""
        environment = stack.enter_context(installation(database_url=database))
        yield Post(environment, is_postgresql, Path(environment["BAWABA_DATA_DIR"]) / "sends")


def measure(one: Post) -> Iterator[Figure]:
    yield latency(one, 4, "p50 15, p99 60 ms" if one.is_postgresql else "p50 30, p99 100 ms")
    yield latency(one, 200, "p50 50, p99 250 ms, none left")
    yield drain(one, "1,500/s" if one.is_postgresql else "500/s")
    yield kills(one)
    yield one_kill(one)
    yield idle(one)


def latency(one: Post, per_second: int, target: str) -> Figure:
    """From commit to the start of the send, and what is left a second after the last commit."""
    one.empty()
    with delivering(one):
        committed = one.produce(max(20, int(per_second * SECONDS)), per_second)
        time.sleep(1)
        waiting, _ = one.counts()
    began = {name: moment for name, moment, _ in one.sends()}
    waits = sorted(max(0.0, began[name] - moment) * 1000 for name, moment in committed.items() if name in began)
    cuts = quantiles(waits, n=100)
    actual = len(committed) / (max(committed.values()) - min(committed.values()))
    found = f"p50 {cuts[49]:.1f}, p99 {cuts[98]:.1f} ms, {waiting} left ({actual:.0f}/s)"
    values = {"p50_ms": cuts[49], "p99_ms": cuts[98], "left": waiting, "per_second": actual}
    return Figure(f"commit to start of send, {per_second}/s", one.place, found, target, values)


def drain(one: Post, target: str) -> Figure:
    """A full queue and a provider that takes no time."""
    one.empty()
    one.produce(DRAINED, 0)
    with delivering(one, seconds=0):
        wait_for(partial(one.has_sent, DRAINED))
    moments = sorted(moment for _, moment, _ in one.sends())
    rate = (len(moments) - 1) / (moments[-1] - moments[0])
    return Figure(f"drain of {DRAINED}", one.place, f"{rate:.0f}/s", target, {"per_second": rate})


def kills(one: Post) -> Figure:
    """The only courier killed again and again."""
    one.empty()
    one.produce(KILLED, 0)
    courier = one.start(lease=SHORT_LEASE)
    for _ in range(KILLS):
        wait_for(partial(one.has_sent, len(one.sends()) + 12))
        courier.kill()
        courier.wait()
        courier = one.start(lease=SHORT_LEASE)
    wait_for(lambda: one.counts() == (0, KILLED))
    courier.terminate()
    courier.wait()
    sends = one.sends()
    ids, texts = {name for name, _, _ in sends}, {(name, text) for name, _, text in sends}
    repeats = len(sends) - len(ids)
    found = f"{len(ids)} delivered, {repeats} twice, {len(texts) - len(ids)} other texts"
    values: dict[str, float] = {"delivered": len(ids), "repeats": repeats, "other_texts": len(texts) - len(ids)}
    return Figure(f"{KILLED} messages, {KILLS} kills", one.place, found, f"{KILLED} delivered", values)


def one_kill(one: Post) -> Figure:
    """Killed in mid-send: until the same is sent again."""
    one.empty()
    courier = one.start(seconds=30, lease=SHORT_LEASE)
    one.produce(1, 0)
    wait_for(partial(one.has_sent, 1))
    courier.kill()
    courier.wait()
    courier = one.start(lease=SHORT_LEASE)
    wait_for(partial(one.has_sent, 2))
    courier.terminate()
    courier.wait()
    (_, first, one_text), (_, second, other_text) = one.sends()
    same = "same text" if one_text == other_text else "OTHER TEXT"
    found, target = f"{second - first:.1f} s, {same}", f"lease of {SHORT_LEASE} s and 2 s"
    return Figure("kill in mid-send, sent again", one.place, found, target, {"seconds": second - first})


def idle(one: Post) -> Figure:
    """Nothing to do."""
    one.empty()
    with delivering(one) as courier:
        time.sleep(2)
        before = cpu_seconds([courier.pid])
        time.sleep(IDLE_SECONDS)
        share = (cpu_seconds([courier.pid]) - before) / IDLE_SECONDS * 100
        memory = resident_megabytes(courier.pid)
    found = f"{share:.1f} % of a core, {memory:.0f} MB"
    return Figure("idle", one.place, found, "2 %, 120 MB", {"cpu_percent": share, "megabytes": memory})


@contextmanager
def delivering(one: Post, *, seconds: float = PROVIDER_SECONDS) -> Iterator["subprocess.Popen[str]"]:
    alive = Path(f"{one.log}.alive")
    alive.unlink(missing_ok=True)
    courier = one.start(seconds=seconds)
    try:
        wait_for(alive.exists)  # the start of a process is not what is measured
        yield courier
    finally:
        courier.send_signal(signal.SIGTERM)
        courier.wait(40)


def wait_for(reached: Callable[[], bool], *, seconds: float = 120) -> None:
    until = time.monotonic() + seconds
    while not reached():
        if time.monotonic() > until:
            raise TimeoutError("the courier did not get there")
        time.sleep(0.02)


def resident_megabytes(pid: int) -> float:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


if __name__ == "__main__":
    sys.exit(main())
