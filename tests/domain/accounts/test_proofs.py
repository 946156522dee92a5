"""A code to another e-mail or mobile: who is told, what is counted, and whose code it is."""

from uuid import UUID

import pytest

from bawaba.domain.accounts import proofs
from bawaba.domain.accounts.models import User
from bawaba.domain.accounts.proofs import NotTheirs
from bawaba.infrastructure.audit.models import Event
from bawaba.infrastructure.codes.codes import Challenge, WrongCode
from bawaba.infrastructure.limits import counter
from bawaba.infrastructure.limits.counter import LimitReached
from bawaba.infrastructure.limits.table import FAILURES_SOURCE, SEND_EMAIL_SOURCE, SEND_SMS_SOURCE, Limit
from bawaba.infrastructure.messaging.models import Message
from tests.accounts import open_account
from tests.journey import code_sent_to
from tests.people import ahmad, maryam

pytestmark = pytest.mark.django_db

HERE, ELSEWHERE = "192.0.2.7", "192.0.2.8"
NEW, MOBILE = "ahmad.new@example.com", "+96550000999"


@pytest.fixture
def user() -> User:
    return open_account(ahmad)


def to_email(user: User, email: str = NEW, source: str = HERE) -> UUID:
    return proofs.send_email_code(user=user, email=email, source=source)


def to_mobile(user: User, source: str = HERE) -> UUID:
    return proofs.send_mobile_code(user=user, mobile=MOBILE, source=source)


def give_email(user: User, challenge: UUID, *, typed: str, source: str = HERE) -> None:
    proofs.change_email(user=user, email=NEW, challenge=challenge, typed=typed, source=source, keep="")


def give_mobile(user: User, challenge: UUID, *, typed: str, source: str = HERE) -> None:
    proofs.prove_mobile(user=user, mobile=MOBILE, challenge=challenge, typed=typed, source=source)


def use_up(limit: Limit) -> None:
    for _ in range(limit.windows[0].most):
        counter.spend(limit, HERE)


@pytest.mark.parametrize(("send", "limit"), [(to_email, SEND_EMAIL_SOURCE), (to_mobile, SEND_SMS_SOURCE)])
def test_what_is_sent_counts_for_the_network_that_asked(user: User, send: object, limit: Limit) -> None:
    assert callable(send)
    use_up(limit)
    with pytest.raises(LimitReached) as refused:
        send(user)
    assert refused.value.limit == limit
    assert send(user, source=ELSEWHERE)


@pytest.mark.parametrize(("send", "give"), [(to_email, give_email), (to_mobile, give_mobile)])
def test_guesses_count_for_the_network_that_guesses(user: User, send: object, give: object) -> None:
    assert callable(send)
    assert callable(give)
    challenge = send(user)
    use_up(FAILURES_SOURCE)
    with pytest.raises(LimitReached) as refused:
        give(user, challenge, typed="0")
    assert refused.value.limit == FAILURES_SOURCE
    with pytest.raises(WrongCode):
        give(user, challenge, typed="0", source=ELSEWHERE)


@pytest.mark.parametrize(("send", "give", "address"), [(to_email, give_email, NEW), (to_mobile, give_mobile, MOBILE)])
def test_a_code_is_worthless_for_another_person(user: User, send: object, give: object, address: str) -> None:  # RT-17
    assert callable(send)
    assert callable(give)
    challenge = send(user)
    code = code_sent_to(address)
    hers = open_account(maryam)
    with pytest.raises(NotTheirs):
        give(hers, challenge, typed=code)
    hers.refresh_from_db()
    assert (hers.email, hers.mobile) == (maryam.email, maryam.mobile)
    give(user, challenge, typed=code)


def test_a_free_address_is_sent_the_code_and_the_register_knows_who_asked(user: User) -> None:
    challenge = to_email(user)
    message = Message.objects.get(address=NEW)
    assert (message.kind, message.subject, message.challenge) == ("change_email_code", str(user.id), challenge)
    event = Event.objects.get(event="email.change_asked")
    assert (event.subject, event.actor) == (str(user.id), str(user.id))


def test_an_address_with_an_account_gets_a_row_that_belongs_to_nobody(user: User) -> None:  # G4
    open_account(maryam)
    challenge = to_email(user, maryam.email)
    assert Challenge.objects.get(id=challenge).decoy
    message = Message.objects.get(address=maryam.email)
    assert (message.kind, message.subject) == ("existing_account", str(user.id))


def test_a_code_by_sms_names_the_account_it_is_about(user: User) -> None:
    challenge = to_mobile(user)
    message = Message.objects.get(address=MOBILE)
    assert (message.channel, message.subject, message.challenge) == ("sms", str(user.id), challenge)
