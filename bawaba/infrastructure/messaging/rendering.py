"""From a row to the text that is sent, in the moment of sending.

A kind's folder holds `email.ar.txt` and `email.en.txt` (first line the subject, then the body) and, where it goes by
SMS, `sms.ar.txt` and `sms.en.txt`. A mail always carries both languages; its HTML part is the same text in a frame.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime
from html import escape
from pathlib import Path
from typing import Any
from unicodedata import bidirectional
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template import Context, Engine
from django.template.loader import render_to_string
from django.utils import dateformat, timezone, translation
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from bawaba.infrastructure.messaging.kinds import SHAPES, Channel, Kind
from bawaba.infrastructure.messaging.models import Message

LONGEST_VALUE = 200
EMPTY_LINES = re.compile(r"\n\s*\n\s*")
RULE = "-" * 40
# What every table and cell of a mail says about its direction: webmail drops what the outer elements say.
SIDES = {
    "ar": SafeString('dir="rtl" align="right" style="text-align:right;'),
    "en": SafeString('dir="ltr" align="left" style="text-align:left;'),
}
CODE_STYLE = "font-family:Consolas,Menlo,monospace;font-size:28px;font-weight:bold"
SEGMENT_GSM, SEGMENT_UCS2 = 160, 70
GSM = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)

_texts = Engine(dirs=[str(Path(__file__).parent / "templates" / "messaging")], autoescape=False)


@dataclass(frozen=True)
class Letter:
    """All a provider needs, as plain values. `reference` is ours and the same at every repetition."""

    reference: str
    channel: Channel
    kind: Kind
    address: str
    language: str
    text: str
    subject: str = ""
    html: str = ""


def render(message: Message, *, code: str, now: datetime) -> Letter:
    """The letter of a row. `code` is empty for kinds without one. Raises what a faulty template raises."""
    kind = Kind(message.kind)
    values = _values(message, kind, code, now)
    if message.channel == Channel.SMS:
        text = _text(kind, "sms", message.language, values)
        return _letter(message, kind, text=_with_origin_line(text, code))
    subjects: dict[str, str] = {}
    bodies: dict[str, str] = {}
    for language in SIDES:
        subjects[language], _, body = _text(kind, "email", language, values).partition("\n")
        bodies[language] = body.strip()
    subject = subjects[message.language]
    html = _html(bodies, subject, code, foreign={values[name] for name in SHAPES[kind].variables})
    return _letter(message, kind, text=_plain(bodies), subject=subject, html=html)


def fits_one_segment(text: str) -> bool:
    """Whether an SMS is charged once: 160 characters of the GSM alphabet or 70 of any other."""
    return len(text) <= (SEGMENT_GSM if set(text) <= GSM else SEGMENT_UCS2)


def _letter(message: Message, kind: Kind, *, text: str, subject: str = "", html: str = "") -> Letter:
    return Letter(
        reference=str(message.id),
        channel=Channel(message.channel),
        kind=kind,
        address=message.address,
        language=message.language,
        text=text,
        subject=subject,
        html=html,
    )


def _values(message: Message, kind: Kind, code: str, now: datetime) -> dict[str, Any]:
    portal = settings.BAWABA
    given = {name: _tame(message.variables[name]) for name in SHAPES[kind].variables}
    return {
        **given,
        "code": code,
        "until": message.expires_at,
        "minutes": whole_minutes((message.expires_at - now).total_seconds()),
        "when": message.created_at,
        "origin": portal.origin,
        "subject": message.subject,
        "support_lines": [line for line in (portal.support_email, *portal.support_phones) if line],
    }


def _tame(value: Any) -> Any:
    """A text on one line and of bounded length: what a person typed never becomes a paragraph of ours."""
    return " ".join(value.split())[:LONGEST_VALUE] if isinstance(value, str) else value


def _text(kind: Kind, form: str, language: str, values: dict[str, Any]) -> str:
    portal = settings.BAWABA
    names = {
        "portal": portal.portal_name_ar if language == "ar" else portal.portal_name_en,
        "operator": portal.operator_name_ar if language == "ar" else portal.operator_name_en,
    }
    with translation.override(language), timezone.override(ZoneInfo(settings.TIME_ZONE)):
        context = Context(values | names | _in_words(values), autoescape=False)
        text = _texts.get_template(f"{kind}/{form}.{language}.txt").render(context)
    return EMPTY_LINES.sub("\n\n", text).strip()


def whole_minutes(seconds: float) -> int:
    """Minutes left, never below one; a quarter of a minute spent on the way does not make ten into nine."""
    return max(1, int((seconds + 15) // 60))


def _in_words(values: dict[str, Any]) -> dict[str, str]:
    """Numbers with their noun, and dates, in the language that is active: in Arabic digits and dashes change places."""
    words = {"life": ngettext("%(n)d minute", "%(n)d minutes", values["minutes"]) % {"n": values["minutes"]}}
    if hours := values.get("hours"):
        words["hours_in_words"] = ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
    if days := values.get("days"):
        words["days_in_words"] = ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
    days_named = [name for name in ("starts", "ends") if name in values]
    return words | {name: dateformat.format(date.fromisoformat(values[name]), "j F Y") for name in days_named}


def _with_origin_line(text: str, code: str) -> str:
    """Adds the line that ties a code to our domain for autofill, if everything still fits one segment."""
    domain = settings.BAWABA.sms_origin_domain
    longer = f"{text}\n\n@{domain} #{code}"
    return longer if domain and code and fits_one_segment(longer) else text


def _plain(bodies: dict[str, str]) -> str:
    portal = settings.BAWABA
    halves = [f"{portal.portal_name_ar}\n\n{bodies['ar']}", f"{portal.portal_name_en}\n\n{bodies['en']}"]
    return f"\n\n{RULE}\n\n".join(halves) + "\n"


def _html(bodies: dict[str, str], subject: str, code: str, *, foreign: set[Any]) -> str:
    """`foreign`: the values that were given, such as a company's name. One that looks like an address opens nothing."""
    portal = settings.BAWABA
    names = {"ar": portal.portal_name_ar, "en": portal.portal_name_en}
    halves = [
        {
            "language": language,
            "side": side,
            "portal": names[language],
            "paragraphs": SafeString(
                "\n".join(_paragraph(part, side, code, foreign) for part in bodies[language].split("\n\n"))
            ),
        }
        for language, side in SIDES.items()
    ]
    return render_to_string("messaging/frame.html", {"subject": subject, "halves": halves})


