"""Whether messages can leave: mail, SMS, the courier, and how near last week came to the limits of the site."""

import socket
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Count
from django.db.models.functions import TruncDay, TruncHour

from bawaba.configuration import UnclearSetting
from bawaba.infrastructure import clock
from bawaba.infrastructure.limits.table import SEND_EMAIL_SITE, SEND_SMS_SITE
from bawaba.infrastructure.messaging.kinds import Channel
from bawaba.infrastructure.messaging.models import Heartbeat, Message
from bawaba.infrastructure.messaging.routes import route
from bawaba.infrastructure.readiness.finding import Finding, amber, green, red

PORTS = {"smtp": 587, "smtps": 465, "smtp+plain": 25}
SECONDS_TO_CONNECT = 5
LONGEST_SILENCE = timedelta(seconds=30)
WEEK = timedelta(days=7)
NEAR = 0.8


def mail() -> Finding:
    ours = settings.BAWABA
    if not ours.mail_route:
        return red("no mail server is set, so nobody can register: set BAWABA_EMAIL_URL")
    try:
        route(ours, Channel.EMAIL)
    except UnclearSetting as error:
        return red(str(error))
    if ours.mail_route == ("inbox",):
        return amber("messages go to the inbox of the demo only")
    silent = [place for place in map(_place, ours.mail_route) if place and not _answers(place)]
    if silent:
        return red("no answer from " + ", ".join(f"{host}:{port}" for host, port in silent))
    return green("every mail server answers; bawaba check --mail ADDRESS sends a real one")


def sms() -> Finding:
    ours = settings.BAWABA
    try:
        route(ours, Channel.SMS)
    except UnclearSetting as error:
        return red(str(error))
    if ours.sms_route:
        return green(", ".join(ours.sms_route))
    if ours.mobile_proof == "required":
        return red("BAWABA_MOBILE_PROOF is required and no SMS provider is set: nobody can register")
    return green("none set; the portal works without, and mobiles stay unproven")


def courier() -> Finding:
    alive = Heartbeat.objects.filter(at__gt=clock.now() - LONGEST_SILENCE).count()
    return green(f"{alive} at work") if alive else amber("none at work: messages wait and the register is not sealed")


def sending_limits() -> Finding:
    """The site's limits against last week's busiest hour and day."""
    near = [
        f"{limit.name} is {limit.windows[0].most} and last week's peak was {peak}"
        for limit, peak in (
            (SEND_EMAIL_SITE, _peak(Channel.EMAIL, TruncHour("created_at"))),
            (SEND_SMS_SITE, _peak(Channel.SMS, TruncDay("created_at"))),
        )
        if peak > limit.windows[0].most * NEAR
    ]
    return amber("; ".join(near)) if near else green("far above last week's peak")


def _peak(channel: Channel, period: TruncHour | TruncDay) -> int:
    rows = Message.objects.filter(channel=channel, created_at__gt=clock.now() - WEEK)
    counted = rows.annotate(period=period).values("period").annotate(n=Count("id")).order_by("-n")
    return next(iter(counted.values_list("n", flat=True)[:1]), 0)


def _place(address: str) -> tuple[str, int] | None:
    """Host and port of a mail server; None for the demo's inbox."""
    url = urlsplit(address)
    return (url.hostname, url.port or PORTS[url.scheme]) if url.hostname else None


def _answers(place: tuple[str, int]) -> bool:
    try:
        socket.create_connection(place, timeout=SECONDS_TO_CONNECT).close()
    except OSError:
        return False
    return True
