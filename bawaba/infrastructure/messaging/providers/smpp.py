"""SMPP 3.4, for operators without an HTTP gateway. One bind for each courier.

One thread owns the link: it submits, reads and answers; the sending threads wait for the answer to their own sequence
number. A link that is lost leaves what was submitted unknown and what was not as busy.
"""

import re
import ssl
import time
from collections import deque
from queue import Empty, SimpleQueue
from threading import Event, Lock, Thread
from typing import Any

from smpplib import consts, exceptions, gsm

from bawaba.configuration import Configuration
from bawaba.infrastructure.messaging.providers.carrier import Carrier, Receipt
from bawaba.infrastructure.messaging.providers.outcome import Accepted, Broken, Busy, Outcome, Reason, Refused, Unknown
from bawaba.infrastructure.messaging.providers.smpp_link import Lost, SmppLink, parse
from bawaba.infrastructure.messaging.providers.sms import digits
from bawaba.infrastructure.messaging.rendering import Letter
from bawaba.infrastructure.messaging.wake import Bell

WINDOW = 10
TOTAL_SECONDS = 28.0
ENQUIRE_SECONDS = 30.0
LONGEST_PAUSE = 30.0
DELIVERED = 2
FAILED_STATES = frozenset({3, 5, 8})  # expired, undeliverable, rejected
RECEIPT = re.compile(rb"id:(\S+).*?stat:([A-Z]+)", re.DOTALL)
FAILED_WORDS = frozenset({b"EXPIRED", b"UNDELIV", b"REJECTD"})

MEANING: dict[int, Outcome] = {
    consts.SMPP_ESME_RINVDSTADR: Refused(Reason.NUMBER_REFUSED),
    consts.SMPP_ESME_RTHROTTLED: Busy(Reason.THROTTLED),
    consts.SMPP_ESME_RMSGQFUL: Busy(Reason.THROTTLED),
    consts.SMPP_ESME_RINVSRCADR: Busy(Reason.SENDER, stays_off=True),
}
REFUSED_BINDS = frozenset({consts.SMPP_ESME_RBINDFAIL, consts.SMPP_ESME_RINVPASWD, consts.SMPP_ESME_RINVSYSID})


class Submission:
    """One letter on its way: `sent` once its bytes have left, `outcome` once the answer is there."""

    def __init__(self, letter: Letter) -> None:
        self.letter = letter
        self.sent = False
        self.outcome: Outcome | None = None
        self._done = Event()

    def settle(self, outcome: Outcome) -> None:
        self.outcome = outcome
        self._done.set()

    def wait(self) -> Outcome:
        if self._done.wait(TOTAL_SECONDS) and self.outcome is not None:
            return self.outcome
        return Unknown() if self.sent else Busy(Reason.TIMED_OUT)