def _paragraph(text: str, side: str, code: str, foreign: set[Any]) -> str:
    """A paragraph as HTML. Here and not in the frame: the loops and branches of a template took thrice as long."""
    lines = [line for line in text.strip().split("\n") if line]
    only = lines[0] if len(lines) == 1 else ""
    if code and only == code:
        return f'<div {side}margin:0 0 16px;{CODE_STYLE}">{_isolated(only)}</div>'
    if only.startswith(f"{settings.BAWABA.origin}/") and only not in foreign:
        address = escape(only)
        inside = f'<a dir="ltr" style="word-break:break-all" href="{address}">{address}</a>'
    else:
        inside = "<br>".join(_line(line, side, foreign) for line in lines)
    return f'<p {side}margin:0 0 16px">{inside}</p>'


def _line(line: str, side: str, foreign: set[Any]) -> str:
    """A line as HTML. What runs against its half is isolated, or +965 1234 becomes 1234 965+ in the Arabic one."""
    label, colon, value = line.partition(": ")
    if value in foreign and f'"{_direction(value)}"' not in side:
        return escape(label) + colon + _isolated(value)
    return escape(line) if f'"{_direction(line)}"' in side else _isolated(line)


def _isolated(text: str) -> str:
    return f'<span dir="{_direction(text)}">{escape(text)}</span>'


def _direction(text: str) -> str:
    """That of the first letter: "rtl" for an Arabic one. A text without letters, such as a telephone number, is ltr."""
    strong = (bidirectional(character) for character in text)
    return "rtl" if next((kind for kind in strong if kind in {"L", "R", "AL"}), "L") != "L" else "ltr"
