"""An import killed in its middle and started again: everybody and every entry is there once."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bawaba.identifiers.kw import check_digit
from tests.faults.inside import said

AMOUNT = 3_000
READ_BEFORE = 2_000  # lines before the kill: more than a pipe holds and two slices
PEOPLE = """
from allauth.account.models import EmailAddress
from bawaba.domain.accounts.models import User
from bawaba.domain.companies.models import Membership
from bawaba.infrastructure.audit.models import Event
users = {str(user) for user in User.objects.values_list("id", flat=True)}
events = Event.objects.filter(event="import.user_added").values_list("subject", flat=True)
assert users == set(events) and len(users) == len(events) == EmailAddress.objects.count()
assert Membership.objects.count() == User.objects.filter(mobile__endswith="0").count()
print(len(users))
"""
ENTRIES = """
from bawaba.domain.companies.models import RegisterEntry
print(RegisterEntry.objects.count())
"""


def people() -> list[str]:
    """Lines of a file of people; every tenth comes with a company."""
    lines = ["email,first_name,last_name,civil_id,mobile,cr_number\n"]
    for number, civil_id in enumerate(civil_ids()):
        company = str(number) if number % 10 == 0 else ""
        lines.append(f"person{number}@example.com,Salem,Almithal,{civil_id},+9655{number:07},{company}\n")
    return lines


def entries() -> list[str]:
    """Lines of a trade register."""
    lines = ["cr_number,name_en,valid_to,signatories\n"]
    return lines + [f"{number},Example {number},2099-12-31,{one};{one}\n" for number, one in enumerate(civil_ids())]


def civil_ids() -> list[str]:
    starts = [f"1800101{serial:04}" for serial in range(2 * AMOUNT)]
    return [start + check_digit(start) for start in starts if check_digit(start)][:AMOUNT]


@pytest.mark.faults
@pytest.mark.parametrize(
    ("command", "lines", "script"),
    [("import-users", people(), PEOPLE), ("import-register", entries(), ENTRIES)],
    ids=["people", "trade register"],
)
def test_an_import_that_was_killed_goes_on_and_doubles_nothing(
    environment: dict[str, str], tmp_path: Path, command: str, lines: list[str], script: str
) -> None:
    whole, pipe = tmp_path / "whole.csv", tmp_path / "pipe.csv"
    whole.write_text("".join(lines))
    os.mkfifo(pipe)
    bawaba = [sys.executable, "-m", "bawaba", command]
    process = subprocess.Popen([*bawaba, str(pipe)], env=environment, stderr=subprocess.DEVNULL)
    with pipe.open("w") as end:
        end.write("".join(lines[:READ_BEFORE]))
        process.kill()
        assert process.wait() == -signal.SIGKILL, "it ended by itself"
    assert 0 < int(said(script, environment)) < READ_BEFORE
    for _ in range(2):
        subprocess.run([*bawaba, str(whole)], env=environment, check=True, capture_output=True)
        assert int(said(script, environment)) == AMOUNT
