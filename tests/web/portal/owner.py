"""The owner of an account: confirms with the password, and is told by message."""

from bawaba.infrastructure.messaging.models import Message
from tests.client import Browser
from tests.page import Page
from tests.people import ahmad

NEW = "ahmad.new@example.com"
NEW_PASSWORD = "Mubarakiya!Souk9"


def confirmed(browser: Browser, path: str) -> Page:
    """A page that asks for the password once more, and the same page behind it."""
    assert browser.get(path).path == "/confirm/"
    return browser.submit("متابعة", password=ahmad.password)


def told(kind: str, address: str = ahmad.email) -> int:
    return Message.objects.filter(kind=kind, address=address).count()
