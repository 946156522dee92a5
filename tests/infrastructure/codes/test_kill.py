"""How challenges die before their time, and when the dead ones are deleted."""

import pytest
from django.db import transaction

from bawaba.infrastructure.codes import codes
from bawaba.infrastructure.codes.codes import AlreadyUsed, Challenge, Purpose
from tests.infrastructure.codes.desk import MARYAM, SALEM, at, guess, issued, newest, use

pytestmark = pytest.mark.django_db


def test_a_killed_challenge_proves_nothing_even_after_the_comparison() -> None:
    challenge, other = issued(), issued()
    spent = guess(challenge, newest(challenge))
    reset = issued(Purpose.RESET, subject=challenge.subject)
    codes.kill(subject=challenge.subject, purpose=Purpose.ACTIVATE)
    use(reset, newest(reset))
    with transaction.atomic(), pytest.raises(AlreadyUsed):
        codes.claim(spent)
    with pytest.raises(AlreadyUsed):
        codes.resend(challenge)
    use(other, newest(other))


def test_decoys_cannot_be_killed_by_a_subject_they_do_not_have() -> None:
    with pytest.raises(ValueError, match=r"^decoys are killed by their address$"):
        codes.kill(subject="", purpose=Purpose.RESET)


def test_an_address_that_was_proven_kills_its_rivals() -> None:
    rival, salems = issued(), issued(address=SALEM)
    reset = issued(Purpose.RESET)
    codes.kill_address(Purpose.ACTIVATE, MARYAM)
    with pytest.raises(AlreadyUsed):
        guess(rival, newest(rival))
    use(salems, newest(salems, SALEM), SALEM)
    use(reset, newest(reset))


def test_a_restored_copy_revives_no_code() -> None:
    challenge = issued()
    codes.kill_all()
    with pytest.raises(AlreadyUsed):
        guess(challenge, newest(challenge))


def test_the_purge_waits_a_day_after_the_expiry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codes, "SLICE", 2)
    with at(0):
        for _ in range(5):
            issued(Purpose.RESET)
    with at(600 + 86_400 - 1):
        issued()
        assert codes.purge() == 0
    with at(600 + 86_400):
        assert codes.purge() == 5
    assert Challenge.objects.count() == 1
