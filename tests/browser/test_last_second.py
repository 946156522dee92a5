"""A broker in Chromium at the sample service, while midnight passes in the portal's own processes."""

from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import requests
import time_machine
from authlib.integrations.base_client.errors import OAuthError

from bawaba.infrastructure import clock
from examples.sample_service.words import say
from tests.browser import journey
from tests.browser.clock import Clock
from tests.browser.sample import Place, come, enter, opened
from tests.browser.visitor import NARROW, WIDE, Visitor

pytestmark = pytest.mark.needs("faketime")
KUWAIT = ZoneInfo("Asia/Kuwait")
EARLIER = timedelta(minutes=10)  # shorter than a session may be idle, long enough for two registrations
NEARLY = timedelta(seconds=20)
SECOND = timedelta(seconds=1)


@pytest.fixture
def midnight() -> datetime:
    """The end of tomorrow in Kuwait."""
    return datetime.combine(clock.now().astimezone(KUWAIT).date() + timedelta(days=2), time(), KUWAIT)


@pytest.fixture
def portal_clock(tmp_path: Path, midnight: datetime) -> Clock:
    """The test begins shortly before."""
    return Clock(tmp_path / "ahead", midnight - EARLIER - clock.now())


@pytest.fixture
def here(portal_clock: Clock) -> Iterator[time_machine.Traveller]:
    """The same time in this process, where the service runs."""
    with time_machine.travel(clock.now() + portal_clock.ahead, tick=True) as traveller:
        clock.now()  # it stands still until it is first asked
        yield traveller


@pytest.fixture
def place(tmp_path: Path, portal_clock: Clock, here: time_machine.Traveller) -> Iterator[Place]:
    with opened(tmp_path, portal_clock) as place:
        yield place


@pytest.fixture
def origin(place: Place) -> str:
    """The portal that `visit` leads to."""
    return place.origin


@pytest.fixture
def forward(place: Place, portal_clock: Clock, here: time_machine.Traveller) -> Callable[[datetime], None]:
    """Sets both clocks to a later moment."""

    def to(moment: datetime) -> None:
        by = moment - clock.now()
        portal_clock.shift(by)
        here.shift(by)
        while written_at(requests.get(f"{place.origin}/healthz/live", timeout=10)) < moment:
            pass  # it reads its clock anew once a second

    return to


@pytest.mark.parametrize(("language", "width"), [("ar", NARROW), ("en", WIDE)], ids=["arabic", "english"])
def test_a_delegation_opens_the_service_until_its_last_second(
    visit: Callable[..., Visitor],
    place: Place,
    forward: Callable[[datetime], None],
    midnight: datetime,
    language: str,
    width: int,
) -> None:
    client, broker = (visit(language=language, width=width) for _ in range(2))
    owner, clerk = (journey.newcomer() for _ in range(2))
    number, own = journey.own_company(owner), journey.own_company(clerk)
    come(client, owner, number)
    come(broker, clerk, own)
    delegate(client, to=own, last_day=midnight - SECOND)
    accept(broker)
    window = enter(broker, place)
    assert number in window.locator("main").inner_text()

    forward(midnight - NEARLY)
    token = refreshed(place)
    window.goto(place.service)
    assert number in window.locator("main").inner_text()
    broker.open("/home/")
    assert offered(broker)
    *told, refusal = until_refused(place, token["access_token"], midnight)
    assert midnight - SECOND in told
    assert refusal >= midnight

    window.goto(place.service)
    assert window.get_by_text(say(language)["welcome"]).is_visible()
    with pytest.raises(OAuthError, match="invalid_grant"):
        refreshed(place, token)
    broker.open("/home/")
    assert not offered(broker)
    assert number not in broker.page.locator("main").inner_text()
    assert own in broker.page.locator("main").inner_text()


def delegate(client: Visitor, *, to: str, last_day: datetime) -> None:
    client.open("/company/delegations/")
    day = last_day.date().isoformat()
    client.fill(cr_number=to, services="on", starts_on=day, ends_on=day)
    client.press("give")


def accept(broker: Visitor) -> None:
    """And acts under the delegation from now on."""
    broker.open("/company/delegations/")
    broker.press("accept")
    broker.page.locator("[name=acting]").select_option(offered(broker))
    broker.press("switch")


def offered(broker: Visitor) -> str | None:
    """How the page names the choice to act under the delegation."""
    choice = broker.page.locator("[name=acting] option[value*='/']")
    return choice.get_attribute("value") if choice.count() else None


def refreshed(place: Place, token: dict[str, Any] | None = None) -> dict[str, Any]:
    """New tokens for an old one, by default that of the one session the service has, which goes on with them."""
    sessions = place.app.extensions["open_sessions"]
    number, held = next(iter(sessions.items()), ("", {}))
    given = {"grant_type": "refresh_token", "refresh_token": (token or held)["refresh_token"]}
    with place.app.test_request_context():
        new: dict[str, Any] = place.app.extensions["portal"].fetch_access_token(**given)
    sessions[number] = held | new
    return new


def until_refused(place: Place, access_token: str, end: datetime) -> Iterator[datetime]:
    """When each answer was written, asked one after the other: those that told who somebody is, and the refusal."""
    proof, before = {"Authorization": f"Bearer {access_token}"}, end - NEARLY
    while (answer := requests.get(f"{place.origin}/oidc/userinfo/", headers=proof, timeout=10)).ok:
        assert before < end  # what was asked after the end was not told
        before = written_at(answer)
        yield before
    assert answer.status_code == 401
    yield written_at(answer)


def written_at(answer: requests.Response) -> datetime:
    """By the portal's clock, to the second."""
    return parsedate_to_datetime(answer.headers["Date"])
