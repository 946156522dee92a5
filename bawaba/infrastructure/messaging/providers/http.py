"""Any SMS gateway that is spoken to by HTTP: the settings say how to ask and how to read the answer.

In address and body `{number}` is the number with its plus, `{digits}` without, `{text}` the text, `{reference}` our id,
`{sender}` the sender's name; each is written as its place demands. The answer, whatever its status, is searched with
three patterns in the order refused, busy, accepted; a group named `id` in the last one is the provider's reference.
"""

import json
import re
import ssl
from urllib.parse import quote, urlsplit

from bawaba.configuration import Configuration, UnclearSetting
from bawaba.infrastructure.messaging.providers.carrier import Carrier
from bawaba.infrastructure.messaging.providers.outcome import Accepted, Busy, Outcome, Reason, Refused
from bawaba.infrastructure.messaging.providers.sms import digits, outcome_of
from bawaba.infrastructure.messaging.providers.web_call import Caller, Reply
from bawaba.infrastructure.messaging.rendering import Letter

TYPES = {"json": "application/json", "form": "application/x-www-form-urlencoded"}
PLACE = re.compile(r"\{(number|digits|text|reference|sender)\}")


class Http(Carrier):
    name = "http"

    def __init__(self, portal: Configuration, context: ssl.SSLContext | None = None) -> None:
        self._portal = portal
        self._caller = Caller(PLACE.sub("0", portal.sms_http_url), name="BAWABA_SMS_HTTP_URL", context=context)
        if not portal.sms_http_accepted:
            raise UnclearSetting("BAWABA_SMS_HTTP_ACCEPTED", "is needed: how the gateway says that it has taken an SMS")
        self._refused, self._busy, self._accepted = (
            _pattern("BAWABA_SMS_HTTP_REFUSED", portal.sms_http_refused),
            _pattern("BAWABA_SMS_HTTP_BUSY", portal.sms_http_busy),
            _pattern("BAWABA_SMS_HTTP_ACCEPTED", portal.sms_http_accepted),
        )
        self._headers = {"Content-Type": TYPES[portal.sms_http_form]} | _headers(portal.sms_http_headers)

    def send(self, letter: Letter) -> Outcome:
        portal = self._portal
        values = {
            "number": letter.address,
            "digits": digits(letter.address),
            "text": letter.text,
            "reference": letter.reference,
            "sender": portal.sms_sender,
        }
        parts = urlsplit(PLACE.sub(lambda place: quote(values[place[1]], safe=""), portal.sms_http_url))
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        write = _in_json if portal.sms_http_form == "json" else _in_form
        body = PLACE.sub(lambda place: write(values[place[1]]), portal.sms_http_body).encode() or None
        return outcome_of(
            lambda: self._caller.call(portal.sms_http_method, target, headers=self._headers, body=body), self._read
        )

    def _read(self, reply: Reply) -> Outcome | None:
        if self._refused and self._refused.search(reply.text):
            return Refused(Reason.NUMBER_REFUSED)
        if self._busy and self._busy.search(reply.text):
            return Busy(Reason.THROTTLED)
        found = self._accepted.search(reply.text) if self._accepted and reply.status < 300 else None
        return Accepted(reference=(found.groupdict().get("id") or "")[:120]) if found else None


def _in_json(value: str) -> str:
    """A text as it stands between the quotes of a JSON string."""
    return json.dumps(value)[1:-1]


def _in_form(value: str) -> str:
    return quote(value, safe="")


def _pattern(name: str, text: str) -> re.Pattern[str] | None:
    try:
        return re.compile(text) if text else None
    except re.error as error:
        raise UnclearSetting(name, "is no regular expression") from error


def _headers(lines: tuple[str, ...]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon or not name.strip().isascii():
            raise UnclearSetting("BAWABA_SMS_HTTP_HEADERS", "must be Name: value, separated by commas")
        headers[name.strip()] = value.strip()
    return headers
