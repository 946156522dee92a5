"""Claiming: once, with the effect or not at all, and what a success takes back and ends."""

from uuid import uuid4

import pytest
from django.db import transaction
from django.db.transaction import TransactionManagementError

from bawaba.infrastructure.codes import codes
from bawaba.infrastructure.codes.codes import AlreadyUsed, Challenge, Purpose, WrongCode
from bawaba.infrastructure.limits import counter
from bawaba.infrastructure.limits.models import Counter
from bawaba.infrastructure.limits.table import CODE_FAILURES_SITE, FAILURES_SOURCE
from tests.infrastructure.codes.desk import MARYAM, SALEM, SOURCE, at, guess, issued, newest, use, wrong

pytestmark = pytest.mark.django_db


def test_a_code_counts_once() -> None:
    challenge = issued()
    use(challenge, newest(challenge))
    with pytest.raises(AlreadyUsed):
        guess(challenge, newest(challenge))
    challenge.refresh_from_db()
    assert (challenge.claimed_at is not None, challenge.killed_at) == (True, None)


def test_of_two_who_both_compared_right_the_second_gets_nothing_and_no_refund() -> None:
    challenge = issued()
    first, second = guess(challenge, newest(challenge)), guess(challenge, newest(challenge))
    with transaction.atomic():
        codes.claim(first)
    with transaction.atomic(), pytest.raises(AlreadyUsed):
        codes.claim(second)
    assert counter.total(FAILURES_SOURCE, SOURCE) == counter.total(CODE_FAILURES_SITE) == 1


def test_a_code_is_claimed_only_within_the_transaction_of_its_effect(monkeypatch: pytest.MonkeyPatch) -> None:
    challenge = issued()
    spent = guess(challenge, newest(challenge))
    monkeypatch.setattr(transaction.get_connection(), "in_atomic_block", False)
    with pytest.raises(TransactionManagementError, match=r"^a code is claimed inside the transaction of its effect$"):
        codes.claim(spent)


def test_what_the_effect_rolls_back_is_not_claimed() -> None:
    challenge = issued()
    spent = guess(challenge, newest(challenge))

    def effect_that_fails() -> None:
        with transaction.atomic():
            codes.claim(spent)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        effect_that_fails()
    assert counter.total(FAILURES_SOURCE, SOURCE) == 1
    with transaction.atomic():
        codes.claim(spent)


def test_a_late_claim_takes_nothing_from_the_windows_that_began_after_the_guess() -> None:
    with at(0), pytest.raises(WrongCode):
        guess(other := issued(), wrong(other))
    with at(1800):
        challenge = issued()
        spent = guess(challenge, newest(challenge))
    with at(3700), pytest.raises(WrongCode):
        guess(other := issued(), wrong(other))
    with at(3800):
        with transaction.atomic():
            codes.claim(spent)
        assert counter.total(FAILURES_SOURCE, SOURCE) == counter.total(CODE_FAILURES_SITE) == 1
    assert Counter.objects.get(name="code.failures:3600").n == 1
    assert Counter.objects.get(name="code.failures:86400").n == 2


def test_a_code_whose_generation_died_after_the_comparison_is_not_claimed() -> None:
    with at(0):
        challenge = issued()
        spent = guess(challenge, newest(challenge))
    with at(1800):
        codes.resend(challenge)
        with transaction.atomic():
            sid = transaction.savepoint()
            codes.claim(spent)
            transaction.savepoint_rollback(sid)
        Challenge.objects.update(generation=3)
        with transaction.atomic(), pytest.raises(AlreadyUsed):
            codes.claim(spent)


def test_success_kills_every_other_challenge_of_that_purpose_for_the_subject() -> None:
    subject = str(uuid4())
    one = codes.issue(purpose=Purpose.RESET, subject=subject, address=MARYAM, lane="device")
    two = issued(Purpose.RESET, subject=subject)
    other_purpose, other_subject = issued(Purpose.ACTIVATE, subject=subject), issued(Purpose.RESET)
    use(one, newest(one))
    with pytest.raises(AlreadyUsed):
        guess(two, newest(two))
    use(other_purpose, newest(other_purpose))
    use(other_subject, newest(other_subject))


def test_success_leaves_the_counters_of_others_and_of_the_network() -> None:
    """RT-11."""
    victim, own = issued(address=SALEM), issued()
    for _ in range(3):
        with pytest.raises(WrongCode):
            guess(victim, wrong(victim, SALEM), SALEM)
    with pytest.raises(WrongCode):
        guess(own, wrong(own))
    use(own, newest(own))
    assert counter.total(FAILURES_SOURCE, SOURCE) == 4
    assert counter.total(CODE_FAILURES_SITE) == 4
    rows = Counter.objects.filter(name__startswith="code.")
    assert sorted(rows.exclude(key__startswith="site").values_list("name", "n")) == [
        ("code.consecutive:0", 3),
        ("code.failures:3600", 1),
        ("code.failures:3600", 3),
        ("code.failures:86400", 1),
        ("code.failures:86400", 3),
    ]
