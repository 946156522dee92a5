"""Which providers the settings name for each channel, in their order."""

from collections.abc import Sequence
from dataclasses import dataclass

from bawaba.configuration import Configuration, UnclearSetting
from bawaba.infrastructure.messaging.kinds import Channel
from bawaba.infrastructure.messaging.providers import inbox
from bawaba.infrastructure.messaging.providers.carrier import Carrier
from bawaba.infrastructure.messaging.providers.email import Email
from bawaba.infrastructure.messaging.providers.smtp import parse


@dataclass(frozen=True)
class Route:
    """A channel with its providers and the number of its sending threads."""

    channel: Channel
    carriers: Sequence[Carrier]
    threads: int


def routes(portal: Configuration) -> list[Route]:
    """The routes of an installation. Raises `UnclearSetting` for a provider that cannot be set up."""
    return [
        Route(Channel.EMAIL, [_email(portal, url) for url in portal.mail_route], portal.courier_email_threads),
        Route(Channel.SMS, [_sms(portal, name) for name in portal.sms_route], portal.courier_sms_threads),
    ]


def _email(portal: Configuration, url: str) -> Carrier:
    if url == "inbox:":
        return _demo_inbox(portal, "BAWABA_EMAIL_URL")
    server = parse(url)
    if "@" not in portal.email_from:
        raise UnclearSetting("BAWABA_EMAIL_FROM", "is needed: the address that mails come from")
    return Email(server, portal)


def _sms(portal: Configuration, name: str) -> Carrier:
    if name == "inbox":
        return _demo_inbox(portal, "BAWABA_SMS_PROVIDERS")
    raise UnclearSetting("BAWABA_SMS_PROVIDERS", "names a provider that does not exist")


def _demo_inbox(portal: Configuration, name: str) -> Carrier:
    if not portal.demo:
        raise UnclearSetting(name, "the inbox is for demo mode only")
    return inbox.Inbox()
