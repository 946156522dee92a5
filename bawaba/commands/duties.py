"""The courier's duties, all of them: what it does besides sending, how often, and in which of its two hands."""

from datetime import timedelta

from bawaba.infrastructure.audit.seal import seal
from bawaba.infrastructure.codes import codes
from bawaba.infrastructure.limits import counter
from bawaba.infrastructure.messaging import retention
from bawaba.infrastructure.messaging.chores import Duty

HALF_SECOND = timedelta(seconds=0.5)
HOUR = timedelta(hours=1)

# Short ones, between two sends.
PULSES = (Duty("audit.seal", HALF_SECOND, seal),)

# Long ones, on a thread and a connection of their own.
CHORES = (
    Duty("messages.empty_addresses", HOUR, retention.empty_addresses),
    Duty("messages.purge", HOUR, retention.purge),
    Duty("codes.purge", HOUR, codes.purge),
    Duty("counters.purge", HOUR, counter.purge),
)
