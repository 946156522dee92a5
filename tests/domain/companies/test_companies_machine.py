"""Two companies and five people: whatever anybody tries in any order agrees with a plain model of the rules (RT-42)."""

from dataclasses import dataclass
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from bawaba.domain.accounts.models import User
from bawaba.domain.companies import actions
from bawaba.domain.companies.models import Change, Company, Membership
from bawaba.domain.companies.roles import Role, granted
from tests.domain.companies.scene import account, numbered

PEOPLE, NUMBERS = 5, ("101", "102")
SOMEBODY, COMPANY = st.integers(0, PEOPLE - 1), st.integers(0, 1)
ROLES = st.sets(st.sampled_from(list(Role)), min_size=1)
ACTS = st.sampled_from(["admit", "decline", "change", "suspend", "resume", "end", "leave", "withdraw"])
FROM = {
    "admit": ("requested",),
    "decline": ("requested",),
    "withdraw": ("requested",),
    "change": ("active", "suspended"),
    "suspend": ("active",),
    "resume": ("suspended",),
    "end": ("requested", "active", "suspended"),
    "leave": ("requested", "active", "suspended"),
}


@dataclass
class Row:
    """A membership as the rules see it."""

    company: int
    person: int
    state: str
    roles: frozenset[Role] = frozenset()


class Companies(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        for model in (Change, Membership, Company, User):
            model.objects.all().delete()
        self.people: list[User] = []
        self.rows: dict[UUID, Row] = {}

    @initialize()
    def everybody_has_an_account(self) -> None:
        self.people = [account(numbered(number)) for number in range(PEOPLE)]

    @rule(person=SOMEBODY, company=COMPANY)
    def register(self, person: int, company: int) -> None:
        if self.present(person, company):
            with pytest.raises(actions.AlreadyMember):
                self.ask(person, company)
            return
        known = any(row.company == company for row in self.rows.values())
        made = self.ask(person, company)
        roles = frozenset() if known else frozenset({Role.ADMINISTRATOR})
        self.rows[made.pk] = Row(company, person, "requested" if known else "active", roles)

    @rule(act=ACTS, roles=ROLES, actor=SOMEBODY, data=st.data())
    def act(self, act: str, roles: frozenset[Role], actor: int, data: st.DataObject) -> None:
        if not self.rows:
            return
        key = list(self.rows)[data.draw(st.integers(0, len(self.rows) - 1))]  # in the order they were made
        row, membership, by = self.rows[key], Membership.objects.get(pk=key), self.people[actor]
        refusal = self.refusal(act, row, actor, frozenset(roles))
        if refusal:
            with pytest.raises(refusal):
                _do(act, membership, by, frozenset(roles))
            return
        _do(act, membership, by, frozenset(roles))
        if act in ("admit", "change"):
            row.roles = frozenset(roles)
        row.state = {"admit": "active", "resume": "active", "suspend": "suspended", "change": row.state}.get(
            act, "ended"
        )

    @invariant()
    def rows_agree(self) -> None:
        found = {row.pk: (row.state, frozenset(row.role_list)) for row in Membership.objects.all()}
        assert found == {key: (row.state, row.roles) for key, row in self.rows.items()}

    @invariant()
    def rights_agree(self) -> None:
        for company, number in enumerate(NUMBERS):
            for person, user in enumerate(self.people):
                acting = Membership.objects.acting().filter(user=user, company__cr_number=number).first()
                row = self.present(person, company)
                expected = granted(row.roles) if row and row.state == "active" else frozenset()
                assert (acting.permissions if acting else frozenset()) == expected

    @invariant()
    def a_company_never_loses_its_last_administrator(self) -> None:
        for company in {row.company for row in self.rows.values()}:
            assert self.administrators(company)

    def refusal(self, act: str, row: Row, actor: int, roles: frozenset[Role]) -> type[Exception] | None:
        if act in ("leave", "withdraw"):
            if actor != row.person:
                return actions.NotAllowed
        elif actor not in self.administrators(row.company):
            return actions.NotAllowed
        lowers = act in ("suspend", "end", "leave") or (act == "change" and Role.ADMINISTRATOR not in roles)
        if lowers and row.state == "active" and self.administrators(row.company) == {row.person}:
            return actions.LastAdministrator
        return None if row.state in FROM[act] else actions.OutOfDate

    def present(self, person: int, company: int) -> Row | None:
        rows = (row for row in self.rows.values() if (row.person, row.company) == (person, company))
        return next((row for row in rows if row.state != "ended"), None)

    def administrators(self, company: int) -> set[int]:
        rows = (row for row in self.rows.values() if row.company == company and row.state == "active")
        return {row.person for row in rows if Role.ADMINISTRATOR in row.roles}

    def ask(self, person: int, company: int) -> Membership:
        return actions.admit_registrant(user=self.people[person], cr_number=NUMBERS[company])


def _do(act: str, membership: Membership, by: User, roles: frozenset[Role]) -> None:
    with transaction.atomic():
        if act == "admit":
            actions.admit(membership=membership, roles=roles, by=by)
        elif act == "decline":
            actions.decline(membership=membership, by=by, reason="no")
        elif act == "change":
            actions.change_roles(membership=membership, roles=roles, by=by)
        elif act == "withdraw":
            actions.withdraw(membership=membership, by=by)
        else:
            {"suspend": actions.suspend, "resume": actions.resume, "end": actions.end, "leave": actions.leave}[act](
                membership=membership, by=by
            )


@pytest.mark.django_db
def test_companies_agree_with_the_model() -> None:
    run_state_machine_as_test(Companies, settings=settings(max_examples=12, stateful_step_count=40, deadline=None))
