"""What people do on the portal, step by step, as a visitor does it: with the mouse, the keyboard and the demo inbox."""

import re
import time
from dataclasses import replace
from datetime import date
from itertools import count

from tests.browser.visitor import Visitor
from tests.identifiers.numbers import civil_id
from tests.people import Person, maryam

SECONDS_TO_ARRIVE = 20
CODE = re.compile(r"^([0-9]{6,12})$", re.MULTILINE)
LINK = re.compile(r"^https?://[^/]+(?:/en)?(/[a-z-]+/[^/\s]+/)$", re.MULTILINE)
_numbers = count(1)


def newcomer() -> Person:
    """Somebody whom the portal does not know yet."""
    number = next(_numbers)
    found = (civil_id(date(1888, 9, 23), serial) for serial in count(number * 11))
    return replace(
        maryam,
        civil_id=next(filter(None, found)),
        mobile=f"+9656{number:07}",
        email=f"maryam.{number}@example.com",
    )


def own_company(person: Person) -> str:
    """The commercial registration number that somebody registers with when nothing else is said."""
    return str(300000 + int(person.mobile[-6:]))


def fill_registration(visitor: Visitor, person: Person, *, cr_number: str = "") -> None:
    """Everything but the human check."""
    visitor.open("/register/")
    visitor.fill(
        first_name=person.first_name,
        last_name=person.last_name,
        gender=person.gender,
        civil_id=person.civil_id,
        cr_number=cr_number or own_company(person),
        mobile=person.mobile,
        email=person.email,
        password=person.password,
        password2=person.password,
        terms="on",
    )


def register(visitor: Visitor, person: Person, *, cr_number: str = "") -> None:
    """Ends on the activation page."""
    fill_registration(visitor, person, cr_number=cr_number)
    visitor.fill(captcha=visitor.read_picture())
    visitor.press("send")


def code(visitor: Visitor, address: str, kind: str) -> str:
    """The code in the newest message of this kind to an address."""
    return str(CODE.findall(text(visitor, address, kind))[0])


def text(visitor: Visitor, address: str, kind: str) -> str:
    """The newest message of this kind to an address, as soon as it has arrived in the demo inbox."""
    deadline = time.monotonic() + SECONDS_TO_ARRIVE
    while time.monotonic() < deadline:
        messages = visitor.context.request.get(f"{visitor.origin}/inbox/?format=json").json()
        texts = [message["text"] for message in messages if (message["to"], message["kind"]) == (address, kind)]
        if texts and texts[0]:
            return str(texts[0])
        time.sleep(0.2)
    raise AssertionError(f"no {kind} arrived")


def activate(visitor: Visitor, person: Person) -> None:
    """From the activation page to the first page of somebody signed in."""
    form = visitor.page.locator("form[action$='/activate/verify/email/']")
    form.locator("input[name$=code]").fill(code(visitor, person.email, "activation_code"))
    visitor.press("verify", within=form)


def sign_in(visitor: Visitor, person: Person) -> None:
    visitor.open("/sign-in/")
    visitor.fill(login=person.email, password=person.password)
    visitor.press("sign_in")


def sign_out(visitor: Visitor) -> None:
    visitor.press("sign_out")


def become_member(visitor: Visitor) -> Person:
    """Signed in for the first time, with an account that no other test uses."""
    person = newcomer()
    register(visitor, person)
    activate(visitor, person)
    return person


def link(visitor: Visitor, address: str, kind: str) -> str:
    """The path of the page to which the newest message of this kind to an address leads."""
    return str(LINK.findall(text(visitor, address, kind))[0])


def reset(visitor: Visitor, person: Person, password: str) -> None:
    visitor.open("/reset-password/")
    visitor.fill(email=person.email, captcha=visitor.read_picture())
    visitor.press("send")
    visitor.page.locator("dialog button").click()
    visitor.fill(code=code(visitor, person.email, "reset_code"), password=password, password2=password)
    visitor.press("reset")
