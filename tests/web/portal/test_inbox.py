"""The inbox of demo mode: what it shows, what it hides, and that it is nowhere else."""

import uuid
from dataclasses import replace

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client

from bawaba.configuration import UnclearSetting
from bawaba.infrastructure.codes import codes
from bawaba.infrastructure.codes.codes import Purpose
from bawaba.infrastructure.messaging import outbox
from bawaba.infrastructure.messaging.kinds import Kind
from bawaba.infrastructure.messaging.models import Message
from bawaba.infrastructure.messaging.providers.inbox import Inbox
from bawaba.infrastructure.messaging.routes import routes
from tests.client import Browser
from tests.infrastructure.messaging.carriers import deliver
from tests.people import maryam

MARYAM = str(uuid.UUID(int=2))
SHOWN = (maryam.email, maryam.mobile.removeprefix("+965"))
FIELDS = {"channel", "to", "kind", "language", "subject", "text", "status", "created_at", "sent_at"}

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def demo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "BAWABA", replace(settings.BAWABA, demo=True))


def send_codes() -> tuple[str, str]:
    """Both codes of a registration are queued and handed over. Returns them."""
    with transaction.atomic():
        by_mail = codes.issue(purpose=Purpose.ACTIVATE, subject=MARYAM, address=maryam.email)
        by_sms = codes.issue(purpose=Purpose.MOBILE, subject=MARYAM, address=maryam.mobile)
        for kind, challenge, channel, address in (
            (Kind.ACTIVATION_CODE, by_mail, "email", maryam.email),
            (Kind.MOBILE_CODE, by_sms, "sms", maryam.mobile),
        ):
            outbox.queue(kind, channel=channel, address=address, language="ar", subject=MARYAM, challenge=challenge)
    deliver(email=[Inbox()], sms=[Inbox()])
    return codes.derive(by_mail, 1, maryam.email), codes.derive(by_sms, 1, maryam.mobile)


def data() -> list[dict[str, str]]:
    answer: list[dict[str, str]] = Client().get("/inbox/?format=json").json()
    return answer


@pytest.mark.usefixtures("demo")
@pytest.mark.parametrize("prefix", ["", "/en"])
def test_messages_are_shown_with_their_text(prefix: str) -> None:
    browser = Browser(shows=SHOWN)
    assert not browser.get(f"{prefix}/inbox/").main.all("article")
    mail_code, sms_code = send_codes()
    page = browser.get(f"{prefix}/inbox/")
    assert mail_code in page.text
    assert sms_code in page.text
    assert maryam.email in page.text


@pytest.mark.usefixtures("demo")
def test_the_same_is_there_as_data() -> None:
    mail_code, sms_code = send_codes()
    by_channel = {one["channel"]: one for one in data()}
    mail, sms = by_channel["email"], by_channel["sms"]
    assert set(mail) == FIELDS
    assert (mail["to"], mail["kind"], mail["language"]) == (maryam.email, "activation_code", "ar")
    assert (mail["subject"], mail["status"]) == ("رمز التحقق لتفعيل حسابك", "handed_over")
    assert mail_code in mail["text"].split("\n")
    assert sms_code in sms["text"]


@pytest.mark.usefixtures("demo")
def test_the_newest_twenty_are_on_the_page_and_more_as_data() -> None:
    for _ in range(11):
        newest = send_codes()
    page = Browser(shows=SHOWN).get("/inbox/")
    assert len(page.main.all("article")) == 20
    assert all(code in page.text for code in newest)
    assert len(data()) == 22


@pytest.mark.usefixtures("demo")
def test_a_dead_code_is_shown_no_more() -> None:
    mail_code, sms_code = send_codes()
    codes.kill(subject=MARYAM, purpose=Purpose.ACTIVATE)
    texts = {one["channel"]: one["text"] for one in data()}
    assert mail_code not in texts["email"]
    assert "••••••" in texts["email"]
    assert sms_code in texts["sms"]


@pytest.mark.usefixtures("demo")
def test_the_next_message_is_refused_on_order_and_only_the_next() -> None:
    browser = Browser(shows=SHOWN)
    browser.get("/en/inbox/")
    page = browser.submit("Refuse the next message")
    assert "The next message will be refused" in page.text
    send_codes()
    assert {one["status"]: bool(one["text"]) for one in data()} == {"handed_over": True, "refused": False}
    assert "Refused" in browser.get("/en/inbox/").text


@pytest.mark.usefixtures("demo")
def test_the_next_message_is_delayed_on_order_and_the_order_can_be_taken_back() -> None:
    browser = Browser(shows=SHOWN)
    browser.get("/en/inbox/")
    browser.submit("Delay the next message")
    browser.submit("Hand it over at once")
    browser.submit("Delay the next message")
    send_codes()
    assert sorted(one["status"] for one in data()) == ["handed_over", "queued"]


@pytest.mark.usefixtures("demo")
def test_the_html_part_stands_in_a_sandbox_at_an_address_of_its_own() -> None:
    mail_code, _ = send_codes()
    mail, sms = Message.objects.get(channel="email"), Message.objects.get(channel="sms")
    answer = Client().get(f"/inbox/{mail.id}/")
    assert mail_code in answer.text
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox; default-src 'none'; style-src 'unsafe-inline'")
    assert Client().get(f"/inbox/{sms.id}/").status_code == 404
    assert Client().get(f"/inbox/{uuid.UUID(int=9)}/").status_code == 404


@pytest.mark.usefixtures("demo")
def test_an_order_that_does_not_exist_is_refused() -> None:
    browser = Browser()
    browser.get("/inbox/")
    browser.post("/inbox/", {"order": "lose"}, status=400)


def test_outside_demo_mode_there_is_no_inbox() -> None:
    send_codes()
    mail = Message.objects.get(channel="email")
    for path in ("/inbox/", "/en/inbox/", "/inbox/?format=json", f"/inbox/{mail.id}/"):
        assert Client().get(path).status_code == 404


@pytest.mark.parametrize("values", [{"email_url": ("inbox",)}, {"sms_providers": ("inbox",)}])
def test_a_courier_outside_demo_mode_refuses_the_inbox(values: dict[str, tuple[str, ...]]) -> None:
    with pytest.raises(UnclearSetting):
        routes(replace(settings.BAWABA, demo=False, **values))  # type: ignore[arg-type]  # two of its fields
