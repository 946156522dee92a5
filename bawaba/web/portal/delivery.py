"""What is known about a message, in words: queued, handed over at 12:03, refused and why. Never more than is known."""

from dataclasses import dataclass
from uuid import UUID

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from bawaba.infrastructure.messaging import outbox
from bawaba.infrastructure.messaging.kinds import Channel
from bawaba.infrastructure.messaging.models import Report, State
from bawaba.infrastructure.messaging.outbox import DeliveryStatus
from bawaba.infrastructure.messaging.providers.outcome import Reason
from bawaba.web.ui import values


@dataclass(frozen=True)
class Line:
    """`look` is the class of the status line: "ok", "bad" or empty for what is still on its way."""

    look: str
    text: str | SafeString


def line(challenge: UUID | None) -> Line | None:
    """The line for the newest message of a challenge; None before there is one."""
    status = outbox.status(challenge) if challenge else None
    if status is None:
        return None
    return _email_line(status) if status.channel is Channel.EMAIL else _sms_line(status)


def _email_line(status: DeliveryStatus) -> Line:
    if status.report == Report.FAILED:
        return Line("bad", _("The mail server reported later that the message could not be delivered."))
    if status.state == State.HANDED_OVER:
        return Line(
            "ok", format_html(_("We handed the message to the mail server at {time}."), time=values.time(status.at))
        )
    if status.state == State.REFUSED:
        return Line("bad", _("The mail server refused the message: {reason}").format(reason=_reason(status)))
    if status.state in {State.DEAD, State.EXPIRED}:
        return Line("bad", _("The message could not be delivered in time. Ask for the code again."))
    return Line("", _("The message is on its way to the mail server."))


def _sms_line(status: DeliveryStatus) -> Line:
    time = values.time(status.at)
    if status.report == Report.DELIVERED:
        return Line("ok", format_html(_("The text message was delivered at {time}."), time=time))
    if status.report == Report.FAILED:
        return Line("bad", _("The message provider reported that the text message could not be delivered."))
    if status.state == State.HANDED_OVER:
        words = _("The message provider took our message at {time} and has not confirmed its arrival yet.")
        return Line("", format_html(words, time=time))
    if status.state == State.REFUSED:
        return Line("bad", _("The message provider refused the message: {reason}").format(reason=_reason(status)))
    if status.state in {State.DEAD, State.EXPIRED}:
        return Line("bad", _("The text message could not be delivered in time. Ask for the code again."))
    if status.reason == Reason.SITE_CAP:
        return Line("bad", _("Text messages are not available now. The code in your e-mail is enough to activate."))
    return Line("", _("The text message is on its way to the message provider."))


def _reason(status: DeliveryStatus) -> str:
    if status.reason == Reason.ADDRESS_REFUSED:
        return _("it does not accept mail for this address.")
    if status.reason in {Reason.NUMBER_REFUSED, Reason.NUMBER_NOT_ALLOWED}:
        return _("it does not accept messages for this number.")
    return _("it did not accept the message.")
