"""Marked secrets through every flow: afterwards each lies where it must and nowhere else. Log, database, messages."""

import json
import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.db import connection

from bawaba.domain.accounts.models import User
from bawaba.infrastructure import clock, logs
from bawaba.infrastructure.messaging.models import Message
from tests.accounts import enter
from tests.canary import NUMBERS
from tests.client import Browser
from tests.factors import shown_code
from tests.infrastructure.messaging.carriers import Scripted, deliver
from tests.journey import activate, code_sent_to, picture_text, register
from tests.people import ahmad
from tests.web.oidc.party import Party

pytestmark = pytest.mark.django_db(transaction=True)

NEW_EMAIL = "ahmad.marked@example.com"
NEW_PASSWORD = "Mubarakiya!Souk9"
MISTYPED = "Diwaniya#1985"

MUST_LIE = {  # what is marked and not here must lie nowhere
    "code to activate": {"email"},
    "code to the mobile": {"sms"},
    "code to reset": {"email"},
    "code to the new e-mail": {"email"},
    "token of the link": {"email", "messaging_message.variables"},
    "key of the session": {"django_session.session_key", "accounts_sessionrecord.key"},
    "e-mail": {
        "accounts_user.email",
        "accounts_user.email_key",
        "account_emailaddress.email",
        "accounts_emailchange.new_email",
        "messaging_message.address",
    },
}


class Walk:
    """One person through all flows; `marks` holds what was secret on the way, `letters` what the mailboxes got."""

    def __init__(self, now: time_machine.Traveller) -> None:
        self.now = now
        self.marks = {
            "password": ahmad.password,
            "new password": NEW_PASSWORD,
            "mistyped password": MISTYPED,
            "civil number": ahmad.civil_id,
            "e-mail": NEW_EMAIL,
        }
        self.mail, self.sms = Scripted(name="mail"), Scripted(name="sms")
        self.browser = Browser(ahmad, shows=(NEW_EMAIL,))

    def mark(self, name: str, value: str) -> str:
        assert value
        self.marks[name] = value
        return value

    def a_minute_later(self) -> None:
        self.now.shift(timedelta(seconds=61))
        deliver(email=[self.mail], sms=[self.sms])

    def register(self) -> None:
        page = register(self.browser, ahmad)
        self.mark("code to activate", code_sent_to(ahmad.email))
        code = self.mark("code to the mobile", code_sent_to(ahmad.mobile))
        self.a_minute_later()
        self.browser.enter(page.form("/activate/verify/mobile/"), {"mobile-code": code})
        activate(self.browser, ahmad)

    def add_factor(self) -> None:
        page = self.browser.get("/security/authenticator/add/")
        keys = [bdi.text.replace(" ", "") for bdi in page.main.all("bdi") if len(bdi.text) > 30]
        self.mark("secret of the authenticator", keys[0])
        page = self.browser.submit("تحقق وأضف", code=self.shown())
        self.mark("recovery code", page.main.one("ol").all("li")[0].text.replace(" ", ""))
        self.mark("unused recovery code", page.main.one("ol").all("li")[1].text.replace(" ", ""))
        self.browser.submit("حفظ في ملف")

    def shown(self) -> str:
        return self.mark("code of the authenticator", shown_code(self.marks["secret of the authenticator"]))

    def sign_in_again(self) -> None:
        self.mark("key of an ended session", self.browser.cookies["session"].value)
        self.browser.get("/sign-out/")
        self.browser.submit("تسجيل الخروج", within=self.browser.page.main)
        enter(self.browser, ahmad, password=MISTYPED, status=422)
        enter(self.browser, ahmad)
        self.browser.submit("تحقق", code="000000", status=422)
        assert self.browser.submit("تحقق", code=self.marks["recovery code"]).path == "/home/"

    def reset(self) -> None:
        self.a_minute_later()
        page = self.browser.get("/reset-password/")
        self.browser.submit("إرسال", email=ahmad.email, captcha=picture_text(page))
        code = self.mark("code to reset", code_sent_to(ahmad.email, kind="reset_code"))
        self.a_minute_later()
        button = "إعادة ضبط كلمة المرور"
        self.browser.submit(button, code=code, password=NEW_PASSWORD, password2=NEW_PASSWORD)
        enter(self.browser, ahmad, password=NEW_PASSWORD)
        assert self.browser.submit("تحقق", code=self.shown()).path == "/home/"

    def change_email(self) -> None:
        self.confirmed("/account/email/")
        self.browser.submit("إرسال", address=NEW_EMAIL)
        code = self.mark("code to the new e-mail", code_sent_to(NEW_EMAIL))
        self.a_minute_later()
        assert self.browser.submit("تحقق", code=code).path == "/account/"
        self.mark("token of the link", Message.objects.get(kind="email_changed_old").variables["token"])

    def take_data_out(self) -> None:
        assert ahmad.civil_id in self.confirmed("/account/data/").source
        self.browser.submit("حفظ في ملف")

    def confirmed(self, path: str) -> Any:
        page = self.browser.get(path)
        return self.browser.submit("متابعة", password=NEW_PASSWORD) if page.path == "/confirm/" else page

    def go_to_a_service(self) -> None:
        party = Party()
        self.mark("secret of the service", party.secret)
        asking = party.ask()
        code = self.mark("code of the service", asking.send(self.browser)["code"])
        first = party.exchange(code, asking).json()
        tokens = party.refresh(first["refresh_token"]).json()
        party.userinfo(tokens["access_token"])
        party.introspect(tokens["access_token"])
        for name in ("access_token", "refresh_token", "id_token"):
            self.mark(f"first {name}", first[name])
            self.mark(name, tokens[name])

    def to_the_end(self) -> None:
        self.register()
        self.add_factor()
        self.sign_in_again()
        self.reset()
        self.change_email()
        self.take_data_out()
        self.go_to_a_service()
        self.a_minute_later()
        self.mark("key of the session", self.browser.cookies["session"].value)
        assert User.objects.get().email == NEW_EMAIL


