"""A known device has a lane of its own, and all lanes of a person are found again."""

import pytest

from bawaba.domain.accounts import lanes
from bawaba.domain.accounts.models import Device
from tests.accounts import open_account
from tests.people import ahmad, maryam

pytestmark = pytest.mark.django_db


def test_each_device_of_a_person_has_a_lane_beside_that_of_everybody() -> None:
    user = open_account(ahmad)
    for digest in ("1:a", "1:b"):
        Device.objects.create(user=user, digest=digest, label="Chrome")
    own = {lanes.of(user.email_key, ["1:z", digest]) for digest in ("1:a", "1:b")}
    assert len(own) == 2
    everybodys = lanes.of(user.email_key, ["1:z"])
    assert lanes.of(open_account(maryam).email_key, ["1:a"]) == everybodys
    keys = {lanes.key(lane, user.email_key) for lane in (*own, everybodys)}
    assert len(keys) == 3
    assert set(lanes.keys_of(user)) == keys
