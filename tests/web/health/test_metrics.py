"""The figures for a monitor: shut without the token, true to the rows, and enough for every alarm rule."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from django.test import Client
from pytest_django import Settings

from bawaba.infrastructure import clock
from bawaba.infrastructure.limits import counter
from bawaba.infrastructure.limits.table import SEND_SMS_SITE, SITE
from bawaba.infrastructure.messaging.kinds import Channel, Kind
from bawaba.infrastructure.messaging.models import Chore, Heartbeat, Message, Provider, State

pytestmark = pytest.mark.django_db
TOKEN = "a-token-of-the-monitor"


@pytest.fixture
def monitor(client: Client, settings: Settings, tmp_path: Path) -> Client:
    settings.BAWABA = replace(settings.BAWABA, metrics_token=TOKEN, backup_dir=str(tmp_path))
    (tmp_path / "bawaba-20250101T000000Z.sqlite3").touch()
    client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {TOKEN}"
    return client


def figures(monitor: Client) -> dict[str, float]:
    """Every value by its name with its labels."""
    answer = monitor.get("/metrics")
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/plain; version=0.0.4")
    lines = [line for line in answer.content.decode().splitlines() if not line.startswith("#")]
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


def a_message(**values: object) -> Message:
    now = clock.now()
    given = {"kind": next(iter(Kind)), "language": "ar", "channel": Channel.EMAIL, "lane": 0} | values
    return Message.objects.create(**{"due_at": now, "expires_at": now + timedelta(hours=1)} | given)


@pytest.mark.parametrize("header", ["", f"Bearer {TOKEN}x", TOKEN, "Bearer "])
def test_without_the_token_there_is_no_such_page(monitor: Client, header: str) -> None:
    assert monitor.get("/metrics", headers={"authorization": header}).status_code == 404


def test_while_no_token_is_set_nobody_bears_it(client: Client) -> None:
    assert client.get("/metrics", headers={"authorization": "Bearer "}).status_code == 404


def test_the_queue_is_counted_by_channel(monitor: Client) -> None:
    a_message(due_at=clock.now() - timedelta(seconds=90))
    a_message()
    a_message(channel=Channel.SMS, state=State.EXPIRED)
    found = figures(monitor)
    assert found['bawaba_messages_waiting{channel="email"}'] == 2
    assert found['bawaba_messages_oldest_due_seconds{channel="email"}'] >= 90
    assert 'bawaba_messages_waiting{channel="sms"}' not in found


def test_what_became_of_the_messages_of_the_last_hour(monitor: Client) -> None:
    now = clock.now()
    for seconds in (1, 2, 4):
        created = now - timedelta(seconds=60)
        handed = created + timedelta(seconds=seconds)
        a_message(state=State.HANDED_OVER, provider="relay", created_at=created, handed_at=handed, finished_at=handed)
    a_message(state=State.DEAD, provider="relay", finished_at=now - timedelta(hours=2))
    found = figures(monitor)
    assert found['bawaba_messages_ended_last_hour{channel="email",provider="relay",state="handed_over"}'] == 3
    assert found['bawaba_delivery_seconds{channel="email",quantile="0.5"}'] == 2
    assert found['bawaba_delivery_seconds{channel="email",quantile="0.95"}'] == 4
    assert not any('state="dead"' in name for name in found)


def test_a_paused_provider_shows(monitor: Client) -> None:
    Provider.objects.create(name="relay", paused_until=clock.now() + timedelta(seconds=30))
    Provider.objects.create(name="other", fault="sign_in")
    found = figures(monitor)
    assert found['bawaba_provider_paused{provider="relay"}'] == 1
    assert found['bawaba_provider_fault{provider="relay"}'] == 0
    assert found['bawaba_provider_fault{provider="other"}'] == 1


def test_the_courier_and_its_chores_show(monitor: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert figures(monitor)["bawaba_courier_silent_seconds"] == -1
    now = clock.now()
    Heartbeat.objects.create(courier="one", at=now)
    Chore.objects.create(name="purge", every_seconds=10, last_ok_at=now)
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(seconds=31))
    found = figures(monitor)
    assert found["bawaba_courier_silent_seconds"] >= 30
    assert found['bawaba_chore_late{chore="purge"}'] == 1


def test_the_limits_of_the_site_show(monitor: Client) -> None:
    counter.spend(SEND_SMS_SITE, SITE)
    found = figures(monitor)
    assert found['bawaba_limit_used{limit="send.sms.site"}'] == 1
    assert found['bawaba_limit_most{limit="send.sms.site"}'] == 2000


def test_a_label_cannot_break_out_of_its_quotes(monitor: Client) -> None:
    Provider.objects.create(name='a"b\\c')
    assert figures(monitor)['bawaba_provider_paused{provider="a\\"b\\\\c"}'] == 0


def test_every_alarm_rule_rests_on_a_figure_that_exists(monitor: Client) -> None:
    text = monitor.get("/metrics").content.decode()
    given = set(re.findall(r"^# TYPE (\w+) gauge$", text, re.MULTILINE)) | {"bawaba_certificate_seconds"}
    rules = yaml.safe_load(Path("docs/operate/alarms.yaml").read_text(encoding="utf-8"))
    for group in rules["groups"]:
        for rule in group["rules"]:
            assert set(re.findall(r"bawaba_\w+", rule["expr"])) <= given, rule["alert"]
