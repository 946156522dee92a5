"""`python -m tests.browser.pictures`: draws the pictures of the user guide anew, from the portal as it is.

They lie in the package, because the guide is one of its pages. Run it when a screen has changed, and look at them.
"""

import io
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from bawaba.web import portal as portal_package
from tests.browser import journey
from tests.browser.portal import portal
from tests.browser.visitor import Visitor, start_chromium

FOLDER = Path(portal_package.__file__).parent / "static" / "portal" / "guide"
WIDTH = 960
COLOURS = 96
COMPANIES = {"ar": "123456", "en": "654321"}
NAMES = {"ar": ("مريم", "العلي"), "en": ("Maryam", "Example")}


def walk(visitor: Visitor) -> Iterator[tuple[str, Page]]:
    """The screens of the guide in its order, each with the name of its picture."""
    first, last = NAMES[visitor.language]
    person = replace(journey.newcomer(), first_name=first, last_name=last)
    page = visitor.open("/")
    yield "front", page
    yield "company_services", visitor.open("/company-services/")
    journey.fill_registration(visitor, person)
    visitor.fill(cr_number=COMPANIES[visitor.language])
    yield "register", page
    visitor.fill(captcha=visitor.read_picture())
    visitor.press("send")
    journey.code(visitor, person.email, "activation_code")
    page.reload()
    yield "activate", page
    message = visitor.companion()
    message.open("/inbox/").locator("article", has_text=person.email).locator("a").first.click()
    yield "message", message.page
    message.close()
    journey.activate(visitor, person)
    yield "home", page
    journey.sign_out(visitor)
    yield "sign_in", visitor.open("/sign-in/")
    visitor.open("/reset-password/")
    visitor.fill(email=person.email, captcha=visitor.read_picture())
    yield "reset_password", page
    visitor.press("send")
    yield "reset_sent", page


def draw(page: Page) -> bytes:
    """The page as a small PNG: few colours, no banner of the demonstration."""
    page.evaluate("document.querySelector('.demo')?.remove(); document.activeElement?.blur(); scrollTo(0, 0)")
    # A modal dialog darkens what is visible, so there the window is enough.
    shown = page.screenshot(full_page=not page.locator("dialog:modal").count(), animations="disabled")
    small = Image.open(io.BytesIO(shown)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    out = io.BytesIO()
    small.save(out, "PNG", optimize=True)
    return out.getvalue()


def main() -> int:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder, portal(Path(folder)) as origin, sync_playwright() as playwright:
        chromium = start_chromium(playwright)
        for language in NAMES:
            visitor = Visitor(chromium, origin, language=language, width=WIDTH)
            for name, page in walk(visitor):
                picture = draw(page)
                (FOLDER / f"{name}.{language}.png").write_bytes(picture)
                sys.stdout.write(f"{name}.{language}.png: {len(picture) / 1024:.0f} KB\n")
            visitor.close()
        chromium.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
