"""Many who come at once, as an import brings them: what becomes of them is what became of one after the other."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.db import transaction
from django.test import override_settings
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from bawaba.domain.accounts.models import User
from bawaba.domain.companies import actions, trade_register
from bawaba.domain.companies.actions import Registrant
from bawaba.domain.companies.models import Change, Company, Membership, RegisterEntry
from bawaba.domain.companies.roles import Role
from bawaba.infrastructure.audit.models import Event
from bawaba.infrastructure.messaging.models import Message
from tests.domain.companies.scene import account, events_of, firm, messages_to, numbered, officer
from tests.people import ahmad, maryam, salem

pytestmark = pytest.mark.django_db
PEOPLE, NUMBERS = 6, ("101", "102", "103")
BEFORE = ("none", "administered", "left", "suspended", "closed", "closed and administered")
State = Membership.State

Comers = list[tuple[int, str]]
comers = st.lists(st.tuples(st.integers(0, PEOPLE - 1), st.sampled_from(NUMBERS)), max_size=10)
companies = st.tuples(*(st.sampled_from(BEFORE) for _ in NUMBERS))
signatories = st.dictionaries(st.sampled_from(NUMBERS), st.lists(st.integers(0, PEOPLE - 1), max_size=2))
policies = st.sampled_from([("auto", ""), ("review", ""), ("registry", "csv"), ("registry", "http")])


def one_by_one(registrants: Sequence[Registrant]) -> None:
    for each in registrants:
        actions.admit_registrant(user=each.user, cr_number=each.cr_number, legal_form=each.legal_form)


def at_once(registrants: Sequence[Registrant]) -> None:
    actions.admit_registrants(registrants=registrants)


@given(policies, companies, signatories, comers)
@example(("registry", "csv"), ("none",) * 3, {"101": [1]}, [(0, "101"), (1, "101"), (2, "101")])
@example(("auto", ""), ("none", "administered", "closed"), {}, [(n, number) for n in (1, 2) for number in NUMBERS])
@settings(max_examples=40)
def test_many_at_once_leave_what_they_leave_one_after_the_other(
    policy: tuple[str, str], before: tuple[str, ...], listed: dict[str, list[int]], who: Comers
) -> None:
    assert left(at_once, policy, before, listed, who) == left(one_by_one, policy, before, listed, who)


def left(
    come: Callable[[Sequence[Registrant]], None],
    policy: tuple[str, str],
    before: tuple[str, ...],
    listed: dict[str, list[int]],
    who: Comers,
) -> Any:
    """What is found after these came; nothing of it stays."""
    with transaction.atomic():
        people = [account(numbered(number)) for number in range(PEOPLE)]
        for number, state in zip(NUMBERS, before, strict=True):
            company_before(number, state)
        for number, signing in listed.items():
            digests = [trade_register.signatory_digest(people[each].civil_id) for each in signing]
            RegisterEntry.objects.create(cr_number=number, name_ar="شركة", signatories=digests, source="csv")
        chosen = replace(django_settings.BAWABA, admission_policy=policy[0], trade_register=policy[1])
        registrants = [Registrant(people[person], number, "wll") for person, number in who]
        refused = False
        with override_settings(BAWABA=chosen):
            try:
                with transaction.atomic():
                    come(registrants)
            except actions.AlreadyMember:
                refused = True
        found = (refused, picture())
        transaction.set_rollback(True)
    return found


def company_before(number: str, state: str) -> None:
    if state == "none":
        return
    founder = account(replace(numbered(int(number)), civil_id=f"1800102{number:0>5}"))
    company = firm(founder, number)
    if state == "left":
        Membership.objects.filter(company=company).update(state=State.ENDED)
    elif state == "suspended":
        actions.suspend_company(company=company, by=officer(), reason="papers")
    elif state != "administered":
        actions.close_company(company=company, by=officer(), reason="papers")
    if state == "closed and administered":
        founder = account(replace(numbered(int(number) + 100), civil_id=f"1800103{number:0>5}"))
        asked = actions.admit_registrant(user=founder, cr_number=number)
        actions.admit(membership=asked, roles=[Role.ADMINISTRATOR], by=officer())


def picture() -> Any:
    """Everything of companies, in the order in which it happened to each; ids and moments by what they belong to."""
    names = {str(user.pk): user.email for user in User.objects.all()} | {"": ""}
    found = list(Company.objects.order_by("cr_number", "created_at"))
    names |= {str(company.pk): f"{place} {company.cr_number}" for place, company in enumerate(found)}
    members = {company.pk: list(company.memberships.order_by("created_at")) for company in found}
    names |= {
        str(each.pk): f"{names[str(pk)]} {names[str(each.user_id)]} {place}"
        for pk, each_of in members.items()
        for place, each in enumerate(each_of)
    }
    told = Message.objects.values_list("kind", "subject", "address", "language", "variables")
    return [
        [
            (
                [company.status, company.state, company.register, company.name_ar, company.legal_form_id],
                company.roster,
                [
                    (
                        names[str(each.pk)],
                        each.state,
                        each.roles,
                        each.signatory,
                        each.search_key,
                        each.active_from is not None,
                    )
                    for each in members[company.pk]
                ],
                [
                    (names[str(each.record)], each.event, each.state, each.roles, names.get(each.by), each.by_officer)
                    for each in Change.objects.filter(company=company).order_by("id")
                ],
                [
                    (each.event, names[each.subject], names.get(each.actor), facts_of(each, names))
                    for each in Event.objects.filter(company=str(company.pk)).order_by("id")
                ],
            )
            for company in found
        ],
        sorted((kind, names[subject], *map(str, rest)) for kind, subject, *rest in told),
    ]


def facts_of(event: Event, names: dict[str, str]) -> dict[str, str]:
    return {name: names.get(str(value), str(value)) for name, value in event.facts.items()}


def test_of_two_of_a_number_the_first_administers_and_the_second_asks() -> None:
    people = [account(person) for person in (ahmad, maryam, salem)]
    numbers = ("101", "101", "102")
    at_once([Registrant(user, number) for user, number in zip(people, numbers, strict=True)])
    states = [Membership.objects.get(user=user).state for user in people]
    assert states == [State.ACTIVE, State.REQUESTED, State.ACTIVE]
    assert [messages_to(user) for user in people] == [["membership_requested"], [], []]
    assert events_of(Membership.objects.get(user=people[0]).pk) == ["membership.asked", "membership.granted"]
    assert events_of(Membership.objects.get(user=people[1]).pk) == ["membership.asked"]


def test_where_one_is_a_member_already_nobody_came() -> None:
    founder = account(ahmad)
    firm(founder)
    with pytest.raises(actions.AlreadyMember):
        at_once([Registrant(account(maryam), "102"), Registrant(founder, "123456")])
    assert not Company.objects.with_cr_number("102").exists()


@pytest.mark.parametrize("known", [False, True], ids=["unknown", "known"])
@pytest.mark.parametrize(("policy", "register"), [("auto", ""), ("review", ""), ("registry", "csv")])
def test_forty_new_companies_cost_as_many_statements_as_one(
    django_assert_max_num_queries: DjangoAssertNumQueries, policy: str, register: str, *, known: bool
) -> None:
    """Also of numbers that the register knows, of people whom it does not list."""
    if known:
        RegisterEntry.objects.bulk_create(
            RegisterEntry(cr_number=f"10{each}", name_ar="شركة", source="csv") for each in ("0", *range(1, 41))
        )
    changed = replace(django_settings.BAWABA, admission_policy=policy, trade_register=register)
    with override_settings(BAWABA=changed):
        with django_assert_max_num_queries(1_000) as one:
            at_once([Registrant(account(numbered(0)), "100")])
        registrants = [Registrant(account(numbered(each)), f"10{each}") for each in range(1, 41)]
        with django_assert_max_num_queries(len(one)):
            at_once(registrants)
    assert Company.objects.filter(status="verified").exists() == (known and policy == "registry")
