"""kwtSMS, a gateway in Kuwait: JSON over HTTPS, one message a call.

Its own client is not used: it writes the whole text, code included, to a log file. Delivery reports are not fetched,
because the gateway has them after a day. Needs a private sender name of the transactional kind; names are
case-sensitive. In test mode the gateway queues, never delivers, and holds the credit.
"""

import json
import ssl
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from bawaba.configuration import Configuration, UnclearSetting
from bawaba.infrastructure.messaging.providers.carrier import Carrier
from bawaba.infrastructure.messaging.providers.outcome import Accepted, Broken, Busy, Outcome, Reason, Refused
from bawaba.infrastructure.messaging.providers.sms import digits, outcome_of
from bawaba.infrastructure.messaging.providers.web_call import Caller, Reply
from bawaba.infrastructure.messaging.rendering import Letter

HEADERS = {"Content-Type": "application/json", "Accept": "application/json"}
SAME_NUMBER_AGAIN = timedelta(seconds=16)

_OFF = Busy(Reason.CONFIGURATION, stays_off=True)
_NUMBER = Refused(Reason.NUMBER_REFUSED)
_TEXT = Refused(Reason.TEXT_REFUSED)
MEANING: dict[str, Outcome] = {
    "ERR001": _OFF,  # the programming interface is switched off
    "ERR003": Busy(Reason.SIGN_IN, stays_off=True),
    "ERR004": _OFF,
    "ERR005": _OFF,  # the account is blocked
    "ERR008": Busy(Reason.SENDER, stays_off=True),
    "ERR024": _OFF,  # our address is not on its list
    "ERR010": Busy(Reason.NO_CREDIT),
    "ERR011": Busy(Reason.NO_CREDIT),
    "ERR006": _NUMBER,
    "ERR025": _NUMBER,
    "ERR026": _NUMBER,
    "ERR033": _NUMBER,
    "ERR013": Busy(Reason.THROTTLED),  # its queue is full
    "ERR028": Busy(Reason.THROTTLED, after=SAME_NUMBER_AGAIN),
    "ERR031": _TEXT,
    "ERR032": _TEXT,
    "ERR002": Broken(),
    "ERR007": Broken(),
    "ERR009": Broken(),
    "ERR012": Broken(),
    "ERR027": Broken(),
}


class KwtSms(Carrier):
    name = "kwtsms"

    def __init__(self, portal: Configuration, context: ssl.SSLContext | None = None) -> None:
        if not (portal.sms_kwtsms_username and portal.sms_kwtsms_password and portal.sms_sender):
            raise UnclearSetting("BAWABA_SMS_KWTSMS_USERNAME", "is needed, with its password and BAWABA_SMS_SENDER")
        self._portal = portal
        self._caller = Caller(portal.sms_kwtsms_url, name="BAWABA_SMS_KWTSMS_URL", context=context)
        self._target = urlsplit(portal.sms_kwtsms_url).path

    def send(self, letter: Letter) -> Outcome:
        body = {
            "username": self._portal.sms_kwtsms_username,
            "password": self._portal.sms_kwtsms_password,
            "sender": self._portal.sms_sender,
            "mobile": digits(letter.address),
            "message": letter.text,
            "test": "1" if self._portal.sms_kwtsms_test else "0",
        }
        text = json.dumps(body).encode()
        return outcome_of(lambda: self._caller.call("POST", self._target, headers=HEADERS, body=text), _read)


def _read(reply: Reply) -> Outcome | None:
    """Its errors come with any status, 200 among them."""
    try:
        answer: Any = json.loads(reply.text)
    except ValueError:
        return None
    if not isinstance(answer, dict):
        return None
    if answer.get("result") == "OK":
        return Accepted(reference=str(answer.get("msg-id", ""))[:120])
    code = str(answer.get("code", ""))
    return MEANING.get(code, Busy(Reason.PROVIDER_ERROR)) if code.startswith("ERR") else None
