"""Any order of asking, asking again, guessing, claiming, killing and waiting agrees with a plain model of the rules."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from bawaba.infrastructure.codes import codes
from bawaba.infrastructure.codes.codes import AlreadyUsed, Challenge, CodeExpired, Purpose, TooManyGuesses, WrongCode
from bawaba.infrastructure.limits.counter import LimitReached
from bawaba.infrastructure.limits.models import Counter
from tests.infrastructure.codes.desk import MARYAM, START, at, wrong

RARELY = st.sampled_from([False] * 7 + [True])
ONE_OF = st.sampled_from([-1] * 6 + [-2, -3])
WRONG = 99
LIFE, SUBJECT = 600, "9c1f4f3e-0000-4000-8000-000000000001"


@dataclass
class Window:
    """What the rules say of failures in a period."""

    most: int
    seconds: int
    begun: int = -(10**9)
    n: int = 0

    def open(self, now: int) -> bool:
        return self.n < self.most or now >= self.begun + self.seconds

    def count(self, now: int) -> None:
        if now >= self.begun + self.seconds:
            self.begun, self.n = now, 0
        self.n += 1


@dataclass
class Sent:
    """A challenge as the rules see it: the text and expiry of each code, newest last."""

    row: Challenge
    codes: list[tuple[str, int]]
    begun: int
    guesses: int = 0
    over: bool = False

    def live(self, now: int) -> bool:
        return not self.over and now < self.codes[-1][1]

    def accepted(self, now: int) -> set[str]:
        return {text for text, until in self.codes[-2:] if now < until}


class Codes(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        Challenge.objects.all().delete()
        Counter.objects.all().delete()
        self.now = 0
        self.networks = 0
        self.windows = (Window(10, 3600), Window(20, 86_400))
        self.all: list[Sent] = []
        self.spent: list[tuple[codes.Spent, Sent, int, int]] = []

    @rule(seconds=st.sampled_from([1, 59, 299, 300, 301, 599, 600, 601, 3600, 90_000]) | st.sampled_from([1, 299, 300]))
    def time_passes(self, seconds: int) -> None:
        self.now += seconds

    @rule(anew=RARELY)
    def somebody_asks(self, anew: bool) -> None:
        if not anew and self.all and self.all[-1].live(self.now):
            return
        with at(self.now):
            self._made(codes.issue(purpose=Purpose.RESET, subject=SUBJECT, address=MARYAM))

    @precondition(lambda self: self.all)
    @rule(which=ONE_OF)
    def somebody_asks_again(self, which: int) -> None:
        sent = self.all[max(which, -len(self.all))]
        with at(self.now):
            if sent.over:
                with pytest.raises(AlreadyUsed):
                    codes.resend(sent.row)
                return
            again = codes.resend(sent.row)
            if sent.guesses >= 5 or not sent.live(self.now):
                assert again.id != sent.row.id
                self._made(again)
                return
        assert again.id == sent.row.id
        text = codes.derive(again, again.generation, MARYAM)
        if self.now < sent.begun + LIFE / 2:
            assert (text, seconds(again.expires_at)) == sent.codes[-1]
        else:
            sent.codes.append((text, self.now + LIFE))
            sent.begun = self.now
        sent.row = again

    @precondition(lambda self: self.all)
    @rule(which=ONE_OF, backs=st.lists(st.sampled_from([1, 2, 3, WRONG, WRONG]), min_size=1, max_size=3))
    def somebody_guesses(self, which: int, backs: list[int]) -> None:
        sent = self.all[max(which, -len(self.all))]
        for back in backs:
            self._guesses(sent, sent.codes[-back][0] if back <= len(sent.codes) else wrong(sent.row))

    def _guesses(self, sent: Sent, typed: str) -> None:
        self.networks += 1
        with at(self.now):
            try:
                outcome: object = codes.check(
                    sent.row.id, typed=typed, address=MARYAM, source=f"2001:db8:{self.networks:x}::"
                )
            except (codes.CodeRefused, LimitReached) as refused:
                outcome = refused
        self._agrees(sent, typed, outcome)

    def _agrees(self, sent: Sent, typed: str, outcome: object) -> None:
        if sent.over:
            assert isinstance(outcome, AlreadyUsed)
        elif not sent.live(self.now):
            assert isinstance(outcome, CodeExpired)
        elif sent.guesses >= 5:
            assert isinstance(outcome, TooManyGuesses)
        elif not all(window.open(self.now) for window in self.windows):
            assert isinstance(outcome, LimitReached)
        else:
            sent.guesses += 1
            for window in self.windows:
                window.count(self.now)
            if typed in sent.accepted(self.now):
                assert isinstance(outcome, codes.Spent)
                self.spent.append((outcome, sent, [text for text, _ in sent.codes].index(typed), self.now))
            else:
                assert isinstance(outcome, WrongCode)
                assert outcome.tries_left == 5 - sent.guesses

    @precondition(lambda self: self.spent)
    @rule(data=st.data())
    def somebody_claims(self, data: st.DataObject) -> None:
        spent, sent, which, guessed_at = self.spent.pop(data.draw(st.integers(0, len(self.spent) - 1)))
        wins = not sent.over and self.now < sent.codes[which][1] and which >= len(sent.codes) - 2
        with at(self.now):
            if not wins:
                with transaction.atomic(), pytest.raises(AlreadyUsed):
                    codes.claim(spent)
                return
            with transaction.atomic():
                codes.claim(spent)
        for other in self.all:
            other.over = True
        for window in self.windows:
            if guessed_at >= window.begun and window.n:
                window.n -= 1

    @rule(so=RARELY)
    def the_password_changes(self, so: bool) -> None:
        if not so:
            return
        with at(self.now):
            codes.kill(subject=SUBJECT, purpose=Purpose.RESET)
        for sent in self.all:
            sent.over = True

    @invariant()
    def never_more_than_two_codes_live(self) -> None:
        accepted = [sent.accepted(self.now) for sent in self.all if sent.live(self.now)]
        assert len(accepted) <= 1
        assert sum(len(texts) for texts in accepted) <= 2

    @invariant()
    def never_more_than_five_guesses_compared(self) -> None:
        assert all(attempts <= 5 for attempts in Challenge.objects.values_list("attempts", flat=True))

    def _made(self, row: Challenge) -> None:
        for other in self.all:
            other.over = True
        self.all.append(Sent(row, [(codes.derive(row, 1, MARYAM), self.now + LIFE)], self.now))


def seconds(moment: datetime) -> int:
    return (moment - START) // timedelta(seconds=1)


@pytest.mark.django_db
def test_codes_agree_with_the_model() -> None:
    run_state_machine_as_test(Codes, settings=settings(max_examples=100, stateful_step_count=50, deadline=None))
