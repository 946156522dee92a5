"""How the pages show values: isolated so that no neighbour turns them round, in Western digits, in Kuwait's time."""

import datetime
import math
import re

from django.utils import timezone
from django.utils.dateformat import format as formatted
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from bawaba.infrastructure import clock

UNBROKEN = "\N{NO-BREAK SPACE}"  # inside numbers and dates: they must never break
TWO_HOURS = 120  # minutes


def ltr(value: object) -> SafeString:
    """A number, address or code, which reads from left to right on every page."""
    return format_html('<bdi dir="ltr">{}</bdi>', value)


def address(email: object) -> SafeString:
    """The same for an e-mail, which a narrow column may break before the @ and before each dot, and nowhere else."""
    first, *rest = re.split(r"(?=[@.])", str(email))
    return format_html('<bdi dir="ltr">{}{}</bdi>', first, format_html_join("", "<wbr>{}", ((each,) for each in rest)))


def person(name: object) -> SafeString:
    """A person's or company's name, in whichever script it is written."""
    return format_html("<bdi>{}</bdi>", name)


def day(moment: datetime.datetime | datetime.date) -> str:
    """21 July 2019 · 21 يوليو 2019, never broken over two lines."""
    local = timezone.localtime(moment) if isinstance(moment, datetime.datetime) else moment
    return formatted(local, "j F Y").replace(" ", UNBROKEN)


def time(moment: datetime.datetime) -> SafeString:
    """09:14, on a clock of 24 hours."""
    return ltr(formatted(timezone.localtime(moment), "H:i"))


def day_and_time(moment: datetime.datetime) -> SafeString:
    return format_html(gettext("{day}, {time}"), day=day(moment), time=time(moment))


def soon(moment: datetime.datetime) -> SafeString:
    """The time alone if it falls on today's date, else with its day."""
    today = timezone.localdate(clock.now())
    return time(moment) if timezone.localdate(moment) == today else day_and_time(moment)


def minutes(count: int) -> str:
    """A number of minutes as it stands after "in" and بعد; from two hours on in hours, rounded up."""
    if count < 1:
        return gettext("less than a minute")
    if count >= TWO_HOURS:
        hours = math.ceil(count / 60)
        return ngettext("{n} hour", "{n} hours", hours).format(n=hours)
    return ngettext("{n} minute", "{n} minutes", count).format(n=count)


def seconds_until(moment: datetime.datetime | None) -> int:
    """Whole seconds from now, rounded up; none for no moment or one that has passed."""
    return max(0, math.ceil((moment - clock.now()).total_seconds())) if moment else 0


def minutes_until(moment: datetime.datetime) -> int:
    """Whole minutes from now, rounded up so that nobody comes back too early."""
    return max(0, math.ceil((moment - clock.now()).total_seconds() / 60))


def phone(number: str) -> SafeString:
    """+965 5001 2345, never broken at the end of a line. Other countries' numbers stay as they are."""
    kuwaiti = re.fullmatch(r"(\+965)(.{4})(.{4})", number)
    return ltr(UNBROKEN.join(kuwaiti.groups()) if kuwaiti else number)


def countdown(seconds: int) -> SafeString:
    """0:42, which the script counts down; without it the wait as it was when the page was made."""
    return format_html('<bdi dir="ltr" data-seconds="{}">{}:{}</bdi>', seconds, seconds // 60, f"{seconds % 60:02}")
