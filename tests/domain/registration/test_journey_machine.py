"""Any order of registering, resending, correcting, proving, waiting and resetting: never a forbidden state."""

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from itertools import count
from uuid import uuid4

import pytest
import time_machine
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bawaba.domain.accounts import credentials, recovery
from bawaba.domain.accounts.models import User
from bawaba.domain.registration import actions
from bawaba.domain.registration.actions import CivilIdTaken, Consent, Details, NoLongerPending
from bawaba.domain.registration.models import Registration, RegistrationQuerySet, State
from bawaba.infrastructure.codes.codes import CodeRefused
from bawaba.infrastructure.codes.models import Challenge
from bawaba.infrastructure.limits.counter import LimitReached
from bawaba.infrastructure.messaging.models import Message
from tests.identifiers.numbers import civil_id
from tests.journey import code_sent_to
from tests.people import ahmad, maryam, salem

RUNS = count()
PEOPLE = (ahmad, maryam, salem)
WHO = st.sampled_from(range(len(PEOPLE)))
WAITS = st.sampled_from([1, 30, 61, 600, 1801, 3601, 86_400, 7 * 86_400])  # seconds
REFUSED = (CodeRefused, LimitReached, NoLongerPending, CivilIdTaken)


class Journey(RuleBasedStateMachine):
    """`proven` maps an e-mail to the password that its account must have. Each run has people of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.mark = next(RUNS)
        self.source = f"10.{self.mark % 250}.0.1"
        self.clock = time_machine.travel(datetime(2026, 11, 24, 6, tzinfo=UTC), tick=False)
        self.now = self.clock.start()
        self.passwords: dict[str, str] = {}
        self.proven: dict[str, str] = {}

    def teardown(self) -> None:
        self.clock.stop()
        for email, password in self.proven.items():
            assert credentials.verify_password(password, User.objects.get(email=email).password)

    @rule(who=WHO, whose=WHO)
    def register(self, who: int, whose: int) -> None:
        person, email = PEOPLE[who], self._email(whose)
        password = f"Harbour#{who}{len(self.passwords)}x"
        with suppress(LimitReached):
            registration = actions.submit(
                details=Details(
                    first_name=person.first_name,
                    last_name=person.last_name,
                    gender=person.gender,
                    civil_id=civil_id(date(1850, 1, 1 + who), self.mark)
                    or civil_id(date(1850, 1, 10 + who), self.mark),
                    cr_number=str(1000 + self.mark),
                    mobile=person.mobile,
                    email=email,
                ),
                password=password,
                consent=Consent(version="1", text_hash="0" * 64),
                language="ar",
                nonce=uuid4().hex,
                source=self.source,
            )
            self.passwords[str(registration.id)] = password

    @rule(seconds=WAITS)
    def wait(self, seconds: int) -> None:
        self.now.shift(timedelta(seconds=seconds))

    @precondition(lambda self: self.passwords)
    @rule(data=st.data())
    def resend(self, data: st.DataObject) -> None:
        with suppress(LimitReached, NoLongerPending):
            actions.resend_email_code(self._some(data), source=self.source)

    @precondition(lambda self: self.passwords)
    @rule(data=st.data(), whose=WHO)
    def correct(self, data: st.DataObject, whose: int) -> None:
        with suppress(LimitReached, NoLongerPending):
            actions.correct_email(self._some(data), email=self._email(whose), source=self.source)

    @precondition(lambda self: self.passwords)
    @rule(data=st.data(), whose=WHO)
    def verify_with_the_newest_code_of(self, data: st.DataObject, whose: int) -> None:
        """The code is the right one only if it was sent to this request's own address and for this request."""
        registration, email = self._some(data), self._email(whose)
        typed = self._newest_code(email)
        before = set(User.objects.values_list("email", flat=True))
        with suppress(*REFUSED):
            user = actions.verify_email(registration, typed=typed, source=self.source)
            assert user is not None
            assert registration.email == email
            assert email not in before
            self.proven[email] = self.passwords[str(registration.id)]

    @precondition(lambda self: self.passwords)
    @rule(data=st.data(), typed=st.sampled_from(["000000", "123456", "٩٩٩٩٩٩", "²²²²²²", ""]))
    def verify_with_a_guess(self, data: st.DataObject, typed: str) -> None:
        registration = self._some(data)
        if typed != self._newest_code(registration.email):
            with pytest.raises(REFUSED):
                actions.verify_email(registration, typed=typed, source=self.source)

    @rule(whose=WHO)
    def ask_for_a_new_password(self, whose: int) -> None:
        with suppress(LimitReached):
            recovery.send_code(email=self._email(whose), language="ar", source=self.source)

    @rule(whose=WHO, of=WHO)
    def reset_with_the_newest_code_of(self, whose: int, of: int) -> None:
        email = self._email(whose)
        password = f"Lighthouse#{len(self.proven)}{whose}"
        typed = self._newest_code(self._email(of), kind="reset_code")
        with suppress(CodeRefused, LimitReached):
            recovery.reset_password(email=email, typed=typed, password=password, source=self.source)
            assert whose == of
            assert email in self.proven
            self.proven[email] = password

    @invariant()
    def accounts_are_those_that_were_proven(self) -> None:
        users = {user.email: user for user in User.objects.filter(email__startswith=f"{self.mark}.")}
        assert set(users) == set(self.proven)
        assert len({user.civil_id_digest for user in users.values()}) == len(users)

    @invariant()
    def nothing_is_pending_beside_a_request_that_was_proven(self) -> None:
        for proven in self._requests().exclude(email_proven_at=None):
            rivals = self._requests().filter(state=State.PENDING, email_key=proven.email_key)
            assert not rivals.filter(created_at__lt=proven.email_proven_at, known=False).exists()

    @invariant()
    def no_challenge_compared_more_than_five_guesses(self) -> None:
        assert not Challenge.objects.filter(attempts__gt=5).exists()

    def _email(self, whose: int) -> str:
        return f"{self.mark}.{PEOPLE[whose].email}"

    def _civil_id(self, who: int) -> str:
        numbers = (civil_id(date(1850 + who, 1, day), self.mark) for day in range(1, 29))
        return next(number for number in numbers if number)

    def _requests(self) -> RegistrationQuerySet:
        return Registration.objects.filter(email__startswith=f"{self.mark}.")

    def _some(self, data: st.DataObject) -> Registration:
        return Registration.objects.get(id=data.draw(st.sampled_from(sorted(self.passwords))))

    def _newest_code(self, email: str, kind: str = "activation_code") -> str:
        message = Message.objects.filter(address=email, kind=kind).order_by("-created_at").first()
        return code_sent_to(email, kind=kind) if message else "000000"


@pytest.mark.django_db
def test_no_order_of_acts_reaches_a_forbidden_state() -> None:
    limits = settings(max_examples=60, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(Journey, settings=limits)
