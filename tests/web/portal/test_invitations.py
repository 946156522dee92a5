"""Invitations: for one address, good once, sent again or taken back."""

import pytest
import time_machine

from bawaba.domain.companies.models import Invitation, Membership
from bawaba.domain.companies.roles import Role
from tests.client import Browser
from tests.journey import signed_in
from tests.page import is_asked_first
from tests.people import PRIVATE, Firm, broker, example_trading, maryam, salem

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("services")]


def test_an_invitation_is_accepted_by_its_owner_only_and_once(administrator: Browser) -> None:
    administrator.get("/company/invitations/")
    administrator.submit("إرسال الدعوة", email=salem.email, roles="payer")
    invitation = Invitation.objects.get()
    path = f"/invitations/{invitation.id}/"
    assert example_trading.cr_number not in Browser().get(path).source
    other = signed_in(maryam, broker)
    other.get(path, status=404)
    invited = signed_in(salem, Firm(cr_number="888", name_ar="", name_en=""), shows=PRIVATE)
    page = invited.get(path)
    assert "مسؤول الدفع" in page.text
    page = invited.submit("قبول")
    assert page.path == "/home/"
    assert example_trading.cr_number in page.main.one("section", aria_labelledby="company").text
    assert Membership.objects.get(user__email=salem.email, company=invitation.company).role_list == (Role.PAYER,)
    page = invited.get(path)
    assert "لم يعد الرد على هذه الدعوة ممكنًا" in page.text


def test_who_declines_an_invitation_is_asked_first(administrator: Browser) -> None:
    administrator.get("/company/invitations/")
    administrator.submit("إرسال الدعوة", email=salem.email, roles="payer")
    invitation = Invitation.objects.get()
    invited = signed_in(salem, broker, shows=PRIVATE)
    page = invited.get(f"/invitations/{invitation.id}/")
    assert is_asked_first(page, "رفض الدعوة")
    invited.submit("رفض الدعوة")
    invitation.refresh_from_db()
    assert invitation.state == Invitation.State.DECLINED
    assert not Membership.objects.filter(user__email=salem.email, company=invitation.company).exists()


def test_an_invitation_may_carry_several_roles(administrator: Browser) -> None:
    administrator.get("/company/invitations/")
    administrator.submit("إرسال الدعوة", email=salem.email, roles=["submitter", "payer"])
    assert set(Invitation.objects.get().role_list) == {Role.SUBMITTER, Role.PAYER}


def test_an_invitation_withdrawn_can_no_longer_be_answered(administrator: Browser) -> None:
    administrator.get("/company/invitations/")
    administrator.submit("إرسال الدعوة", email=salem.email, roles="payer")
    invitation = Invitation.objects.get()
    administrator.submit("سحب")
    invited = signed_in(salem, broker, shows=PRIVATE)
    invited.get(f"/invitations/{invitation.id}/")
    invited.post(f"/invitations/{invitation.id}/answer/", {"accept": "1"})
    assert not Membership.objects.filter(user__email=salem.email, company=invitation.company).exists()


def test_an_invitation_is_sent_again_with_a_life_of_its_own(
    frozen: time_machine.Traveller, administrator: Browser
) -> None:
    administrator.get("/company/invitations/")
    administrator.submit("إرسال الدعوة", email=salem.email, roles="payer")
    first = Invitation.objects.get()
    frozen.shift(60)
    administrator.get("/company/invitations/")
    administrator.submit("إرسال مرة أخرى")
    first.refresh_from_db()
    assert first.state == Invitation.State.WITHDRAWN
    assert Invitation.objects.open().get().expires_at > first.expires_at
