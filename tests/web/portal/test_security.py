"""The security page: sessions end and devices are forgotten."""

import pytest

from bawaba.domain.accounts.models import Device, SessionRecord
from tests.accounts import open_account, signed_in
from tests.people import ahmad, maryam

pytestmark = pytest.mark.django_db


def test_one_other_session_is_ended() -> None:
    open_account(ahmad)
    other, browser = signed_in(ahmad), signed_in(ahmad)
    page = browser.get("/security/")
    button = next(b for b in page.root.all("button") if b.get("name") == "end")
    page = browser.submit(button["aria-label"])
    assert page.notes == ["أُنهيت الجلسة."]
    assert other.get("/security/").path == "/sign-in/"
    assert browser.get("/security/").path == "/security/"


def test_all_others_end_at_once_and_this_one_goes_on() -> None:
    open_account(ahmad)
    others = [signed_in(ahmad) for _ in range(3)]
    browser = signed_in(ahmad)
    browser.get("/security/")
    assert browser.submit("إنهاء جميع الجلسات الأخرى").notes == ["أُنهيت جميع الجلسات الأخرى."]
    assert {other.get("/security/").path for other in others} == {"/sign-in/"}
    assert browser.get("/security/").path == "/security/"


def test_sessions_of_somebody_else_are_out_of_reach() -> None:
    open_account(ahmad)
    open_account(maryam)
    hers = signed_in(maryam)
    browser = signed_in(ahmad)
    browser.get("/security/")
    record = SessionRecord.objects.get(user__email_key=maryam.email)
    device = Device.objects.get(user__email_key=maryam.email)
    browser.post(f"/security/sessions/{record.id}/end/", {})
    browser.post(f"/security/devices/{device.id}/remove/", {})
    assert hers.get("/security/").path == "/security/"
    assert Device.objects.filter(id=device.id).exists()


def test_removed_device_is_no_longer_known() -> None:
    open_account(ahmad)
    other, browser = signed_in(ahmad), signed_in(ahmad)
    page = browser.get("/security/")
    labels = [b["aria-label"] for b in page.root.all("button") if b.get("name") == "remove"]
    assert len(labels) == 2
    browser.submit(labels[1])
    assert Device.objects.count() == 1
    assert other.get("/security/").path == "/sign-in/"