@pytest.fixture
def walk() -> Iterator[Walk]:
    """From now on, for messages are due by the database's own clock."""
    with time_machine.travel(clock.now(), tick=False) as traveller:
        yield Walk(traveller)


def dump() -> Iterator[tuple[str, str]]:
    """Every value of every table as text, with its table and column. Sessions are unpacked as well."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 a name from the schema itself
            columns = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                yield from ((f"{table}.{column}", _text(value)) for column, value in zip(columns, row, strict=True))
    for session in Session.objects.all():
        yield "django_session.session_data", _text(session.get_decoded())


def _text(value: Any) -> str:
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode(errors="replace")
    return value if isinstance(value, str) else json.dumps(value, default=str, ensure_ascii=False)


def written(records: list[logging.LogRecord]) -> Iterator[tuple[str, str]]:
    for form in ("json", "text"):
        formatter = logs.formatter(form)
        yield from (("log", formatter.format(record)) for record in records if record.levelno >= logging.INFO)


def holds(text: str, mark: str) -> bool:
    """Six or eight digits also stand in a digest: a code is a number of its own."""
    return mark in (NUMBERS.findall(text) if mark.isdigit() else text)


def test_secrets_lie_where_they_must_and_nowhere_else(walk: Walk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    walk.to_the_end()
    letters = [(each.channel.value, f"{each.subject}\n{each.text}\n{each.html}") for each in walk.mail.letters]
    messages = [(each.channel.value, each.text) for each in walk.sms.letters]
    lines = list(written(caplog.records))
    assert len(lines) > 100
    found: dict[str, set[str]] = {}
    for place, text in (*lines, *dump(), *letters, *messages):
        for name, mark in walk.marks.items():
            if holds(text, mark):
                found.setdefault(name, set()).add(place)
    assert found == MUST_LIE
