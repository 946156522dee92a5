"""The example people of the demonstration."""

import logging

import pytest

from bawaba.commands import demo, run
from bawaba.domain.accounts import credentials
from bawaba.domain.accounts.models import User
from bawaba.domain.catalogue.models import Service
from bawaba.domain.companies.models import Membership
from bawaba.infrastructure.audit.models import Event

pytestmark = pytest.mark.django_db


def test_the_demonstration_begins_with_people_companies_and_services_and_fills_once() -> None:
    demo.fill_once()
    demo.fill_once()
    assert Service.objects.count() == 8
    roles = {m.user.email: m.roles for m in Membership.objects.acting().select_related("user")}
    assert roles == {
        demo.ADMINISTRATOR.email: "administrator",
        demo.SUBMITTER.email: "submitter",
        demo.BROKER.email: "administrator",
    }
    assert credentials.verify_password(demo.PASSWORD, User.objects.get(email=demo.ADMINISTRATOR.email).password)


def test_the_greeting_names_the_people_and_their_password() -> None:
    for each in (demo.ADMINISTRATOR, demo.SUBMITTER, demo.BROKER):
        assert each.email in run.DEMO_GREETING
    assert demo.PASSWORD in run.DEMO_GREETING


@pytest.mark.django_db(transaction=True)
def test_its_events_are_kept_and_do_not_fill_the_screen(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        demo.fill_once()
        assert Event.objects.filter(event="service.added").count() == 8
        assert caplog.records == []
        logging.getLogger("bawaba").info("afterwards lines are written again")
    assert len(caplog.records) == 1
