"""SMPP against an independent provider (smpp34), and against one whose every byte a test writes."""

import asyncio
import dataclasses
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import smpp34
from django.conf import settings

from bawaba.configuration import UnclearSetting
from bawaba.infrastructure.messaging.kinds import Channel, Kind
from bawaba.infrastructure.messaging.providers import smpp
from bawaba.infrastructure.messaging.providers.carrier import Receipt
from bawaba.infrastructure.messaging.providers.outcome import Accepted, Broken, Busy, Outcome, Reason, Refused, Unknown
from bawaba.infrastructure.messaging.providers.smpp import Smpp
from bawaba.infrastructure.messaging.providers.smpp_link import parse
from bawaba.infrastructure.messaging.rendering import Letter
from tests.people import salem

LETTER = Letter(
    reference="7f6f0a52-0000-4000-8000-000000000003",
    channel=Channel.SMS,
    kind=Kind.MOBILE_CODE,
    address=salem.mobile,
    language="ar",
    text="رمز تحقق الجوال: 481516\nصالح 10 دقائق. لا تشاركه مع أحد.",
)


class Provider(threading.Thread):
    """The independent provider: accepts or rejects as `status` says, and reports each message if `reports` is set."""

    def __init__(self, *, status: int = 0, report: bytes = b"") -> None:
        super().__init__(daemon=True)
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.status = status
        self.report = report
        self.taken: list[smpp34.SubmitSmEvent] = []
        self.ready = threading.Event()
        self.loop = asyncio.new_event_loop()

    def run(self) -> None:
        self.loop.run_until_complete(self._serve())
        self.loop.close()

    async def _serve(self) -> None:
        server = smpp34.Server(host="127.0.0.1", port=self.port, system_id="provider")
        await server.start()
        self.ready.set()
        sessions: dict[str, smpp34.Esme] = {}
        self.stopped = asyncio.Event()
        ending = asyncio.ensure_future(self.stopped.wait())
        while not ending.done():
            next_one = asyncio.ensure_future(server.next())
            await asyncio.wait({next_one, ending}, return_when=asyncio.FIRST_COMPLETED)
            if not next_one.done():
                next_one.cancel()
                break
            event = next_one.result()
            if isinstance(event, smpp34.Esme):
                sessions[event.session_id] = event
            elif isinstance(event, smpp34.SubmitSmEvent):
                await self._answer(event, sessions[event.session_id])
        await server.stop()

    async def _answer(self, event: smpp34.SubmitSmEvent, esme: smpp34.Esme) -> None:
        self.taken.append(event)
        if self.status:
            event.reject(self.status)
            return
        event.accept(f"m-{len(self.taken)}")
        if self.report:
            text = b"id:m-%d sub:001 dlvrd:001 stat:%s err:000" % (len(self.taken), self.report)
            await esme.deliver_sm(
                source_addr=event.destination_addr,
                destination_addr=event.source_addr,
                esm_class=0x04,
                short_message=text,
            )

    def stop(self) -> None:
        self.loop.call_soon_threadsafe(self.stopped.set)
        self.join(5)


@contextmanager
def provider(*, status: int = 0, report: bytes = b"") -> Iterator[Provider]:
    one = Provider(status=status, report=report)
    one.start()
    assert one.ready.wait(5)
    try:
        yield one
    finally:
        one.stop()


@contextmanager
def bound(port: int) -> Iterator[Smpp]:
    url = f"smpp://portal:secret@127.0.0.1:{port}"
    carrier = Smpp(dataclasses.replace(settings.BAWABA, sms_smpp_url=url, sms_sender="PORTAL"))
    try:
        yield carrier
    finally:
        carrier.close()


def eventually(look: Callable[[], list[Receipt]]) -> list[Receipt]:
    until = time.monotonic() + 5
    while time.monotonic() < until:
        if found := look():
            return found
    return []


def test_a_message_is_taken_by_an_independent_provider() -> None:
    with provider() as one, bound(one.port) as carrier:
        assert carrier.send(LETTER) == Accepted(reference="m-1")
        assert carrier.send(dataclasses.replace(LETTER, text="Mobile code: 481516")) == Accepted(reference="m-2")
    arabic, english = one.taken
    assert arabic.short_message.decode("utf-16-be") == LETTER.text
    assert (arabic.data_coding, english.data_coding) == (8, 0)
    assert arabic.destination_addr == salem.mobile.removeprefix("+")
    assert (arabic.source_addr, arabic.source_addr_ton, arabic.dest_addr_ton) == ("PORTAL", 5, 1)
    assert arabic.registered_delivery == 1
    assert english.short_message == b"Mobile code: 481516"


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (0x0B, Refused(Reason.NUMBER_REFUSED)),
        (0x58, Busy(Reason.THROTTLED)),
        (0x14, Busy(Reason.THROTTLED)),
        (0x08, Busy(Reason.PROVIDER_ERROR)),
        (0x0A, Busy(Reason.SENDER, stays_off=True)),
    ],
)
def test_a_refusal_is_understood(status: int, outcome: Outcome) -> None:
    with provider(status=status) as one, bound(one.port) as carrier:
        assert carrier.send(LETTER) == outcome


