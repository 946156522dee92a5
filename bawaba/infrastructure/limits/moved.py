"""What an installation moves: `BAWABA_LIMITS`, a comma between limits, a space between the periods of one.

`send.sms.site=5000/86400, send.sms=1/60 4/3600 8/86400, session.idle=600`: how many in how many seconds, or one number.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bawaba.configuration import UnclearSetting

SETTING = "BAWABA_LIMITS"
_PERIOD = re.compile(r"([1-9][0-9]{0,8})/([1-9][0-9]{0,8})")
_NUMBER = re.compile(r"[1-9][0-9]{0,8}")


@dataclass(frozen=True)
class Moved:
    """The values of an installation by the names of the limits. Raises `UnclearSetting` for what it cannot take."""

    texts: dict[str, str]

    @classmethod
    def read(cls, entries: Iterable[str]) -> "Moved":
        texts: dict[str, str] = {}
        for entry in entries:
            name, equals, text = entry.partition("=")
            if not equals or name.strip() in texts:
                raise UnclearSetting(SETTING, "must be name=value, each name once")
            texts[name.strip()] = text.strip()
        return cls(texts)

    def periods(self, name: str, given: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
        """The periods of a limit: those of the installation, else `given`."""
        if name not in self.texts:
            return given
        found = [_PERIOD.fullmatch(text) for text in self.texts[name].split()]
        periods = tuple((int(one[1]), int(one[2])) for one in found if one is not None)
        if len(periods) != len(given) or len(found) != len(given):
            raise UnclearSetting(SETTING, f"{name} must be {len(given)} times how many/seconds")
        return periods

    def number(self, name: str, given: int) -> int:
        """The number of a figure: that of the installation, else `given`."""
        text = self.texts.get(name, str(given))
        if not _NUMBER.fullmatch(text):
            raise UnclearSetting(SETTING, f"{name} must be a whole number above 0")
        return int(text)

    def must_be_among(self, names: set[str]) -> None:
        """Refuses a name that is no limit, or one that is fixed."""
        for name in sorted(self.texts.keys() - names):
            raise UnclearSetting(SETTING, f"{name} is no limit that can be moved")
