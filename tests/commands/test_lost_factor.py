"""`bawaba lost-factor`: two officers take lost factors away; one alone, a stranger's paper or an old one do not."""

import io
from datetime import timedelta

import pytest
import time_machine

from bawaba.commands import lost_factor
from bawaba.domain.accounts import lost_factors
from bawaba.domain.accounts.models import User
from bawaba.infrastructure import clock
from bawaba.infrastructure.audit.models import Event
from bawaba.infrastructure.messaging.models import Message
from tests.accounts import enter, open_account, signed_in
from tests.client import Browser
from tests.factors import factor_types, give_authenticator, give_recovery_codes
from tests.people import ahmad, maryam

pytestmark = pytest.mark.django_db

FIRST, SECOND = "1001", "2147483001"
PROPOSING, APPROVING = ["propose"], ["approve"]


class Desk:
    """Officers at a terminal: what they type, under which login, and what they read."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.monkeypatch = monkeypatch
        self.capsys = capsys

    def run(self, arguments: list[str], *typed: str, login: str = FIRST, code: int = 0) -> str:
        self.monkeypatch.setenv("SUDO_UID", login)
        self.monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in typed)))
        assert lost_factor.main(arguments) == code
        read = self.capsys.readouterr()
        return str(read.out + read.err)

    def propose(self, email: str = ahmad.email, civil_id: str = ahmad.civil_id) -> str:
        return self.run(PROPOSING, email, civil_id).splitlines()[-1]


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(monkeypatch, capsys)


@pytest.fixture
def user() -> User:
    owner = open_account(ahmad)
    give_authenticator(owner)
    give_recovery_codes(owner)
    return owner


def test_two_officers_open_the_way_back(desk: Desk, user: User) -> None:
    assert enter(Browser(ahmad), ahmad).path == "/sign-in/second-step/"
    read = desk.run([], ahmad.email.upper(), "١٨٥-٠٤١٢-٠٠٠٢٩")
    assert ahmad.full_name in read
    assert len(factor_types(user)) == 2
    assert ahmad.full_name in desk.run(APPROVING, read.splitlines()[-1], login=SECOND)
    assert factor_types(user) == []
    assert Message.objects.filter(kind="factor_removed", address=ahmad.email).count() == 1
    assert enter(Browser(ahmad), ahmad, status=422).path == "/sign-in/"  # only the mailbox opens the password again
    assert not User.objects.get().has_usable_password()


def test_the_register_knows_both_officers(desk: Desk, user: User) -> None:
    desk.run(APPROVING, desk.propose(), login=SECOND)
    proposed, approved = Event.objects.filter(event__startswith="staff.").order_by("pk")
    assert (proposed.event, proposed.actor, proposed.subject) == ("staff.proposed", "uid:1_001", str(user.id))
    assert (approved.event, approved.actor) == ("staff.approved", "uid:2_147_483_001")
    assert proposed.facts == approved.facts
    assert Event.objects.get(event="factor.removed").facts["approved_by"] == "uid:2_147_483_001"


def test_sessions_that_ran_on_the_factors_end(desk: Desk) -> None:
    owner = open_account(ahmad)
    browser = signed_in(ahmad)
    give_authenticator(owner)
    line = desk.propose()
    assert browser.get("/security/").path == "/security/"
    desk.run(APPROVING, line, login=SECOND)
    assert browser.get("/security/").path == "/sign-in/"


def test_nobody_approves_an_own_proposal(desk: Desk, user: User) -> None:
    line = desk.propose()
    assert "a second officer" in desk.run(APPROVING, line, login=FIRST, code=1)
    assert len(factor_types(user)) == 2
    assert not Event.objects.filter(event="staff.approved").exists()


@pytest.mark.parametrize(
    ("email", "civil_id"),
    [
        (ahmad.email, maryam.civil_id),
        (maryam.email, ahmad.civil_id),
        (ahmad.email, ""),
        ("", ""),
        ("nobody", ahmad.civil_id),
    ],
)
def test_card_and_account_must_belong_together(desk: Desk, user: User, email: str, civil_id: str) -> None:
    assert "together with this civil number" in desk.run(PROPOSING, email, civil_id, code=1)


def test_an_account_without_a_factor_needs_no_officers(desk: Desk) -> None:
    open_account(ahmad)
    assert "resetting the password" in desk.run(PROPOSING, ahmad.email, ahmad.civil_id, code=1)


def test_an_account_that_was_closed_is_not_opened(desk: Desk, user: User) -> None:
    line = desk.propose()
    User.objects.update(closed_at=clock.now())
    desk.run(APPROVING, line, login=SECOND, code=1)
    desk.run(PROPOSING, ahmad.email, ahmad.civil_id, code=1)
    assert len(factor_types(user)) == 2


def test_a_line_counts_once_for_a_day_and_for_the_factors_of_that_day(desk: Desk, user: User) -> None:
    with time_machine.travel(clock.now(), tick=False) as moment:
        line = desk.propose()
        assert "altered" in desk.run(APPROVING, line[:-1] + ("A" if line[-1] != "A" else "B"), login=SECOND, code=1)
        moment.shift(timedelta(seconds=lost_factors.PROPOSAL_LIFE + 1))
        desk.run(APPROVING, line, login=SECOND, code=1)
        assert len(factor_types(user)) == 2
        line = desk.propose()
        desk.run(APPROVING, line, login=SECOND)
        desk.run(APPROVING, line, login=SECOND, code=1)
        give_authenticator(user)  # a new one: the old line is not about it
        desk.run(APPROVING, line, login=SECOND, code=1)
        assert factor_types(user) == ["totp"]


def test_without_sudo_the_login_itself_is_the_officer(desk: Desk, user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    line = desk.propose()
    monkeypatch.setattr("os.getuid", lambda: int(FIRST))
    desk.run(APPROVING, line, login="", code=1)
    monkeypatch.setattr("os.getuid", lambda: 7)
    desk.run(APPROVING, line, login="")
    assert factor_types(user) == []
