"""The load generator: a process of its own, one thread, raw keep-alive sockets, so that it takes little of the machine.

Reads a `Load` as JSON from standard input and writes what it measured as JSON. Its clients are the journeys of
`bench.journeys`: each yields requests and is sent the responses.
"""

import json
import os
import select
import socket
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bench.journeys import JOURNEYS, Journey, Request, Response

TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")
HEAD_END = b"\r\n\r\n"
SECONDS_WITHOUT_ANSWER = 30.0


@dataclass(frozen=True)
class Group:
    """Clients that do the same: how many connections, which journey, what it needs to know."""

    name: str
    journey: str
    connections: int
    arguments: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Load:
    """What is asked of the server: for how long, after how long a warm-up, by whom; `workers` are its process ids."""

    port: int
    seconds: float
    groups: list[Group]
    workers: list[int]
    warm_up: float = 1.0


@dataclass
class Measured:
    """What one group was answered: times in milliseconds, counted requests only. `cpu` is the processor time that the
    workers used meanwhile, whoever asked, for each of these answers.
    """

    per_second: float
    p50: float
    p99: float
    worst: float
    cpu: float
    count: int
    refused: int
    statuses: dict[str, int]


@dataclass
class Client:
    """One connection and the journey of its user."""

    group: str
    journey: Journey
    link: socket.socket
    request: Request
    sent_at: float = 0.0
    received: bytearray = field(default_factory=bytearray)

    def send(self) -> None:
        self.sent_at = time.perf_counter()
        self.link.sendall(self.request.wire)

    def receive(self) -> Response | None:
        """The response once it is complete. Raises ConnectionError when the server has hung up."""
        chunk = self.link.recv(65536)
        if not chunk:
            raise ConnectionError("the server hung up")
        self.received += chunk
        head, found, body = self.received.partition(HEAD_END)
        if not found or len(body) < _length(head):
            return None
        response = Response(int(head[9:12]), bytes(head), bytes(body))
        self.received.clear()
        return response


def main() -> int:
    given = json.load(sys.stdin)
    given["groups"] = [Group(**group) for group in given["groups"]]
    json.dump({name: asdict(result) for name, result in run(Load(**given)).items()}, sys.stdout)
    return 0


def run(load: Load) -> dict[str, Measured]:
    """Applies the load; gives what each group measured. Raises TimeoutError when the server stops answering."""
    times: dict[str, list[float]] = {group.name: [] for group in load.groups}
    statuses: dict[str, Counter[int]] = {group.name: Counter() for group in load.groups}
    clients = {client.link.fileno(): client for client in _clients(load)}
    ears = select.epoll()
    for descriptor, client in clients.items():
        ears.register(descriptor, select.EPOLLIN)
        client.send()
    preparing = set(clients)  # nothing is measured until every client has got to what is counted
    begin = end = used = 0.0
    while not end or time.perf_counter() < end:
        ready = ears.poll(SECONDS_WITHOUT_ANSWER)
        if not ready:
            raise TimeoutError("the server has stopped answering")
        for descriptor, _ in ready:
            client = clients[descriptor]
            response = client.receive()
            if response is None:
                continue
            now = time.perf_counter()
            if client.request.counted and end and now > begin:
                used = used or cpu_seconds(load.workers)
                statuses[client.group][response.status] += 1
                if client.request.is_met_by(response):
                    times[client.group].append(now - client.sent_at)
            client.request = client.journey.send(response)
            client.send()
            if not end and client.request.counted:
                preparing.discard(descriptor)
                if not preparing:
                    begin = now + load.warm_up
                    end = begin + load.seconds
    used = cpu_seconds(load.workers) - used
    return {group.name: _measured(times[group.name], statuses[group.name], load.seconds, used) for group in load.groups}


def _clients(load: Load) -> Iterator[Client]:
    for group in load.groups:
        for number in range(group.connections):
            journey = JOURNEYS[group.journey](number, group.connections, **group.arguments)
            link = socket.create_connection(("127.0.0.1", load.port), timeout=SECONDS_WITHOUT_ANSWER)
            link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            yield Client(group.name, journey, link, next(journey))


def _length(head: bytes | bytearray) -> int:
    lower = bytes(head).lower()
    place = lower.find(b"\r\ncontent-length:")
    return int(lower[place + 17 :].partition(b"\r\n")[0]) if place >= 0 else 0


def cpu_seconds(pids: list[int]) -> float:
    """Processor time that these processes have used so far."""
    fields = [Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split() for pid in pids]
    return sum(int(each[11]) + int(each[12]) for each in fields) / TICKS_A_SECOND


def _measured(times: list[float], statuses: Counter[int], seconds: float, used: float) -> Measured:
    times.sort()
    return Measured(
        per_second=round(len(times) / seconds, 1),
        p50=_share(times, 0.50),
        p99=_share(times, 0.99),
        worst=_share(times, 1.0),
        cpu=used / max(len(times), 1) * 1000,
        count=len(times),
        refused=sum(statuses.values()) - len(times),
        statuses={str(status): count for status, count in sorted(statuses.items())},
    )


def _share(times: list[float], share: float) -> float:
    """The time within which this share of the answers came, in milliseconds."""
    return round(times[min(len(times) - 1, int(len(times) * share))] * 1000, 2) if times else 0.0


if __name__ == "__main__":
    sys.exit(main())
