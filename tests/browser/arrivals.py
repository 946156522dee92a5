"""How a visitor comes to the state of a screen that has to be reached, from the page where the screen begins."""

from collections.abc import Callable

from tests.browser import journey, people
from tests.browser.people import Known
from tests.browser.visitor import Visitor

Arrival = Callable[[Visitor], None]


def stay(visitor: Visitor) -> None:
    """The page is the screen as it opens."""


def pressed(name: str) -> Arrival:
    """After a button with nothing filled in."""

    def arrive(visitor: Visitor) -> None:
        visitor.press(name)

    return arrive


def listening(visitor: Visitor) -> None:
    if visitor.scripts:
        visitor.page.locator("[name=captcha_audio]").click()
    else:
        visitor.press("captcha_audio")


def registered(visitor: Visitor) -> None:
    journey.register(visitor, journey.newcomer())


def wrong_code(visitor: Visitor) -> None:
    registered(visitor)
    form = visitor.page.locator("form[action$='/activate/verify/email/']")
    form.locator("input[name$=code]").fill("000000")
    visitor.press("verify", within=form)


def reset_sent(visitor: Visitor) -> None:
    person = people.administrator(visitor).person
    visitor.fill(email=person.email, captcha=visitor.read_picture())
    visitor.press("send")


def wrong_password(visitor: Visitor) -> None:
    person = people.administrator(visitor).person
    visitor.fill(login=person.email, password="not the password")
    visitor.press("sign_in")


def asked(path: str) -> Arrival:
    """One of the ways to confirm, opened by its address."""

    def arrive(visitor: Visitor) -> None:
        people.come_in(visitor, people.administrator(visitor))
        visitor.open(path)

    return arrive


def opened(path: str, who: Callable[[Visitor], Known] = people.administrator, *, link: str = "") -> Arrival:
    """The page at `path` for somebody signed in, or the first page it leads to by a link that begins with `link`."""

    def arrive(visitor: Visitor) -> None:
        people.open_as(visitor, path, who(visitor))
        if link:
            visitor.page.locator(f"main a[href^='{visitor.local(link)}']").first.click()
            visitor.page.wait_for_load_state()

    return arrive


def sent(path: str, button: str) -> Arrival:
    """The same page after a button of it with nothing filled in."""
    go = opened(path)

    def arrive(visitor: Visitor) -> None:
        go(visitor)
        visitor.press(button)

    return arrive


def with_applicant(path: str, *, link: str = "") -> Arrival:
    """For the administrator of a company that somebody has asked to join."""
    go = opened(path, link=link)

    def arrive(visitor: Visitor) -> None:
        people.applicant(visitor)
        go(visitor)

    return arrive


def with_invitation(path: str) -> Arrival:
    """For the administrator of a company that somebody has been invited to."""
    go = opened(path)

    def arrive(visitor: Visitor) -> None:
        people.invited(visitor)
        go(visitor)

    return arrive
