"""Which providers the settings name for each channel, in their order."""

import importlib
import importlib.util
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bawaba.configuration import Configuration, UnclearSetting
from bawaba.infrastructure.messaging.kinds import Channel
from bawaba.infrastructure.messaging.providers import inbox
from bawaba.infrastructure.messaging.providers.carrier import Carrier
from bawaba.infrastructure.messaging.providers.email import Email
from bawaba.infrastructure.messaging.providers.http import Http
from bawaba.infrastructure.messaging.providers.kwtsms import KwtSms
from bawaba.infrastructure.messaging.providers.smtp import parse

EXTRAS = {"smpp": "smpplib", "apprise": "apprise"}


@dataclass(frozen=True)
class Route:
    """A channel with its providers and the number of its sending threads."""

    channel: Channel
    carriers: Sequence[Carrier]
    threads: int


def routes(portal: Configuration) -> list[Route]:
    """The routes of an installation. Raises `UnclearSetting` for a provider that cannot be set up."""
    return [route(portal, channel) for channel in Channel]


def route(portal: Configuration, channel: Channel) -> Route:
    """One of them."""
    if channel is Channel.EMAIL:
        return Route(channel, [_email(portal, url) for url in portal.mail_route], portal.courier_email_threads)
    return Route(channel, [_sms(portal, name) for name in portal.sms_route], portal.courier_sms_threads)


def _email(portal: Configuration, url: str) -> Carrier:
    if url == inbox.NAME:
        return _demo_inbox(portal, "BAWABA_EMAIL_URL")
    server = parse(url)
    if "@" not in portal.email_from:
        raise UnclearSetting("BAWABA_EMAIL_FROM", "is needed: the address that mails come from")
    return Email(server, portal)


def _sms(portal: Configuration, name: str) -> Carrier:
    match name:
        case inbox.NAME:
            return _demo_inbox(portal, "BAWABA_SMS_PROVIDERS")
        case "kwtsms":
            return KwtSms(portal)
        case "http":
            return Http(portal)
        case "smpp" | "apprise":
            return _extra(name)(portal)
    raise UnclearSetting("BAWABA_SMS_PROVIDERS", "must name inbox, kwtsms, http, smpp or apprise, separated by commas")


def _extra(name: str) -> Callable[[Configuration], Carrier]:
    """The adapter whose library is installed only where it is wanted."""
    if importlib.util.find_spec(EXTRAS[name]) is None:
        raise UnclearSetting("BAWABA_SMS_PROVIDERS", f"names {name}: install requirements/{name}.lock first")
    module = importlib.import_module(f"bawaba.infrastructure.messaging.providers.{name}")
    build: Callable[[Configuration], Carrier] = getattr(module, name.capitalize())
    return build


def _demo_inbox(portal: Configuration, name: str) -> Carrier:
    if not portal.demo:
        raise UnclearSetting(name, "the inbox is for demo mode only")
    return inbox.Inbox()
