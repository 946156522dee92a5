"""Mail through one server of the settings. What an answer means is decided here; how it was said, in `smtp`."""

import smtplib
import ssl
import time
from contextlib import suppress
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from threading import Lock, local

from bawaba.configuration import Configuration
from bawaba.infrastructure import clock
from bawaba.infrastructure.messaging.providers.carrier import Carrier
from bawaba.infrastructure.messaging.providers.outcome import Accepted, Broken, Busy, Outcome, Reason, Refused, Unknown
from bawaba.infrastructure.messaging.providers.smtp import Dialogue, Flooded, NotSecured, Rejected, Server
from bawaba.infrastructure.messaging.rendering import Letter

IDLE_SECONDS = 60.0
MAILS_PER_LINK = 100
CLOSING = 421
TEXT_REFUSED = frozenset({550, 552, 553, 554})


class Email(Carrier):
    """One link for each sending thread, used again until it was idle for a minute or has carried 100 mails."""

    def __init__(self, server: Server, portal: Configuration, context: ssl.SSLContext | None = None) -> None:
        self.name = f"mail:{server.name}"[:40]
        self._server = server
        self._portal = portal
        self._context = context or ssl.create_default_context()
        self._of_thread = local()
        self._lock = Lock()
        self._open: set[Dialogue] = set()

    def send(self, letter: Letter) -> Outcome:
        try:
            text = compose(letter, self._portal).as_bytes(policy=SMTP)
        except ValueError:  # an address or a name that no header can hold
            return Broken()
        used = self._waiting_link()
        if used is not None:
            outcome = self._try(used, letter.address, text)
            if outcome is not None:
                return outcome
        return self._try(self._new_link(), letter.address, text) or Busy(Reason.NO_CONNECTION)

    def close(self) -> None:
        with self._lock:
            links = list(self._open)
        for link in links:
            link.cut()  # its thread may still be waiting on it
            self._drop(link)

    def _try(self, link: Dialogue, address: str, text: bytes) -> Outcome | None:
        """One attempt. None when a link that was used before had been closed by the server meanwhile."""
        fresh = link.sock is None
        watchdog = link.watched()
        try:
            if fresh:
                link.begin()
                self.link = link.secured_with
            link.hand_over(self._portal.email_envelope or self._portal.email_from, address, text)
            outcome: Outcome = Accepted()
        except Rejected as rejected:
            self._drop(link)
            stale = not fresh and rejected.code == CLOSING and rejected.step == "mail"
            return None if stale else _meaning(rejected)
        except (smtplib.SMTPException, OSError, ValueError) as problem:
            self._drop(link)
            stale = not fresh and not link.past_dot and not link.timed_out and not isinstance(problem, TimeoutError)
            return None if stale else _broken_off(link, problem)
        finally:
            watchdog.cancel()
        self._of_thread.used_at = time.monotonic()
        if link.sent >= MAILS_PER_LINK:
            self._drop(link)
        return outcome

    def _waiting_link(self) -> Dialogue | None:
        link: Dialogue | None = getattr(self._of_thread, "link", None)
        if link is None:
            return None
        if link.sock is None or time.monotonic() - self._of_thread.used_at > IDLE_SECONDS:
            self._drop(link)
            return None
        return link

    def _new_link(self) -> Dialogue:
        link = Dialogue(self._server, self._context, hello=_domain(self._portal.email_from))
        self._of_thread.link = link
        with self._lock:
            self._open.add(link)
        return link

    def _drop(self, link: Dialogue) -> None:
        self._of_thread.link = None
        with self._lock:
            self._open.discard(link)
        with suppress(smtplib.SMTPException, OSError):
            link.close()


def compose(letter: Letter, portal: Configuration) -> EmailMessage:
    """The mail of a letter: the text first, then the same as HTML. Its Message-ID is the same at every repetition."""
    name = portal.portal_name_ar if letter.language == "ar" else portal.portal_name_en
    user, _, domain = portal.email_from.rpartition("@")
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(name, user, domain)
    mail["To"] = letter.address
    mail["Subject"] = letter.subject
    mail["Date"] = format_datetime(clock.now())
    mail["Message-ID"] = f"<{letter.reference}@{domain}>"
    if portal.support_email:
        mail["Reply-To"] = portal.support_email
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(letter.text, cte="base64")
    mail.add_alternative(letter.html, subtype="html", cte="base64")
    mail["Content-Language"] = "ar, en"  # last: the part would take it along
    return mail


def _meaning(rejected: Rejected) -> Outcome:
    """What a clear answer means for this message. One to the sender is ours to mend."""
    permanent = rejected.code >= 500
    if rejected.code == CLOSING:
        return Busy(Reason.PROVIDER_ERROR)
    if rejected.step == "mail":
        return Busy(Reason.SENDER if permanent else Reason.PROVIDER_ERROR)
    if not permanent:
        return Busy(Reason.LATER)
    if rejected.step == "rcpt":
        return Refused(Reason.ADDRESS_REFUSED)
    return Refused(Reason.TEXT_REFUSED) if rejected.code in TEXT_REFUSED else Busy(Reason.PROVIDER_ERROR)


def _broken_off(link: Dialogue, problem: Exception) -> Outcome:
    """What a lost link means: nothing was taken before the final dot; after it nobody knows."""
    if link.past_dot:
        return Unknown()
    if link.timed_out or isinstance(problem, TimeoutError):
        return Busy(Reason.TIMED_OUT)
    if isinstance(problem, NotSecured):
        return Busy(Reason.NO_TLS)
    if isinstance(problem, smtplib.SMTPAuthenticationError):
        return Busy(Reason.SIGN_IN if problem.smtp_code >= 500 else Reason.PROVIDER_ERROR)
    if isinstance(problem, smtplib.SMTPNotSupportedError):
        return Busy(Reason.SIGN_IN)
    if isinstance(problem, smtplib.SMTPResponseException | Flooded):
        return Busy(Reason.PROVIDER_ERROR)
    return Busy(Reason.NO_CONNECTION)


def _domain(address: str) -> str:
    return address.rpartition("@")[2] or "localhost"
