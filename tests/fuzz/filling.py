"""A form as a sensible person fills it in, or nearly: what is spoiled afterwards has to get past everything else."""

import secrets
from random import Random  # noqa: TID251 a failure must come again with its seed

from bawaba.infrastructure.captcha import store
from bawaba.infrastructure.messaging.models import Message
from tests import journey
from tests.factors import shown_code
from tests.fuzz.requests import Fields
from tests.fuzz.scene import NEWCOMER, PASSWORD
from tests.page import Element, values

GIVEN = {
    "first_name": NEWCOMER.first_name,
    "last_name": NEWCOMER.last_name,
    "gender": NEWCOMER.gender,
    "civil_id": "102020200023",
    "cr_number": "555003",
    "mobile": "50000107",
    "password": PASSWORD,
    "password2": PASSWORD,
    "address": "another@example.com",
    "new_email": "another@example.com",
    "name": "هاتفي",
    "name_ar": "شركة المثال",
    "name_en": "Example Co.",
    "value": "12345",
    "issuer": "الهيئة",
    "valid_to": "2027-01-01",
    "starts_on": "2026-12-01",
    "ends_on": "2027-01-01",
    "reason": "لأنني أعمل هناك",
    "credential": "{}",
    "q": "سالم",
}
PICTURES = {"/register/": "register", "/reset-password/": "reset", "/sign-in/": "sign_in"}


def fields_of(form: Element, email: str, random: Random) -> Fields:
    """What is sent, with one of its buttons."""
    typed = values(form)
    for name in typed:
        own = name.rpartition("-")[2]
        if own in {"email", "login"}:
            typed[name] = [email if random.random() < 0.5 else f"n{random.randrange(10**6)}@example.com"]
        elif own == "code":
            typed[name] = [_code(random)]
        elif own == "nonce":
            typed[name] = [secrets.token_urlsafe(32)]
        elif own in GIVEN:
            typed[name] = [GIVEN[own]]
    _choose(form, typed, random)
    _solve(typed)
    fields = [(name.encode(), value.encode()) for name, several in typed.items() for value in several]
    buttons = [button for button in form.all("button") if button.get("name")]
    pressed = [random.choice(buttons)] if buttons else []
    return fields + [(button["name"].encode(), button.get("value").encode()) for button in pressed]


def _choose(form: Element, typed: dict[str, list[str]], random: Random) -> None:
    for select in form.all("select"):
        typed[select["name"]] = [random.choice(select.all("option")).get("value")]
    for box in form.all("input", type="checkbox") + form.all("input", type="radio"):
        if random.random() < 0.6:
            given = typed[box["name"]]
            typed[box["name"]] = (
                sorted({*given, box.get("value", "on")}) if box["type"] == "checkbox" else [box["value"]]
            )


def _solve(typed: dict[str, list[str]]) -> None:
    """A fresh picture of the same form, read as a person would."""
    if "captcha_id" in typed:
        form = store.solve(typed["captcha_id"][0]).form
        fresh = store.new(form).id
        typed |= {"captcha_id": [fresh], "captcha": [store.solve(fresh).text]}


def _code(random: Random) -> str:
    if random.random() < 0.3:
        return shown_code()
    newest = Message.objects.exclude(challenge=None).order_by("-created_at").first()
    return journey.code_sent_to(newest.address) if newest and random.random() < 0.7 else "000000"
