"""`bawaba run` as a newcomer has it: one command, two children, killed, ended, started again."""

import os
import re
import signal
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bawaba.commands import run
from tests.commands.test_supervisor import is_gone, until
from tests.faults.running import Running
from tests.servers import free_port

pytestmark = pytest.mark.faults

Start = Callable[[], Running]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    started: list[Running] = []
    port = free_port()

    def begin() -> Running:
        started.append(Running(tmp_path, port))
        return started[-1]

    yield begin
    for running in started:
        running.end()


def test_it_opens_says_where_and_leaves_nobody_behind(start: Start) -> None:
    running = start().open()
    assert f"http://localhost:{running.port}/inbox/" in running.output
    assert running.get("/") == running.get("/en/") == running.get("/healthz/ready") == 200
    until(lambda: running.get("/healthz/courier") == 200)
    pids = [pid for pids in running.family().values() for pid in pids]
    assert len(pids) >= 3
    assert running.end() == 0
    assert all(is_gone(pid) for pid in pids)
    assert "Traceback" not in running.output


def test_a_second_start_keeps_the_keys(start: Start) -> None:
    first = start().open()
    first.end()
    keys = first.log.parent / "data" / "keys"
    before = {path.name: path.read_bytes() for path in keys.iterdir()}
    start().open()
    assert {path.name: path.read_bytes() for path in keys.iterdir()} == before


def test_a_second_run_on_the_same_data_is_refused(start: Start) -> None:
    start().open()
    second = start()
    assert second.process.wait(90) == 1
    assert "runs already" in second.output


def test_killed_children_come_back(start: Start) -> None:
    running = start().open()
    until(lambda: running.get("/healthz/courier") == 200)
    (courier,) = running.family()["courier"]
    os.kill(courier, signal.SIGKILL)
    until(lambda: running.family().get("courier", [courier]) != [courier])
    web, *workers = running.family()["serve"]
    os.kill(web, signal.SIGKILL)
    until(lambda: all(is_gone(pid) for pid in [web, *workers]))
    until(lambda: running.get("/healthz/ready") == 200)


def test_a_killed_parent_takes_everybody_along(start: Start) -> None:
    running = start().open()
    pids = [pid for pids in running.family().values() for pid in pids]
    running.process.kill()
    running.process.wait()
    until(lambda: all(is_gone(pid) for pid in pids), seconds=40)


def test_hang_up_renews_the_web_worker_without_a_refused_request(start: Start) -> None:
    running = start().open()
    before = running.family()["serve"]
    running.process.send_signal(signal.SIGHUP)
    statuses = set()
    deadline = time.monotonic() + 30
    while set(before[1:]) & set(running.family()["serve"]) and time.monotonic() < deadline:
        statuses.add(running.get("/"))
    assert statuses == {200}
    assert running.family()["serve"] != before


def test_a_taken_port_is_said_and_the_next_one_used(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("BAWABA_ORIGIN", "BAWABA_BIND"):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        monkeypatch.setattr(run, "FIRST_PORT", port)
        run.choose_port()
    taken, chosen = re.findall(r"\d+", capsys.readouterr().out.splitlines()[0])
    assert int(taken) == port
    assert int(os.environ["BAWABA_BIND"].rpartition(":")[2]) >= int(chosen)
    assert os.environ["BAWABA_ORIGIN"].startswith("http://localhost:")
