"""The SMS services that the Apprise library knows, for operators whose gateway has no adapter here.

It answers only yes or no: no reference, no reports, no difference between refused and busy. So every no is busy.
"""

import importlib
import logging
from contextlib import suppress
from threading import Lock
from typing import Any
from urllib.parse import quote

from bawaba.configuration import Configuration, UnclearSetting
from bawaba.infrastructure.messaging.providers.carrier import Carrier
from bawaba.infrastructure.messaging.providers.outcome import Accepted, Busy, Outcome, Reason
from bawaba.infrastructure.messaging.providers.sms import digits
from bawaba.infrastructure.messaging.rendering import Letter

PLACES = ("{number}", "{digits}")


class Apprise(Carrier):
    name = "apprise"

    def __init__(self, portal: Configuration) -> None:
        if not any(place in portal.sms_apprise_url for place in PLACES):
            raise UnclearSetting("BAWABA_SMS_APPRISE_URL", "must hold {number} or {digits} where the number stands")
        self._url = portal.sms_apprise_url
        self._library: Any = None
        self._lock = Lock()

    def send(self, letter: Letter) -> Outcome:
        library = self._loaded()
        url = self._url.replace("{number}", quote(letter.address, safe=""))
        url = url.replace("{digits}", digits(letter.address))
        plugin = library.Apprise.instantiate(url, suppress_exceptions=True)
        if plugin is None:
            return Busy(Reason.CONFIGURATION, stays_off=True)
        plugin.request_rate_per_sec = 0  # its own brake: 5.5 seconds between two messages
        plugin.socket_connect_timeout, plugin.socket_read_timeout = 5.0, 10.0
        taken = False
        with suppress(TypeError):  # raised for a message that the plug-in cannot send at all
            taken = bool(plugin.notify(body=letter.text, body_format=library.NotifyFormat.TEXT))
        return Accepted() if taken else Busy(Reason.PROVIDER_ERROR)

    def _loaded(self) -> Any:
        """The library, loaded at the first message (1.3 to 2 seconds, 26 MB), its log off: a plug-in logs the text."""
        with self._lock:
            if self._library is None:
                self._library = importlib.import_module("apprise")
                logging.getLogger("apprise").disabled = True
            return self._library
