"""The sample service behind a portal of its own, as the operator of both sets them up, and the way in by browser."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from urllib.parse import urlencode

from flask import Flask
from playwright.sync_api import Page
from werkzeug.serving import make_server

from examples.sample_service.service import SCOPE, Settings, make
from tests.browser import journey
from tests.browser.clock import Clock
from tests.browser.portal import operate, portal
from tests.browser.visitor import Visitor
from tests.people import Person
from tests.servers import free_port

NAMES = ("--name-ar", "خدمة البيانات الجمركية", "--name-en", "Customs declarations")
CATALOGUE = """
[[service]]
key = "declarations"
icon = "pen"
order = 10
permission = "view"
delegable = true
client = "sample"
link = "{link}/"
ar = {{ name = "البيانات الجمركية", description = "إعداد البيان الجمركي وتقديمه." }}
en = {{ name = "Customs declarations", description = "Prepare and submit a customs declaration." }}
"""


DEMO = Path(__file__).parents[2] / "bawaba/domain/catalogue/demo.toml"
NOWHERE = "https://service.example.com"
"""Where a service is said to be that nobody opens."""


@dataclass
class Place:
    """A portal and the service that is registered there."""

    origin: str
    service: str
    app: Flask


def with_client(service: str, client: str) -> str:
    """The catalogue of a demonstration, in which one service asks for sign-in as this client."""
    entry = f'key = "{service}"\n'
    return DEMO.read_text(encoding="utf-8").replace(entry, f'{entry}client = "{client}"\n')


def asks(client: str, language: str) -> str:
    """The path under which a service that is nowhere sends people to the portal."""
    query = {
        "client_id": client,
        "redirect_uri": f"{NOWHERE}/signed-in",
        "response_type": "code",
        "scope": SCOPE,
        "code_challenge": "c" * 43,
        "code_challenge_method": "S256",
        "ui_locales": language,
    }
    return f"/oidc/authorize/?{urlencode(query)}"


@contextmanager
def opened(folder: Path, clock: Clock | None = None) -> Iterator[Place]:
    """Both, running. The portal keeps its data in the folder and goes by the clock, if there is one."""
    port = free_port()
    here = f"http://127.0.0.1:{port}"
    with portal(folder, clock) as origin:
        secret = register(origin, folder, "sample", here)
        apply(origin, folder, CATALOGUE.format(link=here))
        app = make(Settings(origin, "sample", secret))
        server = make_server("127.0.0.1", port, app, threaded=True)
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield Place(origin, here, app)
        server.shutdown()
        thread.join()
        server.server_close()


def register(origin: str, folder: Path, client: str, address: str) -> str:
    """Makes a service at an address known to the portal that keeps its data in the folder. Returns its secret."""
    addresses = ("--redirect", f"{address}/signed-in", "--post-logout", f"{address}/")
    scopes = [argument for name in SCOPE.split() for argument in ("--scope", name)]
    printed = operate(origin, folder, "clients", "add", client, *NAMES, *addresses, *scopes)
    return next(line.split()[1] for line in printed.splitlines() if line.startswith("client_secret"))


def apply(origin: str, folder: Path, catalogue: str) -> None:
    """Makes this the catalogue of the portal."""
    file = folder / "catalogue.toml"
    file.write_text(catalogue, encoding="utf-8")
    operate(origin, folder, "catalogue", "apply", str(file))


def come(visitor: Visitor, person: Person, number: str) -> None:
    """Registers for the company of a number, and activates."""
    journey.register(visitor, person, cr_number=number)
    journey.activate(visitor, person)
    assert visitor.at("/home/")


def enter(visitor: Visitor, place: Place) -> Page:
    """A window of its own at the service, which the portal's rules for pages do not bind."""
    window = visitor.context.new_page()
    window.goto(f"{place.service}/language/{visitor.language}")
    window.goto(f"{place.service}/sign-in")
    window.locator("button[name=allow]").click()
    window.wait_for_url(f"{place.service}/")
    return window
