"""What the purge forgets of the counters, and what it keeps."""

import pytest

from bawaba.infrastructure.limits import counter, retention
from bawaba.infrastructure.limits.models import Counter
from bawaba.infrastructure.limits.table import API, CODE_CONSECUTIVE, SIGN_IN_FAILURES
from tests.infrastructure.limits.tally import MARYAM, at, spend

pytestmark = pytest.mark.django_db


def test_the_purge_removes_what_is_over_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "SLICE", 2)
    with at(0):
        for key in "abcde":
            counter.spend(API, key)
        spend(SIGN_IN_FAILURES, MARYAM, 10)
        counter.spend(CODE_CONSECUTIVE, MARYAM)
    with at(59):
        assert retention.purge() == 0
    with at(60):
        assert retention.purge() == 5
    with at(3600):
        assert retention.purge() == 0
    with at(3601):
        assert retention.purge() == 1
    assert Counter.objects.get().name == "code.consecutive:0"
