"""Many at once: one code and one refresh token are worth one answer."""

import pytest

from bawaba.domain.accounts.models import User
from tests.accounts import signed_in
from tests.crowd import at_once
from tests.people import ahmad
from tests.web.oidc.party import Party

pytestmark = pytest.mark.django_db(transaction=True)
MANY = 12


def test_of_many_exchanges_of_a_code_one_gets_tokens(party: Party, owner: User) -> None:
    asking = party.ask()
    code = asking.send(signed_in(ahmad))["code"]
    answers = at_once(MANY, lambda _: party.exchange(code, asking).status_code, refusals=(), threads=MANY)
    assert sorted(answers, key=str) == [200] + [400] * (MANY - 1)


def test_of_many_uses_of_a_refresh_token_one_gets_tokens(party: Party, owner: User) -> None:
    token = party.tokens_for(signed_in(ahmad))["refresh_token"]
    answers = at_once(MANY, lambda _: party.refresh(token).status_code, refusals=(), threads=MANY)
    assert sorted(answers, key=str) == [200] + [400] * (MANY - 1)
