"""What the SMS providers have in common: how an HTTP answer counts before its text is read."""

from collections.abc import Callable
from datetime import timedelta

from bawaba.infrastructure.messaging.providers.outcome import Busy, Outcome, Reason, Unknown
from bawaba.infrastructure.messaging.providers.web_call import NoAnswer, NotSent, Reply

LONGEST_WAIT_SECONDS = 600
THROTTLED = 429
SIGN_IN = (401, 403, 407)


def outcome_of(call: Callable[[], Reply], read: Callable[[Reply], Outcome | None]) -> Outcome:
    """Makes the call. `read` understands the answer's text, or gives None and leaves the judgement to the status."""
    try:
        reply = call()
    except NotSent as failure:
        return Busy(failure.reason)
    except NoAnswer:
        return Unknown()
    return read(reply) or _by_status(reply)


def digits(number: str) -> str:
    """A number in E.164 form without the plus, as most gateways want it."""
    return number.removeprefix("+")


def _by_status(reply: Reply) -> Outcome:
    if reply.status == THROTTLED:
        return Busy(Reason.THROTTLED, after=_wait(reply.retry_after))
    if reply.status in SIGN_IN:
        return Busy(Reason.SIGN_IN, stays_off=True)
    if 300 <= reply.status < 400:
        return Busy(Reason.CONFIGURATION)
    if reply.status >= 400:
        return Busy(Reason.PROVIDER_ERROR)
    return Unknown()  # "all is well" with a text that says nothing: it may have been sent


def _wait(text: str) -> timedelta | None:
    seconds = int(text) if text.isascii() and text.isdigit() else 0
    return timedelta(seconds=min(seconds, LONGEST_WAIT_SECONDS)) if seconds else None
