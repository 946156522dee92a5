"""Which challenge a code is sent for."""

import pytest

from bawaba.infrastructure import clock
from bawaba.infrastructure.codes import codes, sending
from bawaba.infrastructure.codes.codes import AlreadyUsed, Challenge, Purpose, WrongCode
from bawaba.infrastructure.codes.models import ChallengeQuerySet
from bawaba.infrastructure.limits.models import Counter
from tests.infrastructure.codes.desk import MARYAM, SALEM, SOURCE, SUBJECT, asked, at, guess, issued, newest, use, wrong

pytestmark = pytest.mark.django_db


def test_in_the_first_half_the_same_code_goes_out_again_with_the_same_expiry() -> None:
    with at(0):
        first = asked()
    with at(299.999):
        again = asked()
    assert (again.id, again.generation, again.expires_at) == (first.id, 1, first.expires_at)


def test_in_the_second_half_the_next_code_goes_out_with_a_full_life() -> None:
    with at(0):
        first = asked()
    with at(300):
        again = asked()
        assert (again.id, again.generation) == (first.id, 2)
        assert (again.expires_at - first.expires_at).total_seconds() == 300
        assert again.previous_expires_at == first.expires_at
        assert newest(again) != newest(first)
        assert codes.derive(again, 1, MARYAM) == newest(first)


def test_the_next_code_of_one_person_leaves_the_others_as_they_are() -> None:
    with at(0):
        first, other = asked(), issued(Purpose.RESET, SALEM)
    with at(300):
        assert codes.resend(first).generation == 2
    other.refresh_from_db()
    assert other.generation == 1


def test_of_two_who_ask_again_in_the_same_moment_one_makes_the_next_code() -> None:
    with at(0):
        first = asked()
    with at(300):
        codes.resend(first)
    with at(301):
        again = sending._renew(first, clock.now())
    assert again.generation == 2
    assert (again.expires_at - first.expires_at).total_seconds() == 300


def test_no_next_code_is_made_once_the_guesses_are_spent() -> None:
    with at(0):
        first = asked()
    with at(300):
        Challenge.objects.update(attempts=5)
        again = sending._renew(first, clock.now())
    first.refresh_from_db()
    assert (first.generation, first.killed_at is not None) == (1, True)
    assert (again.id != first.id, again.generation) == (True, 1)


def test_when_everything_has_expired_a_new_challenge_is_made() -> None:
    with at(0):
        first = asked()
    with at(600):
        second = asked()
    assert second.id != first.id
    assert Challenge.objects.open().get() == second


def test_when_the_guesses_are_spent_a_new_challenge_is_made_and_the_failures_stay() -> None:
    with at(0):
        first = asked()
        for _ in range(5):
            with pytest.raises(WrongCode):
                guess(first, wrong(first))
    with at(60):
        second = asked()
    assert (second.id != first.id, second.attempts) == (True, 0)
    assert Counter.objects.get(name="code.failures:86400").n == 5


def test_another_address_of_the_subject_ends_the_challenge_of_the_first() -> None:
    first = asked()
    second = asked(address=SALEM)
    assert Challenge.objects.open().get() == second != first


def test_a_claimed_challenge_is_not_sent_again_but_a_new_one_may_be_asked_for() -> None:
    with at(0):
        first = asked()
        use(first, newest(first))
        with pytest.raises(AlreadyUsed):
            codes.resend(first)
    with at(60):
        assert asked().id != first.id


def test_a_challenge_claimed_while_it_is_asked_for_again_gives_way_to_a_new_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def claimed_meanwhile(challenge: Challenge) -> Challenge:
        Challenge.objects.filter(id=challenge.id).update(claimed_at=challenge.created_at)
        return codes.resend(challenge)

    with at(0):
        first = asked()
    monkeypatch.setattr(sending, "resend", claimed_meanwhile)
    with at(60):
        assert asked().id != first.id


def test_a_challenge_the_purge_has_deleted_can_be_sent_anew() -> None:
    with at(0):
        challenge = issued()
    with at(2 * 86_400):
        codes.purge()
        assert codes.resend(challenge).subject == challenge.subject


def test_decoys_of_two_addresses_stand_side_by_side() -> None:
    first, second = asked(subject=""), asked(subject="", address=SALEM)
    assert set(Challenge.objects.open()) == {first, second}
    assert codes.current(purpose=Purpose.RESET, address=SALEM) == second
    assert codes.current(purpose=Purpose.RESET, address=MARYAM) == first


def test_a_decoy_lives_and_is_sent_again_like_any_other() -> None:
    with at(0):
        first = asked(subject="")
    with at(60):
        assert asked(subject="") == first
    with at(600):
        second = asked(subject="")
    assert second != first
    assert Challenge.objects.open().get() == second


def test_a_decoy_ends_no_challenge_of_a_person() -> None:
    with at(0):
        persons = asked()
    with at(60):
        decoy = asked(subject="")
    assert set(Challenge.objects.open()) == {persons, decoy}
    assert (persons.decoy, decoy.decoy) == (False, True)


def test_a_known_device_has_a_challenge_of_its_own() -> None:
    with at(0):
        public = asked()
    with at(60):
        own = codes.request(purpose=Purpose.RESET, subject=SUBJECT, address=MARYAM, source=SOURCE, lane="device")
    with at(120):
        assert asked() == public
        assert codes.current(purpose=Purpose.RESET, address=MARYAM, lane="device") == own != public


def test_a_new_challenge_has_a_new_nonce_of_128_bits() -> None:
    nonces = {bytes(issued(Purpose.RESET, subject=SUBJECT).nonce) for _ in range(20)}
    assert (len(nonces), {len(nonce) for nonce in nonces}) == (20, {16})


@pytest.mark.parametrize("address", [MARYAM, SALEM])
def test_a_rival_who_was_first_by_a_moment(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Made between our look and our row: of the same address it is the one, of another it dies."""
    rival = codes.issue(purpose=Purpose.RESET, subject=SUBJECT, address=address, lane="device")
    in_order = ChallengeQuerySet.in_order
    too_early = iter([True])  # only the first look does not see the rival

    def look(rows: ChallengeQuerySet) -> ChallengeQuerySet:
        return rows.none() if next(too_early, False) else in_order(rows)

    monkeypatch.setattr(ChallengeQuerySet, "in_order", look)
    ours = codes.issue(purpose=Purpose.RESET, subject=SUBJECT, address=MARYAM, lane="device")
    assert not next(too_early, False)
    assert Challenge.objects.open().get() == ours
    assert (ours == rival) == (address == MARYAM)
    assert codes.current(purpose=Purpose.RESET, address=MARYAM, lane="device") == ours
    assert (ours.purpose, ours.subject) == ("reset", SUBJECT)


def test_a_door_that_knows_only_the_address_finds_the_living_challenge() -> None:
    with at(0):
        assert codes.current(purpose=Purpose.RESET, address=MARYAM) is None
        challenge = asked()
        assert codes.current(purpose=Purpose.RESET, address=MARYAM) == challenge
        assert codes.current(purpose=Purpose.ACTIVATE, address=MARYAM) is None
        assert codes.current(purpose=Purpose.RESET, address=MARYAM, lane="device") is None
    with at(600):
        assert codes.current(purpose=Purpose.RESET, address=MARYAM) is None