@pytest.mark.parametrize(("word", "delivered"), [(b"DELIVRD", True), (b"UNDELIV", False), (b"EXPIRED", False)])
def test_a_report_comes_back(word: bytes, delivered: bool) -> None:
    with provider(report=word) as one, bound(one.port) as carrier:
        carrier.send(LETTER)
        assert eventually(carrier.receipts) == [Receipt("m-1", delivered)]


def test_many_threads_share_one_bind() -> None:
    outcomes: list[Outcome] = []
    with provider() as one, bound(one.port) as carrier:
        threads = [threading.Thread(target=lambda: outcomes.append(carrier.send(LETTER))) for _ in range(30)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert {outcome.reference for outcome in outcomes if isinstance(outcome, Accepted)} == {
        f"m-{number}" for number in range(1, 31)
    }


def parcel(command: int, sequence: int, *, status: int = 0, body: bytes = b"") -> bytes:
    return struct.pack(">LLLL", 16 + len(body), command, status, sequence) + body


@contextmanager
def byte_by_byte(script: Callable[[socket.socket], None]) -> Iterator[int]:
    """A provider for one client, which binds with sequence 2 and submits from sequence 3 on."""
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(5)

    def serve() -> None:
        link, _ = listener.accept()
        with link:
            link.settimeout(5)
            script(link)

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        thread.join(5)
        listener.close()


def heard(link: socket.socket) -> tuple[int, int]:
    """Command and sequence of the next parcel."""
    length, command, _, sequence = struct.unpack(">LLLL", link.recv(16, socket.MSG_WAITALL))
    link.recv(length - 16, socket.MSG_WAITALL)
    return command, sequence


def accept_bind(link: socket.socket) -> None:
    _, sequence = heard(link)
    link.sendall(parcel(0x80000009, sequence, body=b"provider\0"))


def test_a_link_cut_after_submitting_is_unknown() -> None:
    def script(link: socket.socket) -> None:
        accept_bind(link)
        heard(link)

    with byte_by_byte(script) as port, bound(port) as carrier:
        assert carrier.send(LETTER) == Unknown()


def test_a_refused_bind_is_ours_to_mend() -> None:
    def script(link: socket.socket) -> None:
        _, sequence = heard(link)
        link.sendall(parcel(0x80000009, sequence, status=0x0E))

    with byte_by_byte(script) as port, bound(port) as carrier:
        assert carrier.send(LETTER) == Busy(Reason.SIGN_IN, stays_off=True)


def test_an_answer_in_pieces_and_a_question_in_between_are_understood() -> None:
    answered: list[tuple[int, int]] = []

    def script(link: socket.socket) -> None:
        accept_bind(link)
        _, sequence = heard(link)
        link.sendall(parcel(0x15, 77))
        answered.append(heard(link))
        for byte in parcel(0x80000004, sequence, body=b"m-9\0"):
            link.sendall(bytes([byte]))
        heard(link)

    with byte_by_byte(script) as port, bound(port) as carrier:
        assert carrier.send(LETTER) == Accepted(reference="m-9")
    assert answered == [(0x80000015, 77)]


@pytest.mark.parametrize("nonsense", [b"HTTP/1.1 400 Bad Request\r\n\r\n", struct.pack(">L", 2**31), b"\0" * 64])
def test_what_is_no_smpp_ends_the_link(nonsense: bytes) -> None:
    def script(link: socket.socket) -> None:
        accept_bind(link)
        heard(link)
        link.sendall(nonsense)
        link.recv(1)

    with byte_by_byte(script) as port, bound(port) as carrier:
        assert carrier.send(LETTER) == Unknown()


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with bound(port) as carrier:
        assert carrier.send(LETTER) == Busy(Reason.NO_CONNECTION)


def test_a_provider_that_never_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(smpp, "TOTAL_SECONDS", 0.4)
    done = threading.Event()

    def script(link: socket.socket) -> None:
        accept_bind(link)
        done.wait(5)

    with byte_by_byte(script) as port, bound(port) as carrier:
        assert carrier.send(LETTER) == Unknown()
        done.set()


def test_a_text_of_two_segments_is_our_fault() -> None:
    with bound(1) as carrier:
        assert carrier.send(dataclasses.replace(LETTER, text="ن" * 71)) == Broken()


@pytest.mark.parametrize("url", ["", "http://host", "smpp://host", "smpp://user:p@host:port"])
def test_a_setting_that_is_no_provider_stops_the_start(url: str) -> None:
    with pytest.raises(UnclearSetting):
        parse(url)
