"""What the courier decides about each message: whether it may still go, with whom, and what its outcome means."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bawaba.infrastructure import clock
from bawaba.infrastructure.audit.events import EventType
from bawaba.infrastructure.audit.log import record
from bawaba.infrastructure.codes.models import Challenge
from bawaba.infrastructure.limits import counter
from bawaba.infrastructure.limits.table import SEND_EMAIL_SITE, SEND_SMS_SITE, SITE
from bawaba.infrastructure.messaging import breaker, enclosed, lease, numbers
from bawaba.infrastructure.messaging.kinds import Channel, Kind
from bawaba.infrastructure.messaging.models import Message, Provider, State
from bawaba.infrastructure.messaging.providers import inbox
from bawaba.infrastructure.messaging.providers.carrier import Carrier
from bawaba.infrastructure.messaging.providers.outcome import (
    TO_MEND,
    Accepted,
    Broken,
    Busy,
    Outcome,
    Reason,
    Refused,
    Unknown,
)
from bawaba.infrastructure.messaging.rendering import Letter, render
from bawaba.infrastructure.messaging.routes import Route
from bawaba.infrastructure.messaging.shared_clock import SharedClock

CODE_MARGIN = timedelta(minutes=1)
BUSY_SECONDS = (2, 4, 8, 16, 30)
UNKNOWN_SECONDS = (5, 30, 120, 300, 600)
SENDS_UNKNOWN = {Channel.EMAIL: 6, Channel.SMS: 2}
LAPSES = 6
SITE_CAPS = {Channel.EMAIL: SEND_EMAIL_SITE, Channel.SMS: SEND_SMS_SITE}

log = structlog.get_logger()
_chance = secrets.SystemRandom()


@dataclass(frozen=True)
class Pending:
    """A claimed message that may go, with the provider that will carry it and the challenge behind its code."""

    message: Message
    carrier: Carrier
    challenge: Challenge | None


@dataclass(frozen=True)
class Task:
    """What a sending thread is given: plain values, nothing of the database behind them."""

    message: Message
    carrier: Carrier
    letter: Letter


@dataclass(frozen=True)
class Result:
    message: Message
    provider: str
    outcome: Outcome


class Dispatch:
    """The rules of one courier, `owner`."""

    def __init__(
        self, owner: str, routes: Sequence[Route], shared: SharedClock, *, lease_time: timedelta | None = None
    ) -> None:
        self.owner = owner
        self.now = shared.now
        self._lease = lease_time or lease.LEASE
        self._carriers = {route.channel: route.carriers for route in routes}
        self._providers: dict[str, Provider] = {}

    def claim(self, channel: Channel, count: int) -> tuple[int, list[Pending]]:
        """Takes up to `count` due messages and ends those that may not go. How many it took, and those that go."""
        now = self.now()
        messages = lease.claim(channel, owner=self.owner, count=count, now=now, lease_time=self._lease)
        if not messages:
            return 0, []
        self._providers = Provider.objects.in_bulk()
        challenges = Challenge.objects.in_bulk([message.challenge for message in messages if message.challenge])
        pending: list[Pending] = []
        for message in messages:
            challenge = challenges.get(message.challenge) if message.challenge else None
            verdict = _verdict(message, challenge, now)
            if message.unknowns >= LAPSES:
                self._give_up(message, Reason.GAVE_UP)
            elif verdict is not None:
                lease.end(message, verdict[0], now=now, reason=verdict[1])
            elif (carrier := self._carrier(message, now)) is not None:
                pending.append(Pending(message, carrier, challenge))
        return len(messages), pending

    def prepare(self, pending: Pending) -> Task | Result:
        """Derives the code and renders. A text that cannot be made is a result of its own."""
        message, carrier = pending.message, pending.carrier
        if carrier.name == inbox.NAME and (told := inbox.obey(Channel(message.channel))) is not None:
            return Result(message, carrier.name, told)
        try:
            letter = render(message, code=enclosed.code(message, pending.challenge), now=self.now())
        except Exception as problem:  # a faulty text ends its own message, never the loop
            log.error("message.text_failed", kind=message.kind, error=type(problem).__name__)
            return Result(message, "", Broken(Reason.TEXT_FAILED))
        return Task(message, carrier, letter)

    def record(self, results: Sequence[Result]) -> None:
        """Writes down what became of messages. Nothing changes where the lease was lost."""
        taken = [
            (one.message, one.provider, one.outcome.reference) for one in results if isinstance(one.outcome, Accepted)
        ]
        lease.hand_over(taken, now=self.now())
        for result in results:
            self._record(result)
            self._judge(result)

    def _record(self, result: Result) -> None:
        message, outcome, now = result.message, result.outcome, self.now()
        match outcome:
            case Refused(reason):
                lease.end(message, State.REFUSED, now=now, reason=reason, provider=result.provider)
            case Busy():
                self._put_back(message, outcome.reason, result.provider, after=outcome.after)
            case Unknown(reason):
                self._repeat(message, reason, result.provider)
            case Broken(reason):
                self._give_up(message, reason, result.provider)

    def _carrier(self, message: Message, now: datetime) -> Carrier | None:
        """Who carries it; None when it has to wait, which is then written down."""
        channel = Channel(message.channel)
        carriers = self._carriers[channel]
        turn = message.turn + message.attempts - 1
        carrier = breaker.choose(carriers, turn=turn, now=now, rows=self._providers)
        if carrier is None:
            opens = breaker.opens_at(carriers, self._providers)
            self._put_back(message, Reason.NO_PROVIDER, after=opens - now if opens else None)
            return None
        if _is_paid(message):
            return carrier
        try:
            counter.spend(SITE_CAPS[channel], SITE)
        except counter.LimitReached as reached:
            log.error("message.site_cap", channel=channel)
            self._put_back(message, Reason.SITE_CAP, after=reached.until - clock.now())
            return None
        return carrier

    def _put_back(
        self, message: Message, reason: Reason, provider: str = "", *, after: timedelta | None = None
    ) -> None:
        seconds = BUSY_SECONDS[min(message.attempts, len(BUSY_SECONDS)) - 1] * _chance.uniform(0.8, 1.2)
        wait = timedelta(seconds=seconds) if after is None else max(after, timedelta(seconds=1))
        lease.put_back(message, due_at=self.now() + wait, reason=reason, provider=provider)

    def _repeat(self, message: Message, reason: Reason, provider: str) -> None:
        """After a lost answer: again with the same identity and code, but not for ever."""
        sends = message.unknowns + 1
        if sends >= SENDS_UNKNOWN[Channel(message.channel)]:
            self._give_up(message, reason, provider)
            return
        wait = timedelta(seconds=UNKNOWN_SECONDS[sends - 1])
        lease.put_back(message, due_at=self.now() + wait, reason=reason, provider=provider, unknown=True)

    def _give_up(self, message: Message, reason: Reason, provider: str = "") -> None:
        """No repetition helps any more. The register knows it, and an officer may send it anew."""
        if not lease.end(message, State.DEAD, now=self.now(), reason=reason, provider=provider):
            return
        kind = message.kind if message.kind in set(Kind) else "unknown"  # that of a newer version
        record(EventType.MESSAGE_DEAD, subject=str(message.id), kind=kind, channel=message.channel, reason=reason)

    def _judge(self, result: Result) -> None:
        """What the outcome says about the provider."""
        if not result.provider:
            return
        if breaker.failed(result.outcome):
            reason = result.outcome.reason if isinstance(result.outcome, Busy | Unknown) else ""
            (log.error if reason in TO_MEND else log.warning)(
                "provider.failed", provider=result.provider, reason=reason
            )
            breaker.count_failure(result.provider, result.outcome, now=self.now())
            return
        row = self._providers.get(result.provider)
        if row is not None and (row.failures or row.paused_until) and breaker.clear(result.provider):
            log.info("provider.back", provider=result.provider)
            lease.hasten(Channel(result.message.channel), now=self.now())


def _verdict(message: Message, challenge: Challenge | None, now: datetime) -> tuple[State, Reason | None] | None:
    """The final state of a claimed message that may not be sent any more; None when it may."""
    has_code = enclosed.has_code(message)
    if message.expires_at <= now + (CODE_MARGIN if has_code else timedelta()):
        return State.EXPIRED, None
    if message.channel == Channel.SMS and not numbers.allowed(message.address):
        return State.REFUSED, Reason.NUMBER_NOT_ALLOWED
    if has_code and not enclosed.is_current(message, challenge):
        return State.SUPERSEDED, None
    return None


def _is_paid(message: Message) -> bool:
    """Whether the site's cap has counted this call already: the first send of a challenge, when it was asked for."""
    return message.challenge is not None and message.attempts == 1
