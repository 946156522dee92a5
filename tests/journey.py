"""The steps of the guide as a person takes them in the strict client; each returns the page it leads to."""

from dataclasses import replace

from django.conf import settings
from django.test import override_settings

from bawaba.identifiers.addresses import email_key
from bawaba.infrastructure.captcha import store
from bawaba.infrastructure.codes import codes
from bawaba.infrastructure.codes.models import Challenge
from bawaba.infrastructure.messaging.kinds import Channel
from bawaba.infrastructure.messaging.models import Message
from tests.client import Browser
from tests.page import Page
from tests.people import Firm, Person, example_trading


def answers(person: Person, firm: Firm = example_trading, **changed: str) -> dict[str, str]:
    """What this person types into the registration form, the picture aside."""
    return {
        "first_name": person.first_name,
        "last_name": person.last_name,
        "gender": person.gender,
        "civil_id": person.civil_id,
        "cr_number": firm.cr_number,
        "mobile": person.mobile.removeprefix("+965"),
        "email": person.email,
        "password": person.password,
        "password2": person.password,
        "terms": "on",
    } | changed


def picture_text(page: Page) -> str:
    """What a person reads in the picture of this page, by the test seam."""
    with override_settings(BAWABA=replace(settings.BAWABA, test_seam=True)):
        return store.solve(page.root.one("input", name="captcha_id")["value"]).text


def register(browser: Browser, person: Person, firm: Firm = example_trading, **changed: str) -> Page:
    """From the form to the activation page."""
    page = browser.get("/register/")
    return browser.submit("إرسال", answers(person, firm, **changed), captcha=picture_text(page))


def code_sent_to(address: str, *, kind: str = "") -> str:
    """The code that the newest message to an address carries, as the courier derives it."""
    messages = Message.objects.filter(address=address).exclude(challenge=None)
    message = (messages.filter(kind=kind) if kind else messages).order_by("-created_at").first()
    assert message is not None, f"no message with a code to {address}"
    assert message.challenge is not None
    assert message.generation is not None
    challenge = Challenge.objects.get(id=message.challenge)
    normalised = email_key(address) if message.channel == Channel.EMAIL else address
    return codes.derive(challenge, message.generation, normalised)


def activate(browser: Browser, person: Person) -> Page:
    """From the activation page to the signed-in home."""
    form = browser.page.form("/activate/verify/email/")
    return browser.enter(form, {"email-code": code_sent_to(person.email)})


def signed_in(person: Person, firm: Firm = example_trading, *, shows: tuple[str, ...] = ()) -> Browser:
    """A browser in which this person has registered for a firm, activated, and is signed in."""
    browser = Browser(person, shows=shows)
    register(browser, person, firm)
    activate(browser, person)
    return browser
