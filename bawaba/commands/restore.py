"""`bawaba restore`: puts a saved database into an empty place and makes it safe.

An old copy would revive sessions that were ended, codes that were used and messages that were sent: everything that
was open at the time of the copy is ended before anybody can come in.
"""

import argparse
import sys
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import transaction

from bawaba.domain.accounts.sessions.actions import end_everybodys
from bawaba.domain.companies.actions.invitation import withdraw_invitation
from bawaba.domain.companies.actors import PORTAL
from bawaba.domain.companies.models import Invitation
from bawaba.infrastructure import backup, clock
from bawaba.infrastructure.audit.events import EventType
from bawaba.infrastructure.audit.log import record
from bawaba.infrastructure.audit.models import Event
from bawaba.infrastructure.codes import codes
from bawaba.infrastructure.keys import STORED
from bawaba.infrastructure.messaging import outbox

REASON = "restored"
TIME = "%Y-%m-%dT%H:%M:%SZ"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bawaba restore", description=__doc__)
    parser.add_argument("file", type=Path, help="a file that `bawaba backup` wrote")
    file: Path = parser.parse_args(arguments).file
    if settings.KEYS.lacking(*STORED):
        print(
            f"Nothing was brought back. Its keys are not in {settings.BAWABA.keys_dir}: put them there first.",
            file=sys.stderr,
        )
        return 1
    try:
        backup.bring_back(file)
    except FileExistsError:
        print("There is a database already. Move it away first: nothing is ever overwritten.", file=sys.stderr)
        return 1
    except (backup.UnusableCopy, OSError) as error:
        print(f"Nothing was brought back. {error}", file=sys.stderr)
        return 1
    call_command("migrate", interactive=False, verbosity=0)
    make_safe()
    print("The database is back and everything that was open in it is ended. Now: bawaba check, bawaba audit-verify.")
    return 0


@transaction.atomic
def make_safe() -> None:
    """Ends what the copy holds open, and writes into the register from when to when nothing is known."""
    newest = Event.objects.order_by("-id").values_list("recorded_at", flat=True).first()
    now = clock.now()
    end_everybodys(reason=REASON)
    codes.kill_all()
    for invitation in Invitation.objects.filter(state=Invitation.State.OPEN):
        withdraw_invitation(invitation=invitation, by=PORTAL, reason=REASON)
    outbox.expire_all()
    record(
        EventType.BACKUP_RESTORED,
        subject="installation",
        gap_from=(newest or now).strftime(TIME),
        gap_to=now.strftime(TIME),
    )