class Smpp(Carrier):
    name = "smpp"

    def __init__(self, portal: Configuration, context: ssl.SSLContext | None = None) -> None:
        self._server = parse(portal.sms_smpp_url)
        self._context = context or ssl.create_default_context()
        self._sender = portal.sms_sender
        self._waiting: deque[Submission] = deque()
        self._in_flight: dict[int, Submission] = {}
        self._receipts: SimpleQueue[Receipt] = SimpleQueue()
        self._bell = Bell()
        self._lock = Lock()
        self._thread: Thread | None = None
        self._closing = False

    def send(self, letter: Letter) -> Outcome:
        try:
            parts, _, _ = gsm.make_parts(letter.text)
        except exceptions.MessageTooLong:
            return Broken()
        if len(parts) != 1:
            return Broken()
        submission = Submission(letter)
        self._waiting.append(submission)
        self._ensure_thread()
        self._bell.ring()
        return submission.wait()

    def receipts(self) -> list[Receipt]:
        received: list[Receipt] = []
        while True:
            try:
                received.append(self._receipts.get_nowait())
            except Empty:
                return received

    def close(self) -> None:
        self._closing = True
        self._bell.ring()
        if self._thread is not None:
            self._thread.join(1)

    def _ensure_thread(self) -> None:
        with self._lock:
            if self._thread is None:
                self._thread = Thread(target=self._run, daemon=True, name="smpp")
                self._thread.start()

    def _run(self) -> None:
        pause = 1.0
        while not self._closing:
            link = SmppLink(self._server, self._context)
            try:
                status = link.bind()
                if status:
                    self._settle_waiting(_of_bind(status))
                else:
                    pause = 1.0
                    self._serve(link)
            except ssl.SSLError:
                self._settle_waiting(Busy(Reason.NO_TLS))
            except Lost:
                self._settle_waiting(Busy(Reason.NO_CONNECTION))
            finally:
                link.close()
                self._forget_in_flight()
            self._rest(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
        self._settle_waiting(Busy(Reason.NO_CONNECTION))

    def _serve(self, link: SmppLink) -> None:
        """Submits and reads until the link is lost or the courier stops. Raises `Lost`."""
        asked_at = heard_at = time.monotonic()
        while not self._closing:
            while self._waiting and len(self._in_flight) < WINDOW:
                self._submit(link, self._waiting.popleft())
            link.wait(self._bell, 1.0)
            for pdu in link.read():
                heard_at = time.monotonic()
                self._handle(link, pdu)
            now = time.monotonic()
            if now - heard_at > 2 * ENQUIRE_SECONDS:
                raise Lost
            if now - max(asked_at, heard_at) > ENQUIRE_SECONDS:
                link.enquire()
                asked_at = now
        link.unbind()

    def _submit(self, link: SmppLink, submission: Submission) -> None:
        parts, coding, esm_class = gsm.make_parts(submission.letter.text)
        pdu = link.submission(
            source=self._sender, number=digits(submission.letter.address), text=parts[0], coding=coding, esm=esm_class
        )
        self._in_flight[pdu.sequence] = submission
        submission.sent = True
        link.send(pdu)

    def _handle(self, link: SmppLink, pdu: Any) -> None:
        if pdu.command == "submit_sm_resp":
            submission = self._in_flight.pop(pdu.sequence, None)
            if submission is not None:
                submission.settle(_of_submission(pdu))
        elif pdu.command == "generic_nack":
            submission = self._in_flight.pop(pdu.sequence, None)
            if submission is not None:
                submission.settle(Busy(Reason.PROVIDER_ERROR))
        elif pdu.command == "deliver_sm":
            link.answer(pdu, "deliver_sm_resp")
            receipt = read_receipt(pdu)
            if receipt is not None:
                self._receipts.put(receipt)
        elif pdu.command == "enquire_link":
            link.answer(pdu, "enquire_link_resp")
        elif pdu.command == "unbind":
            link.answer(pdu, "unbind_resp")
            raise Lost

    def _settle_waiting(self, outcome: Outcome) -> None:
        while self._waiting:
            self._waiting.popleft().settle(outcome)

    def _forget_in_flight(self) -> None:
        for submission in self._in_flight.values():
            submission.settle(Unknown())
        self._in_flight.clear()

    def _rest(self, seconds: float) -> None:
        """Waits before the next bind; what is handed in meanwhile is told at once that there is no link."""
        until = time.monotonic() + seconds
        while not self._closing and time.monotonic() < until:
            self._settle_waiting(Busy(Reason.NO_CONNECTION))
            self._bell.wait_for(until - time.monotonic())


def read_receipt(pdu: Any) -> Receipt | None:
    """The report in a delivery receipt: its optional parameters, or else the text that SMPP only recommends."""
    state, reference = getattr(pdu, "message_state", None), getattr(pdu, "receipted_message_id", None)
    if state is not None and reference:
        told = {DELIVERED: True} | dict.fromkeys(FAILED_STATES, False)
        return Receipt(_text(reference), told[state]) if state in told else None
    found = RECEIPT.search(pdu.short_message or b"")
    if found is None or (found[2] != b"DELIVRD" and found[2] not in FAILED_WORDS):
        return None
    return Receipt(_text(found[1]), found[2] == b"DELIVRD")


def _of_submission(pdu: Any) -> Outcome:
    if pdu.status == consts.SMPP_ESME_ROK:
        return Accepted(reference=_text(getattr(pdu, "message_id", b"") or b"")[:120])
    return MEANING.get(pdu.status, Busy(Reason.PROVIDER_ERROR))


def _of_bind(status: int) -> Outcome:
    return Busy(Reason.SIGN_IN, stays_off=True) if status in REFUSED_BINDS else Busy(Reason.PROVIDER_ERROR)


def _text(value: bytes | str) -> str:
    return value.decode("ascii", errors="replace") if isinstance(value, bytes) else value
