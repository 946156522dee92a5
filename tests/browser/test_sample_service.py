"""A company comes to life in Chromium; the sample service behind the portal knows at once who may do what for it."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from threading import Thread

import pytest
from authlib.integrations.base_client.errors import OAuthError
from flask import Flask
from playwright.sync_api import Page
from werkzeug.serving import make_server

from examples.sample_service.service import SCOPE, Settings, make
from examples.sample_service.words import say
from tests.browser import journey
from tests.browser.portal import portal
from tests.browser.visitor import NARROW, WIDE, Visitor
from tests.people import Person
from tests.servers import free_port, surroundings

NAMES = ("--name-ar", "خدمة البيانات الجمركية", "--name-en", "Customs declarations")
CATALOGUE = """
[[service]]
key = "declarations"
icon = "pen"
order = 10
permission = "view"
client = "sample"
link = "{link}/"
ar = {{ name = "البيانات الجمركية", description = "إعداد البيان الجمركي وتقديمه." }}
en = {{ name = "Customs declarations", description = "Prepare and submit a customs declaration." }}
"""


@dataclass
class Place:
    """A portal of its own and the service that is registered there."""

    origin: str
    service: str
    app: Flask


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    folder, port = tmp_path_factory.mktemp("portal"), free_port()
    folders = {"DATA_DIR": str(folder / "data"), "KEYS_DIR": str(folder / "keys")}
    here, catalogue = f"http://127.0.0.1:{port}", folder / "catalogue.toml"
    catalogue.write_text(CATALOGUE.format(link=here), encoding="utf-8")
    addresses = ("--redirect", f"{here}/signed-in", "--post-logout", f"{here}/")
    scopes = [argument for name in SCOPE.split() for argument in ("--scope", name)]
    with portal(**folders) as origin:
        printed = _bawaba("clients", "add", "sample", *NAMES, *addresses, *scopes, ORIGIN=origin, **folders)
        _bawaba("catalogue", "apply", str(catalogue), ORIGIN=origin, **folders)
        secret = next(line.split()[1] for line in printed.splitlines() if line.startswith("client_secret"))
        app = make(Settings(origin, "sample", secret))
        server = make_server("127.0.0.1", port, app, threaded=True)
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield Place(origin, here, app)
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def origin(place: Place) -> str:
    """The portal that `visit` leads to."""
    return place.origin


def _bawaba(*arguments: str, **settings: str) -> str:
    """What the operator types beside the running portal, and is answered."""
    environment = surroundings() | {f"BAWABA_{name}": value for name, value in {**settings, "DEMO": "1"}.items()}
    command = (sys.executable, "-m", "bawaba", *arguments)
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout


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


def come(visitor: Visitor, person: Person, number: str) -> None:
    journey.register(visitor, person, cr_number=number)
    journey.activate(visitor, person)
    assert visitor.at("/home/")


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


def enter(visitor: Visitor, place: Place) -> Page:
    """A window of its own at the service, which the portal's rules for pages do not bind."""
    window = visitor.context.new_page()
    window.goto(f"{place.service}/language/{visitor.language}")
    window.goto(f"{place.service}/sign-in")
    window.locator("button[name=allow]").click()
    window.wait_for_url(f"{place.service}/")
    return window
