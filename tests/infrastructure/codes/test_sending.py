"""Which challenge a code is sent for, and what sending costs."""

from dataclasses import replace
from uuid import uuid4

import pytest
from django.conf import settings

from bawaba.infrastructure import clock
from bawaba.infrastructure.codes import codes, sending
from bawaba.infrastructure.codes.codes import AlreadyUsed, Challenge, Purpose, WrongCode
from bawaba.infrastructure.codes.models import ChallengeQuerySet
from bawaba.infrastructure.limits import counter
from bawaba.infrastructure.limits.counter import LimitReached
from bawaba.infrastructure.limits.models import Counter
from bawaba.infrastructure.limits.table import (
    CODE_FAILURES_SITE,
    SEND_EMAIL,
    SEND_EMAIL_SITE,
    SEND_EMAIL_SOURCE,
    SEND_SMS,
    SEND_SMS_SITE,
    SITE,
)
from tests.infrastructure.codes.desk import MARYAM, SALEM, SOURCE, at, guess, issued, newest, use, wrong

pytestmark = pytest.mark.django_db
SUBJECT = str(uuid4())
MOBILE = "+96550000001"


def asked(purpose: Purpose = Purpose.RESET, address: str = MARYAM, subject: str = SUBJECT) -> Challenge:
    return codes.request(purpose=purpose, subject=subject, address=address, source=SOURCE)


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


# --- caps


@pytest.mark.parametrize(
    ("purpose", "address", "limit"),
    [(Purpose.ACTIVATE, MARYAM, SEND_EMAIL), (Purpose.MOBILE, MOBILE, SEND_SMS)],
)
def test_one_message_a_minute_and_a_refused_one_changes_nothing(purpose: Purpose, address: str, limit: object) -> None:
    with at(0):
        first = asked(purpose, address)
    with at(59.999), pytest.raises(LimitReached) as refused:
        asked(purpose, address)
    assert refused.value.limit == limit
    assert set(Counter.objects.values_list("n", flat=True)) == {1}
    with at(60):
        assert asked(purpose, address).id == first.id


def test_one_network_asks_for_thirty_messages_an_hour() -> None:
    with at(0):
        for number in range(30):
            asked(address=f"salem{number}@example.com", subject=str(uuid4()))
        with pytest.raises(LimitReached) as refused:
            asked(subject=str(uuid4()))
    assert refused.value.limit == SEND_EMAIL_SOURCE


def test_a_decoy_costs_what_a_real_challenge_costs() -> None:
    asked(subject="")
    of_decoy = sorted(Counter.objects.exclude(key__startswith="site").values_list("key", "name", "n"))
    Counter.objects.all().delete()
    asked()
    assert of_decoy == sorted(Counter.objects.exclude(key__startswith="site").values_list("key", "name", "n"))


def test_aliases_of_one_address_share_a_counter() -> None:
    """RT-10: doors hand over the normalised address, so every subject behind it meets the same cap."""
    with at(0):
        asked(subject=str(uuid4()))
        with pytest.raises(LimitReached):
            asked(subject=str(uuid4()))


def test_without_sms_left_for_the_site_the_e_mail_still_goes() -> None:
    with at(0):
        counter.spend(SEND_SMS_SITE, SITE)
        Counter.objects.filter(name="send.sms.site:86400").update(n=2000)
        with pytest.raises(LimitReached) as refused:
            asked(Purpose.MOBILE, MOBILE)
        assert refused.value.limit == SEND_SMS_SITE
        asked(Purpose.ACTIVATE, MARYAM)
        assert counter.total(SEND_EMAIL_SITE) == 1


# --- the whole site under attack


def test_after_three_hundred_failures_in_an_hour_new_codes_are_long_until_an_hour_stays_below() -> None:
    with at(0):
        for _ in range(300):
            counter.hit(CODE_FAILURES_SITE)
        first = asked()
        sent = newest(first)
        assert len(sent) == first.digits == 8
        with pytest.raises(WrongCode):
            guess(first, "00000000")
        assert codes.under_attack()
        assert issued(Purpose.ACTIVATE).digits == 12
    with at(299):
        assert asked().digits == 8
    with at(360):
        known = asked()
        assert (known.digits, known.previous_digits) == (12, 8)
        assert len(newest(known)) == 12
        use(known, sent)
    with at(3959):
        assert codes.under_attack()
    with at(3960):
        assert not codes.under_attack()
        assert issued(Purpose.ACTIVATE).digits == 6


def test_a_long_code_is_taken() -> None:
    with at(0):
        for _ in range(301):
            counter.hit(CODE_FAILURES_SITE)
        challenge = asked()
        assert use(challenge, newest(challenge)).generation == 1


def test_an_operator_may_do_without_long_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "BAWABA", replace(settings.BAWABA, long_codes=False))
    with at(0):
        for _ in range(301):
            counter.hit(CODE_FAILURES_SITE)
        assert asked().digits == 8
