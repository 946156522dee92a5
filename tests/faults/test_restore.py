"""A saved copy brought back elsewhere: whole, and with nothing left open that was open when it was made."""

import json
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from bawaba.domain.accounts.models import SessionRecord, User
from bawaba.domain.companies import actions
from bawaba.domain.companies.models import Invitation
from bawaba.domain.companies.roles import Role
from bawaba.infrastructure import backup
from bawaba.infrastructure.codes.models import Challenge
from bawaba.infrastructure.keys import NAMES
from bawaba.infrastructure.messaging.models import Message
from tests.accounts import open_account
from tests.domain.companies.scene import firm
from tests.people import ahmad, maryam
from tests.servers import surroundings

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults, pytest.mark.needs("postgresql")]

STATE = """
import json
from django.contrib.sessions.models import Session
from bawaba.domain.accounts.models import SessionRecord, User
from bawaba.domain.companies.models import Invitation
from bawaba.infrastructure.audit.models import Event
from bawaba.infrastructure.codes.models import Challenge
from bawaba.infrastructure.messaging.models import Message
print(json.dumps({
    "people": User.objects.count(),
    "sessions": Session.objects.count() + SessionRecord.objects.filter(ended_at=None).count(),
    "codes": Challenge.objects.open().count(),
    "messages": Message.objects.waiting().count(),
    "invitations": Invitation.objects.filter(state=Invitation.State.OPEN).count(),
    "last event": Event.objects.order_by("-id").first().event,
}))
"""


class Elsewhere:
    """An empty installation with the keys of the first one."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.environment = surroundings() | {
            "BAWABA_DATA_DIR": str(folder),
            "BAWABA_KEYS_DIR": str(settings.BAWABA.keys_dir),
            "BAWABA_DATABASE_URL": database_url,
        }

    def bawaba(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "bawaba", *arguments]
        return subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)

    def state(self) -> dict[str, int | str]:
        found: dict[str, int | str] = json.loads(self.bawaba("shell", "--no-imports", "-c", STATE).stdout)
        return found


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Elsewhere]:
    if connection.vendor == "sqlite":
        yield Elsewhere(tmp_path / "elsewhere", "")
        return
    name = f"{connection.settings_dict['NAME']}_elsewhere"
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f'CREATE DATABASE "{name}"')
    yield Elsewhere(tmp_path / "elsewhere", f"{settings.BAWABA.database_url.rpartition('/')[0]}/{name}")
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of an installation in the middle of its day: a session, a code, messages and an invitation are open."""
    for name in NAMES:
        settings.KEYS.newest(name)
    founder = open_account(ahmad)
    actions.invite(company=firm(founder), email=maryam.email, roles=[Role.SUBMITTER], by=founder, language="ar")
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session.save()
    SessionRecord.objects.create(user=founder, key=session.session_key, label="Chrome", method="password")
    Challenge.objects.create(
        purpose="reset",
        subject=str(founder.id),
        address_digest="1:" + "0" * 64,
        lane="public",
        nonce=b"0" * 16,
        key_id="1",
        digits=6,
        renewed_at=founder.created_at,
        expires_at=founder.created_at,
    )
    assert User.objects.count() == 1
    assert SessionRecord.objects.filter(ended_at=None).exists()
    assert Invitation.objects.filter(state=Invitation.State.OPEN).exists()
    assert Message.objects.waiting().exists()
    return backup.save(tmp_path / "copies", keep=1)


def test_everybody_is_back_and_nothing_is_open(copy: Path, elsewhere: Elsewhere) -> None:
    done = elsewhere.bawaba("restore", str(copy))
    assert done.returncode == 0, done.stderr
    assert elsewhere.state() == {
        "people": 1,
        "sessions": 0,
        "codes": 0,
        "messages": 0,
        "invitations": 0,
        "last event": "backup.restored",
    }
    assert elsewhere.bawaba("audit-verify").returncode == 0


def test_nothing_is_ever_overwritten(copy: Path, elsewhere: Elsewhere) -> None:
    assert elsewhere.bawaba("restore", str(copy)).returncode == 0
    again = elsewhere.bawaba("restore", str(copy))
    assert again.returncode == 1
    assert "nothing is ever overwritten" in again.stderr
    assert elsewhere.state()["people"] == 1


def test_a_damaged_copy_brings_nothing_back(copy: Path, elsewhere: Elsewhere) -> None:
    copy.write_bytes(copy.read_bytes()[:5000])
    done = elsewhere.bawaba("restore", str(copy))
    assert done.returncode == 1
    assert "Nothing was brought back" in done.stderr
