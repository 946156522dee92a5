"""Many at once: one company, one decision, one administrator who stays."""

import pytest
from django.db import transaction

from bawaba.domain.accounts.actions import change_name, close_account
from bawaba.domain.accounts.models import User
from bawaba.domain.companies import actions
from bawaba.domain.companies.actions import Registrant
from bawaba.domain.companies.actions.membership import leave_all
from bawaba.domain.companies.models import Company, Membership
from bawaba.domain.companies.roles import Role
from bawaba.domain.companies.roster import LastAdministrator, OutOfDate
from tests.crowd import at_once
from tests.domain.companies.scene import CR_NUMBER, account, firm, join, membership_of, numbered
from tests.people import ahmad, maryam, salem

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 12


def crowd(size: int = MANY) -> list[User]:
    return [account(numbered(number)) for number in range(size)]


def test_of_many_registrants_of_a_number_one_is_administrator() -> None:
    people = crowd()
    at_once(
        MANY,
        lambda index: actions.admit_registrant(user=people[index], cr_number=CR_NUMBER),
        refusals=(),
        threads=MANY,
    )
    assert Company.objects.count() == 1
    states = sorted(Membership.objects.values_list("state", flat=True))
    assert states == ["active"] + ["requested"] * (MANY - 1)


def test_who_brings_the_same_numbers_at_once_waits_and_never_in_a_circle() -> None:
    numbers = [f"{10_000 + number}" for number in range(400)]
    firm(account(ahmad), numbers[3])
    people = crowd(4)

    def bring(index: int) -> None:
        order = numbers if index % 2 else reversed(numbers)
        actions.admit_registrants(registrants=[Registrant(people[index], number) for number in order])

    at_once(len(people), bring, refusals=(), threads=len(people))
    active = Membership.objects.filter(state="active").values_list("company__cr_number", flat=True)
    assert sorted(active) == numbers
    assert Membership.objects.count() == len(people) * len(numbers) + 1


def test_one_person_who_asks_many_times_has_one_request() -> None:
    firm(account(ahmad))
    asker = account(maryam)
    outcomes = at_once(
        MANY,
        lambda _: actions.admit_registrant(user=asker, cr_number=CR_NUMBER),
        refusals=actions.AlreadyMember,
        threads=MANY,
    )
    assert sum(isinstance(outcome, Membership) for outcome in outcomes) == 1


def test_of_many_decisions_on_a_request_one_counts() -> None:
    founder = account(ahmad)
    firm(founder)
    asked = actions.admit_registrant(user=account(maryam), cr_number=CR_NUMBER)

    def decide(index: int) -> bool:
        mine = Membership.objects.get(pk=asked.pk)
        if index % 2:
            actions.admit(membership=mine, roles=[Role.VIEWER], by=founder)
        else:
            actions.decline(membership=mine, by=founder, reason="no")
        return True

    assert at_once(MANY, decide, refusals=OutOfDate, threads=MANY).count(True) == 1


@pytest.mark.parametrize("act", ["leave", "lower each other", "suspend each other"])
def test_two_administrators_who_go_at_once_leave_one(act: str) -> None:
    first, second = account(ahmad), account(maryam)
    company = firm(first)
    join(second, company, Role.ADMINISTRATOR, by=first)
    memberships = [membership_of(first), membership_of(second)]

    def go(index: int) -> None:
        membership, by = memberships[index], memberships[1 - index].user
        if act == "leave":
            actions.leave(membership=membership, by=membership.user)
        elif act == "suspend each other":
            actions.suspend(membership=membership, by=by)
        else:
            actions.change_roles(membership=membership, roles=[Role.VIEWER], by=by)

    refusals = (LastAdministrator, OutOfDate, actions.NotAllowed)
    at_once(2, go, refusals=refusals, threads=2)
    assert Membership.objects.acting().administrators().filter(company=company).count() == 1


def test_an_invitation_makes_one_member() -> None:
    founder = account(ahmad)
    invitation = actions.invite(company=firm(founder), email=salem.email, roles=[Role.PAYER], by=founder, language="ar")
    guest = account(salem)
    outcomes = at_once(
        MANY,
        lambda _: actions.accept_invitation(invitation=type(invitation).objects.get(pk=invitation.pk), by=guest),
        refusals=(OutOfDate, actions.AlreadyMember),
        threads=MANY,
    )
    assert sum(isinstance(outcome, Membership) for outcome in outcomes) == 1
    assert Membership.objects.filter(user=guest).count() == 1


def test_who_joins_while_the_name_changes_is_listed_under_the_name_that_stays() -> None:
    """Many companies at once, so that some of the rows begin beside the change and not only before or after it."""
    founder = account(ahmad)
    numbers = [f"77700{index}" for index in range(1, MANY)]

    def go(index: int) -> None:
        if index % 2:
            actions.admit_registrant(user=User.objects.get(pk=founder.pk), cr_number=numbers[index // 2])
        else:
            change_name(user=founder, first_name=f"سالم{index}", last_name="المثال")

    at_once(MANY, go, refusals=(), threads=MANY)
    founder.refresh_from_db()
    assert set(Membership.objects.values_list("search_key", flat=True)) == {founder.search_key}


def test_whose_name_changes_while_the_account_closes_waits_and_never_in_a_circle() -> None:
    """Two who leave the same companies, and change their names meanwhile."""
    people = [account(ahmad), account(maryam)]
    for number in range(MANY):
        company = firm(people[number % 2], f"7770{number:02}")
        join(people[1 - number % 2], company, Role.ADMINISTRATOR, by=people[number % 2])

    def go(index: int) -> None:
        mine = User.objects.get(pk=people[index % 2].pk)
        if index < 2:
            with transaction.atomic():
                leave_all(user=mine)
                close_account(user=mine)
        else:
            change_name(user=mine, first_name=f"سالم{index}", last_name="المثال")

    at_once(MANY, go, refusals=LastAdministrator, threads=MANY)
