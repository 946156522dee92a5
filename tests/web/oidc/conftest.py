"""What the tests of the services' door begin with: ahmad, who administers a company, signed in; and one service."""

import pytest

from bawaba.domain.accounts.models import User
from bawaba.domain.companies import actions as companies
from tests.accounts import open_account, signed_in
from tests.client import Browser
from tests.people import ahmad, example_trading
from tests.web.oidc.party import Party


@pytest.fixture
def owner(db: None) -> User:
    user = open_account(ahmad)
    companies.admit_registrant(user=user, cr_number=example_trading.cr_number)
    return user


@pytest.fixture
def party(db: None) -> Party:
    return Party()


@pytest.fixture
def browser(owner: User) -> Browser:
    return signed_in(ahmad)
