"""People of another system come with their old password; who lost every second factor comes back by two officers."""

import csv
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from playwright.sync_api import Browser

from tests.browser import journey, second_factors, walker
from tests.browser.portal import portal
from tests.browser.test_factors import look
from tests.browser.visitor import NARROW, Visitor
from tests.people import Person
from tests.servers import surroundings

NEW = "Mubarakiya!Souk9"


@dataclass(frozen=True)
class Installation:
    """A portal, and the terminal of the people who run it."""

    origin: str
    folder: Path

    def command(self, *arguments: str, officer: int = os.getuid(), typed: str = "") -> list[str]:
        environment = surroundings() | {
            "BAWABA_DEMO": "1",
            "BAWABA_DATA_DIR": str(self.folder / "data"),
            "BAWABA_KEYS_DIR": str(self.folder / "keys"),
            "SUDO_UID": str(officer),
        }
        line = [sys.executable, "-m", "bawaba", *arguments]
        done = subprocess.run(line, env=environment, input=typed, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr + done.stdout
        return done.stdout.splitlines()


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    folder = tmp_path_factory.mktemp("installation")
    with portal(folder) as origin:
        yield Installation(origin, folder)


@pytest.fixture(params=["ar", "en"])
def visitor(request: pytest.FixtureRequest, chromium: Browser, installation: Installation) -> Iterator[Visitor]:
    arrived = Visitor(chromium, installation.origin, language=request.param, width=NARROW)
    yield arrived
    arrived.close()
    assert arrived.record.complaints == []


def bring(installation: Installation, person: Person) -> None:
    """As docs/operate/import.md says: without writing first, then for good."""
    hasher = PBKDF2PasswordHasher()
    row = {
        **{name: getattr(person, name) for name in ("email", "first_name", "last_name", "civil_id", "mobile")},
        "password_hash": hasher.encode(person.password, hasher.salt(), iterations=1000),
    }
    file = installation.folder / f"{person.civil_id}.csv"
    with file.open("w", newline="", encoding="utf-8") as written:
        table = csv.DictWriter(written, list(row))
        table.writeheader()
        table.writerow(row)
    installation.command("import-users", "--dry-run", str(file))
    installation.command("import-users", str(file))


def test_who_lost_every_factor_comes_back_by_two_officers(installation: Installation, visitor: Visitor) -> None:
    person = journey.newcomer()
    bring(installation, person)
    journey.sign_in(visitor, person)
    assert visitor.at("/sign-in/terms/")
    look(visitor)
    visitor.fill(terms="on")
    visitor.press("agree")
    assert visitor.at("/home/")
    second_factors.add_authenticator(visitor)
    journey.sign_out(visitor)
    visitor.context.clear_cookies()

    journey.sign_in(visitor, person)
    assert visitor.at("/sign-in/second-step/")
    visitor.page.locator("main a[href$='/support/#lost']").click()
    visitor.page.wait_for_url("**/support/#lost")
    assert visitor.page.locator("#lost").is_visible()
    look(visitor)

    paper = installation.command("lost-factor", typed=f"{person.email}\n{person.civil_id}\n", officer=501)[-1]
    installation.command("lost-factor", "approve", typed=f"{paper}\n", officer=502)
    journey.text(visitor, person.email, "factor_removed")
    journey.sign_in(visitor, person)
    assert visitor.at("/sign-in/")  # the password of before opens nothing
    assert walker.accessible(visitor) == []
    journey.reset(visitor, person, NEW)
    visitor.fill(login=person.email, password=NEW)
    visitor.press("sign_in")
    assert visitor.at("/home/")
    second_factors.add_authenticator(visitor)
    assert visitor.at("/security/recovery-codes/")
