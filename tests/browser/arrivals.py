"""How a visitor comes to the state of a screen that has to be reached, from the page where the screen begins."""

from collections.abc import Callable

from tests.browser import journey, people, sample
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


def second_step(visitor: Visitor) -> None:
    journey.sign_in(visitor, people.protected(visitor).person)


def sent_code(path: str, address: str) -> Arrival:
    """After a code to another e-mail or mobile was asked for."""
    go = opened(path)

    def arrive(visitor: Visitor) -> None:
        go(visitor)
        visitor.fill(address=address)
        visitor.press("send")

    return arrive


def not_me(visitor: Visitor) -> None:
    """By the link in the mail about a second browser."""
    first = visitor.companion()
    person = journey.become_member(first)
    first.close()
    second = visitor.companion()
    journey.sign_in(second, person)
    second.close()
    visitor.open(journey.link(visitor, person.email, "new_device"))


def objection(visitor: Visitor) -> None:
    """By the link in the mail to the address that an account had before."""
    other = visitor.companion()
    person = journey.become_member(other)
    moved = journey.newcomer().email
    people.open_confirmed(other, "/account/email/", person)
    other.fill(address=moved)
    other.press("send")
    other.fill(code=journey.code(other, moved, "change_email_code"))
    other.press("verify")
    other.close()
    visitor.open(journey.link(visitor, person.email, "email_changed_old"))


def sent_by(client: str) -> Arrival:
    """Where a service sends somebody signed in."""

    def arrive(visitor: Visitor) -> None:
        people.come_in(visitor, people.administrator(visitor))
        visitor.page.goto(f"{visitor.origin}{sample.asks(client, visitor.language)}")

    return arrive


def asked(path: str, who: Callable[[Visitor], Known] = people.administrator) -> Arrival:
    """One of the ways to confirm, opened by its address."""

    def arrive(visitor: Visitor) -> None:
        people.come_in(visitor, who(visitor))
        visitor.open(path)

    return arrive


def opened(
    path: str, who: Callable[[Visitor], Known] = people.administrator, *, link: str = "", ending: str = "/"
) -> Arrival:
    """The page at `path` for somebody signed in, or the first page it leads to by a link that begins and ends so."""

    def arrive(visitor: Visitor) -> None:
        known = who(visitor)
        people.open_as(visitor, path, known)
        if link:
            start = visitor.local(link)
            there = visitor.page.locator(f"main a[href^='{start}'][href$='{ending}']:not([href='{start}'])")
            with visitor.page.expect_navigation():
                there.first.click()
            people.confirm_if_asked(visitor, known.person)
            known.cookies = visitor.context.cookies()

    return arrive


def sent(path: str, button: str) -> Arrival:
    """The same page after a button of it with nothing filled in."""
    go = opened(path)

    def arrive(visitor: Visitor) -> None:
        go(visitor)
        visitor.press(button)

    return arrive


def beside(other: Callable[[Visitor], Known], path: str, *, link: str = "") -> Arrival:
    """For the administrator of a company with which somebody else has to do."""
    go = opened(path, link=link)

    def arrive(visitor: Visitor) -> None:
        other(visitor)
        go(visitor)

    return arrive


def numbered(visitor: Visitor) -> None:
    """The company of somebody else, with a number that is over."""
    people.open_as(visitor, "/company/", people.with_number(visitor))


def suspended_member(visitor: Visitor) -> None:
    known = people.colleague(visitor)
    people.open_as(visitor, f"/company/members/?q={known.person.email}", people.administrator(visitor))
    visitor.page.locator("main th a").click()
    visitor.page.wait_for_load_state()
