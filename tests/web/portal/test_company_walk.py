"""Whatever the people of two companies press, in any order and with each other's ids, each sees and changes its own."""

from copy import deepcopy
from datetime import timedelta
from typing import Any, ClassVar
from uuid import UUID

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from bawaba.domain.accounts.models import User
from bawaba.domain.catalogue import actions as catalogue
from bawaba.domain.catalogue import files
from bawaba.domain.companies.models import CompanyIdentifier, Delegation, Invitation, Membership
from bawaba.domain.companies.roles import Role
from bawaba.web.ui.fields import today_in_kuwait
from tests.client import Browser
from tests.page import Page
from tests.people import Person
from tests.web.portal.two_companies import EVERYBODY, FIRMS, found, hidden_from, managed, may_change, rows

SOMEBODY = st.sampled_from([0, 1, 0, 1, 2, 3])  # places in EVERYBODY; administrators find more to press
CR_NUMBER = st.sampled_from([firm.cr_number for firm in FIRMS])
TODAY = today_in_kuwait()
PAGES = (
    "home",
    "company",
    "edit_company",
    "members",
    "join_requests",
    "invitations",
    "delegations",
    "user_list",
    "my_requests",
    "join_company",
    "connected_services",
)
ROWS = {"member": Membership, "join_request": Membership, "my_request": Membership, "invitation": Invitation}
PRESSES: tuple[tuple[str, type[Any], dict[str, str]], ...] = (
    ("join_request", Membership, {"admit": "1", "roles": "viewer"}),
    ("join_request", Membership, {"decline": "1"}),
    ("change_roles", Membership, {"roles": "payer"}),
    ("change_roles", Membership, {"roles": "administrator"}),
    ("suspend_member", Membership, {}),
    ("resume_member", Membership, {}),
    ("end_member", Membership, {}),
    ("withdraw_request", Membership, {}),
    ("resend_invitation", Invitation, {}),
    ("withdraw_invitation", Invitation, {}),
    ("answer_invitation", Invitation, {"accept": "1"}),
    ("answer_invitation", Invitation, {"decline": "1"}),
    ("answer_delegation", Delegation, {"accept": "1"}),
    ("answer_delegation", Delegation, {"refuse": "1"}),
    ("revoke_delegation", Delegation, {}),
    ("remove_identifier", CompanyIdentifier, {}),
)
FORMS: dict[str, st.SearchStrategy[dict[str, str]]] = {
    "join_company": st.fixed_dictionaries({"cr_number": CR_NUMBER}),
    "invitations": st.fixed_dictionaries(
        {
            "email": st.sampled_from([person.email for person in EVERYBODY]),
            "roles": st.sampled_from([role.value for role in Role]),
            "language": st.just("ar"),
        }
    ),
    "delegations": st.fixed_dictionaries(
        {
            "cr_number": CR_NUMBER,
            "services": st.sampled_from(["import-licence", "declarations"]),
            "starts_on": st.just(TODAY.isoformat()),
            "ends_on": st.just((TODAY + timedelta(days=9)).isoformat()),
        }
    ),
    "add_identifier": st.fixed_dictionaries({"type": st.just("licence"), "value": st.sampled_from(["L-1", "L-2"])}),
}


class Walk(RuleBasedStateMachine):
    """Each run begins where `found` left the two companies, and leaves nothing behind."""

    found: ClassVar[list[Browser]]

    def __init__(self) -> None:
        super().__init__()
        self.mark = transaction.savepoint()
        self.browsers = [Browser(person) for person in EVERYBODY]
        for own, first in zip(self.browsers, self.found, strict=True):
            own.client.cookies = deepcopy(first.client.cookies)
        self.tokens = [browser.page.root.all("input", name="csrfmiddlewaretoken")[0]["value"] for browser in self.found]
        self.users = [User.objects.get(email=person.email) for person in EVERYBODY]
        self.rows = rows()

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.mark)

    @rule(who=SOMEBODY, page=st.sampled_from(PAGES), language=st.sampled_from(["ar", "en"]))
    def look(self, who: int, page: str, language: str) -> None:
        self.get(who, _path(page, language=language))

    @rule(who=SOMEBODY, page=st.sampled_from(list(ROWS)), data=st.data())
    def look_at_a_row(self, who: int, page: str, data: st.DataObject) -> None:
        self.get(who, _path(page, _any_row(ROWS[page], data)))

    @rule(who=SOMEBODY, wanted=st.sampled_from(EVERYBODY), data=st.data())
    def search(self, who: int, wanted: Person, data: st.DataObject) -> None:
        members = _path("members")
        self.get(who, f"{members}?q={wanted.first_name}&ended=1", typed=[wanted.first_name])
        self.get(who, f"{members}?after={_any_row(Membership, data)}")

    @rule(who=SOMEBODY, what=st.sampled_from(PRESSES), data=st.data())
    def press(self, who: int, what: tuple[str, type[Any], dict[str, str]], data: st.DataObject) -> None:
        page, model, values = what
        self.post(who, _path(page, _any_row(model, data)), **values)

    @rule(who=SOMEBODY, form=st.sampled_from(list(FORMS)), data=st.data())
    def fill_in(self, who: int, form: str, data: st.DataObject) -> None:
        self.post(who, _path(form), **data.draw(FORMS[form]))

    @rule(who=SOMEBODY, under=st.booleans(), data=st.data())
    def act_for(self, who: int, under: bool, data: st.DataObject) -> None:
        chosen = str(_any_row(Membership, data))
        if under:
            chosen += f"/{_any_row(Delegation, data)}"
        self.post(who, _path("act_for"), acting=chosen, back=_path("company"))

    def get(self, who: int, path: str, *, typed: list[str] | None = None) -> None:
        before = managed(self.users[who])
        self.check(who, self.browsers[who].get(path, status=None), before, typed or [])

    def post(self, who: int, path: str, **values: str) -> None:
        before = managed(self.users[who])
        data = {"csrfmiddlewaretoken": self.tokens[who], **values}
        self.check(who, self.browsers[who].post(path, data, status=None), before, list(values.values()))

    def check(self, who: int, page: Page, managed_before: set[UUID], typed: list[str]) -> None:
        """`typed` is what this request brought itself: a form gives it back."""
        assert page.status < 500, page.path
        user = self.users[who]
        readable = page.source + page.root.text  # an address may be broken in the source
        shown = {text for text in hidden_from(EVERYBODY[who], user) - set(typed) if text in readable}
        assert not shown, f"{page.path} shows {shown}"
        now = rows()
        for row in now.keys() | self.rows.keys():
            before, after = self.rows.get(row), now.get(row)
            if before != after:
                assert may_change(row, after or before or {}, user, managed_before), f"{page.path}: {before} → {after}"
        self.rows = now


def _path(page: str, *arguments: object, language: str = "ar") -> str:
    with translation.override(language):  # the last request leaves its own behind
        return reverse(page, args=arguments)


def _any_row(model: type[Any], data: st.DataObject) -> Any:
    """The id of a row of either company."""
    order = "pk" if model is CompanyIdentifier else "created_at"
    keys = list(model.objects.order_by(order).values_list("pk", flat=True))
    return keys[data.draw(st.integers(0, len(keys) - 1))] if keys else 0


@pytest.mark.django_db
def test_two_companies_stay_strangers_whatever_their_people_press() -> None:
    catalogue.apply(files.read(files.DEMO.read_text(encoding="utf-8")), actor="operator")
    Walk.found = found()
    quick = settings(max_examples=20, stateful_step_count=20, phases=(Phase.reuse, Phase.generate))  # short as it is
    run_state_machine_as_test(Walk, settings=quick)
