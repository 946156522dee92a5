"""The whole site under attack: new codes are long until an hour has stayed below."""

from dataclasses import replace

import pytest
from django.conf import settings

from bawaba.infrastructure.codes import codes
from bawaba.infrastructure.codes.codes import Purpose, WrongCode
from bawaba.infrastructure.limits import counter
from bawaba.infrastructure.limits.table import CODE_FAILURES_SITE
from tests.infrastructure.codes.desk import asked, at, guess, issued, newest, use

pytestmark = pytest.mark.django_db


def test_after_three_hundred_failures_in_an_hour_new_codes_are_long_until_an_hour_stays_below() -> None:
    with at(0):
        for _ in range(300):
            counter.hit(CODE_FAILURES_SITE)
        first = asked()
        sent = newest(first)
        assert len(sent) == first.digits == 8
        with pytest.raises(WrongCode):
            guess(first, "00000000")
        assert codes.under_attack()
        assert issued(Purpose.ACTIVATE).digits == 12
    with at(299):
        assert asked().digits == 8
    with at(360):
        known = asked()
        assert (known.digits, known.previous_digits) == (12, 8)
        assert len(newest(known)) == 12
        use(known, sent)
    with at(3959):
        assert codes.under_attack()
    with at(3960):
        assert not codes.under_attack()
        assert issued(Purpose.ACTIVATE).digits == 6


def test_a_long_code_is_taken() -> None:
    with at(0):
        for _ in range(301):
            counter.hit(CODE_FAILURES_SITE)
        challenge = asked()
        assert use(challenge, newest(challenge)).generation == 1


def test_an_operator_may_do_without_long_codes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "BAWABA", replace(settings.BAWABA, long_codes=False))
    with at(0):
        for _ in range(301):
            counter.hit(CODE_FAILURES_SITE)
        assert asked().digits == 8
