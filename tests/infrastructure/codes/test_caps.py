"""What sending a code costs the address, the network and the site."""

from uuid import uuid4

import pytest

from bawaba.infrastructure.codes.codes import Purpose
from bawaba.infrastructure.limits import counter
from bawaba.infrastructure.limits.counter import LimitReached
from bawaba.infrastructure.limits.models import Counter
from bawaba.infrastructure.limits.table import (
    SEND_EMAIL,
    SEND_EMAIL_SITE,
    SEND_EMAIL_SOURCE,
    SEND_SMS,
    SEND_SMS_SITE,
    SITE,
)
from tests.infrastructure.codes.desk import MARYAM, MOBILE, asked, at

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("purpose", "address", "limit"),
    [(Purpose.ACTIVATE, MARYAM, SEND_EMAIL), (Purpose.MOBILE, MOBILE, SEND_SMS)],
)
def test_one_message_a_minute_and_a_refused_one_changes_nothing(purpose: Purpose, address: str, limit: object) -> None:
    with at(0):
        first = asked(purpose, address)
    with at(59.999), pytest.raises(LimitReached) as refused:
        asked(purpose, address)
    assert refused.value.limit == limit
    assert set(Counter.objects.values_list("n", flat=True)) == {1}
    with at(60):
        assert asked(purpose, address).id == first.id


def test_one_network_asks_for_thirty_messages_an_hour() -> None:
    with at(0):
        for number in range(30):
            asked(address=f"salem{number}@example.com", subject=str(uuid4()))
        with pytest.raises(LimitReached) as refused:
            asked(subject=str(uuid4()))
    assert refused.value.limit == SEND_EMAIL_SOURCE


def test_a_decoy_costs_what_a_real_challenge_costs() -> None:
    asked(subject="")
    of_decoy = sorted(Counter.objects.exclude(key__startswith="site").values_list("key", "name", "n"))
    Counter.objects.all().delete()
    asked()
    assert of_decoy == sorted(Counter.objects.exclude(key__startswith="site").values_list("key", "name", "n"))


def test_aliases_of_one_address_share_a_counter() -> None:
    """RT-10: doors hand over the normalised address, so every subject behind it meets the same cap."""
    with at(0):
        asked(subject=str(uuid4()))
        with pytest.raises(LimitReached):
            asked(subject=str(uuid4()))


def test_without_sms_left_for_the_site_the_e_mail_still_goes() -> None:
    with at(0):
        counter.spend(SEND_SMS_SITE, SITE)
        Counter.objects.filter(name="send.sms.site:86400").update(n=2000)
        with pytest.raises(LimitReached) as refused:
            asked(Purpose.MOBILE, MOBILE)
        assert refused.value.limit == SEND_SMS_SITE
        asked(Purpose.ACTIVATE, MARYAM)
        assert counter.total(SEND_EMAIL_SITE) == 1
