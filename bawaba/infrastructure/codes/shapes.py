"""What the codes of each purpose look like."""

from dataclasses import dataclass
from datetime import timedelta

from bawaba.infrastructure.codes.models import Purpose
from bawaba.infrastructure.limits import table
from bawaba.infrastructure.limits.table import Limit


@dataclass(frozen=True)
class Shape:
    """How the codes of a purpose look, how long they live, and what sending one spends."""

    digits: int
    life: timedelta
    by_source: Limit
    by_address: Limit
    by_site: Limit


def _by_email(digits: int, minutes: int) -> Shape:
    life = timedelta(minutes=minutes)
    return Shape(digits, life, table.SEND_EMAIL_SOURCE, table.SEND_EMAIL, table.SEND_EMAIL_SITE)


SHAPES = {
    Purpose.ACTIVATE: _by_email(6, 60),
    Purpose.MOBILE: Shape(6, timedelta(minutes=10), table.SEND_SMS_SOURCE, table.SEND_SMS, table.SEND_SMS_SITE),
    Purpose.RESET: _by_email(8, 10),
    Purpose.CHANGE_EMAIL: _by_email(8, 10),
}
