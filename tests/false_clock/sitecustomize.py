"""Loaded by Python before anything else in a process under libfaketime, which refuses what `time.sleep` asks for."""

import select
import time
from typing import SupportsFloat, SupportsIndex


def sleep(seconds: SupportsFloat | SupportsIndex) -> None:
    """Waits by a span of time instead."""
    select.select([], [], [], float(seconds))


time.sleep = sleep
