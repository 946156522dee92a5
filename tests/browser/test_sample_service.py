"""A company comes to life in Chromium; the sample service behind the portal knows at once who may do what for it."""

from collections.abc import Callable, Iterator

import pytest
from authlib.integrations.base_client.errors import OAuthError

from examples.sample_service.words import say
from tests.browser import journey
from tests.browser.sample import Place, come, enter, opened
from tests.browser.visitor import NARROW, WIDE, Visitor
from tests.people import Person


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with opened(tmp_path_factory.mktemp("portal")) as place:
        yield place


@pytest.fixture(scope="module")
def origin(place: Place) -> str:
    """The portal that `visit` leads to."""
    return place.origin


@pytest.mark.parametrize(("language", "width"), [("ar", NARROW), ("en", WIDE)], ids=["arabic", "english"])
def test_from_the_first_registration_to_a_suspended_member(
    visit: Callable[..., Visitor], place: Place, language: str, width: int
) -> None:
    administrator, submitter, payer = (visit(language=language, width=width) for _ in range(3))
    founder, colleague, guest = (journey.newcomer() for _ in range(3))
    number = journey.own_company(founder)
    come(administrator, founder, number)
    come(submitter, colleague, number)
    assert founder.email not in submitter.page.content()
    submitter.open("/company/")
    assert submitter.at("/home/")
    admit(administrator)
    come(payer, guest, journey.own_company(guest))
    invite(administrator, guest)
    accept(payer, number)

    words, services = say(language), {}
    for visitor, role in ((administrator, "administrator"), (submitter, "submitter"), (payer, "payer")):
        services[role] = enter(visitor, place)
        shown = services[role].locator("main").inner_text()
        assert number in shown
        assert words[role] in shown
    tokens = dict(zip(services, place.app.extensions["open_sessions"].values(), strict=False))
    for role, answer in (("submitter", "submitted"), ("payer", "forbidden")):
        services[role].locator("form[action='/submit'] button").click()
        services[role].get_by_text(words[answer]).wait_for()

    suspend(administrator, colleague)
    services["submitter"].goto(place.service)
    assert services["submitter"].get_by_text(words["welcome"]).is_visible()
    refreshed = {"grant_type": "refresh_token", "refresh_token": tokens["submitter"]["refresh_token"]}
    with place.app.test_request_context(), pytest.raises(OAuthError, match="invalid_grant"):
        place.app.extensions["portal"].fetch_access_token(**refreshed)
    services["administrator"].goto(place.service)
    assert number in services["administrator"].locator("main").inner_text()
    place.app.extensions["open_sessions"].clear()


def admit(administrator: Visitor) -> None:
    """The one who asks, as submitter, which the page proposes."""
    administrator.open("/company/requests/")
    administrator.page.locator("main li a").click()
    administrator.press("admit")


def invite(administrator: Visitor, guest: Person) -> None:
    """As payer."""
    administrator.open("/company/invitations/")
    administrator.fill(email=guest.email)
    administrator.page.locator("[name=roles][value=submitter]").uncheck()
    administrator.page.locator("[name=roles][value=payer]").check()
    administrator.press("invite")


def accept(guest: Visitor, number: str) -> None:
    """And acts for that company from now on."""
    guest.open("/requests/")
    guest.page.locator("main a[href*='/invitations/']").click()
    guest.press("accept")
    guest.page.locator("[name=acting]").select_option(label=number)
    guest.press("switch")


def suspend(administrator: Visitor, colleague: Person) -> None:
    administrator.open(f"/company/members/?q={colleague.email}")
    administrator.page.locator("main th a").click()
    administrator.press("suspend")
