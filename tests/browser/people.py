"""People who have been on the portal before the visitor comes: made once, found again by all tests that need them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from tests.browser import journey, sample, second_factors
from tests.browser.visitor import Visitor
from tests.people import Person


@dataclass
class Known:
    """A person with an account, and the cookies of the session that is open."""

    person: Person
    cookies: list[Any]


_known: dict[tuple[str, str], Known] = {}


def _once(visitor: Visitor, role: str, make: Callable[[Visitor], Person]) -> Known:
    key = (visitor.origin, role)
    if key not in _known:
        other = visitor.companion()
        person = make(other)
        _known[key] = Known(person, other.context.cookies())
        other.close()
    return _known[key]


def administrator(visitor: Visitor) -> Known:
    """Administers a company of which nobody else has heard."""
    return _once(visitor, "administrator", journey.become_member)


def protected(visitor: Visitor) -> Known:
    """Has an authenticator, a passkey and recovery codes."""

    def protect(other: Visitor) -> Person:
        person = journey.become_member(other)
        second_factors.carry_passkeys(other)
        second_factors.add_passkey(other)
        open_confirmed(other, "/security/authenticator/add/", person)
        second_factors.add_authenticator(other)
        return person

    return _once(visitor, "protected", protect)


def applicant(visitor: Visitor) -> Known:
    """Asks to join the administrator's company."""
    company = journey.own_company(administrator(visitor).person)

    def ask(other: Visitor) -> Person:
        person = journey.newcomer()
        journey.register(other, person, cr_number=company)
        journey.activate(other, person)
        return person

    return _once(visitor, "applicant", ask)


def invited(visitor: Visitor) -> Known:
    """Has a company, and an invitation of the administrator to another."""
    host = administrator(visitor)
    guest = _once(visitor, "invited", journey.become_member)

    def invite(other: Visitor) -> Person:
        come_in(other, host)
        other.open("/company/invitations/")
        other.fill(email=guest.person.email)
        other.page.locator("[name=roles]").first.check()
        other.press("invite")
        return guest.person

    _once(visitor, "invitation", invite)
    return guest


def colleague(visitor: Visitor) -> Known:
    """Was admitted to the administrator's company as submitter, and suspended."""
    host = administrator(visitor)

    def join(other: Visitor) -> Person:
        person = replace(journey.newcomer(), first_name="حصة")
        journey.register(other, person, cr_number=journey.own_company(host.person))
        journey.activate(other, person)
        return person

    def suspend(other: Visitor) -> Person:
        open_as(other, "/company/requests/", host)
        other.page.locator("main li").filter(has_text=known.person.first_name).locator("a").click()
        other.press("admit")
        other.open(f"/company/members/?q={known.person.email}")
        other.page.locator("main th a").click()
        other.press("suspend")
        return known.person

    known = _once(visitor, "colleague", join)
    _once(visitor, "suspended colleague", suspend)
    return known


def broker(visitor: Visitor) -> Known:
    """Has two offers of the administrator's company to act for it: one is accepted, one waits."""
    host, known = administrator(visitor), _once(visitor, "broker", journey.become_member)

    def offer(other: Visitor) -> Person:
        for _ in range(2):
            open_as(other, "/company/delegations/", host)
            other.page.locator("[name=services]").first.check()
            other.fill(cr_number=journey.own_company(known.person))
            other.press("give")
        open_as(other, "/company/delegations/", known)
        other.page.locator("button[name=accept]").first.click()
        return known.person

    _once(visitor, "delegation", offer)
    return known


def allowing(visitor: Visitor) -> Known:
    """Lets a service learn who they are."""

    def allow(other: Visitor) -> Person:
        person = journey.become_member(other)
        other.page.goto(f"{other.origin}{sample.asks('sample', other.language)}")
        with other.page.expect_request(f"{sample.NOWHERE}/**"):
            other.page.locator("button[name=allow]").click()
        return person

    return _once(visitor, "allowing", allow)


def with_number(visitor: Visitor) -> Known:
    """Administers a company with a licence that is over."""

    def enter(other: Visitor) -> Person:
        person = journey.become_member(other)
        other.open("/company/")
        other.page.locator("main details summary").first.click()
        other.fill(type="import_licence", value="2025/771", issuer="وزارة التجارة والصناعة", valid_to="2025-12-31")
        other.press("add")
        return person

    return _once(visitor, "with number", enter)


def come_in(visitor: Visitor, known: Known) -> None:
    """Goes on with the session of somebody known, as after closing and opening the window."""
    visitor.context.add_cookies(known.cookies)


def open_confirmed(visitor: Visitor, path: str, person: Person) -> None:
    """Opens a page that may first ask for the password once more."""
    visitor.open(path)
    confirm_if_asked(visitor, person)


def confirm_if_asked(visitor: Visitor, person: Person) -> None:
    if visitor.at("/confirm/"):
        visitor.fill(password=person.password)
        visitor.press("confirm")


def open_as(visitor: Visitor, path: str, known: Known) -> None:
    """The same in the session of somebody known, whose key changes when the password is asked for."""
    come_in(visitor, known)
    open_confirmed(visitor, path, known.person)
    known.cookies = visitor.context.cookies()
