"""The people of the benchmark: their addresses and numbers, and how many of them an installation gets."""

import subprocess
import sys
from collections.abc import Iterator
from itertools import product

from bawaba.identifiers.kw import check_digit

PASSWORD = "Failaka!Boat7"
CENTURY_OF_NOBODY_ALIVE = "1"


def address(person: int) -> str:
    return f"person{person}@example.com"


def mobile(person: int) -> str:
    return f"+9655{person:07}"


def everybody() -> Iterator[tuple[int, str]]:
    """Numbers from 0 on, each with a valid civil number of somebody born in the 1880s."""
    days = product(range(10), range(1, 13), range(1, 29))
    born = (f"{CENTURY_OF_NOBODY_ALIVE}8{year}{month:02}{day:02}" for year, month, day in days)
    starts = (f"{birth}{serial:04}" for birth in born for serial in range(10_000))
    return enumerate(start + check_digit(start) for start in starts if check_digit(start))


def people(environment: dict[str, str], amount: int) -> None:
    """Opens so many accounts in the installation of an environment, each with a company of its own."""
    command = [sys.executable, "-m", "bench.accounts", str(amount)]
    subprocess.run(command, env=environment, check=True, stderr=subprocess.DEVNULL)
