"""The sample service behind a portal of its own, as the operator of both sets them up, and the way in by browser."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

from flask import Flask
from playwright.sync_api import Page
from werkzeug.serving import make_server

from examples.sample_service.service import SCOPE, Settings, make
from tests.browser import journey
from tests.browser.clock import Clock
from tests.browser.portal import portal
from tests.browser.visitor import Visitor
from tests.people import Person
from tests.servers import free_port, surroundings

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


@dataclass
class Place:
    """A portal and the service that is registered there."""

    origin: str
    service: str
    app: Flask


@contextmanager
def opened(folder: Path, clock: Clock | None = None) -> Iterator[Place]:
    """Both, running. The portal keeps its data in the folder and goes by the clock, if there is one."""
    port = free_port()
    folders = {"DATA_DIR": str(folder / "data"), "KEYS_DIR": str(folder / "keys")}
    here, catalogue = f"http://127.0.0.1:{port}", folder / "catalogue.toml"
    catalogue.write_text(CATALOGUE.format(link=here), encoding="utf-8")
    addresses = ("--redirect", f"{here}/signed-in", "--post-logout", f"{here}/")
    scopes = [argument for name in SCOPE.split() for argument in ("--scope", name)]
    with portal(clock, **folders) as origin:
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


def _bawaba(*arguments: str, **settings: str) -> str:
    """What the operator types beside the running portal, and is answered."""
    environment = surroundings() | {f"BAWABA_{name}": value for name, value in {**settings, "DEMO": "1"}.items()}
    command = (sys.executable, "-m", "bawaba", *arguments)
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout


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
