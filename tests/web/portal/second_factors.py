"""A person at the pages of the second factors."""

from typing import Any

from tests.accounts import enter
from tests.client import Browser
from tests.factors import Passkey, shown_code
from tests.page import Page
from tests.people import ahmad

ADD, REMOVE, NEW_CODES = (
    "/security/authenticator/add/",
    "/security/authenticator/remove/",
    "/security/recovery-codes/new/",
)


def with_second_factor() -> Browser:
    """Signed in with both factors."""
    browser = Browser(ahmad)
    enter(browser, ahmad)
    browser.submit("تحقق", code=shown_code())
    return browser


def secret_on(page: Page) -> str:
    keys = [bdi.text.replace(" ", "") for bdi in page.main.all("bdi") if len(bdi.text) > 30]
    return keys[0]


def add_passkey(browser: Browser, passkey: Passkey, name: str = "هاتفي", *, status: int = 200, **options: Any) -> Page:
    page = browser.get("/security/passkeys/add/")
    if page.path == "/confirm/":
        page = browser.submit("متابعة", password=ahmad.password)
    challenge = next(b["data-options"] for b in page.root.all("button") if "data-options" in b.attrs)
    credential = passkey.register(challenge, **options)
    return browser.post("/security/passkeys/add/", {"name": name, "credential": credential}, status=status)
