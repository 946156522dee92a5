"""docs/integrate says of scopes, claims and times what the code says."""

import re

from bawaba.infrastructure.limits import table
from bawaba.web.oidc.claims import CLAIMS, SCOPES
from bawaba.web.oidc.validator import ONE_FACTOR, TWO_FACTORS
from tests.gates.documents import DOCS

PAGE = (DOCS / "integrate/README.md").read_text(encoding="utf-8")


def test_every_claim_is_told_with_its_scope() -> None:
    told = dict(re.findall(r"^\| `(\w+)` \| `(\w+)` \|", PAGE, re.MULTILINE))
    assert told == CLAIMS
    assert set(told.values()) == set(SCOPES)


def test_the_times_are_those_of_the_limits() -> None:
    assert (table.OIDC_CODE.value, table.OIDC_TOKEN.value, table.OIDC_FAMILY.value) == (60, 600, 43_200)
    for words in (
        "| code | 60 seconds, once |",
        "| access token, ID token | 10 minutes |",
        "12 hours from the sign-in",
    ):
        assert words in PAGE


def test_the_names_of_the_factors_are_told() -> None:
    assert f"`{ONE_FACTOR}`" in PAGE
    assert f"`{TWO_FACTORS}`" in PAGE
