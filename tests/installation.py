"""What every test gets: an installation of its own in a temporary folder, with its own keys; and what it may need.

A test that drives a program of Debian says so with `@pytest.mark.needs("package")`. Where the program is missing the
test is skipped with the package's name, and where CI is set every skipped test makes the run fail.
"""

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from django.core.management import call_command

from bawaba.commands.messages import compile_catalogues
from tests.servers import has, is_ci

DATABASE_FIXTURES = {"db", "transactional_db", "django_db_setup"}
_memory = Path("/dev/shm")  # noqa: S108 a sync costs nothing there; the folder inside is made safely
_folder = Path(tempfile.mkdtemp(prefix="bawaba-test-", dir=_memory if os.access(_memory, os.W_OK) else None))
os.environ["BAWABA_DATA_DIR"] = str(_folder)
os.environ["BAWABA_KEYS_DIR"] = str(_folder / "keys")
os.environ["BAWABA_CIVIL_ID_CENTURIES"] = "1,2,3"  # the people of the tests carry century 1
os.environ["BAWABA_PASSWORD_MEMORY"] = "8"  # thousands of hashes; `usual_hashes` is for what is about their cost
os.environ["BAWABA_PASSWORD_PASSES"] = "1"
os.environ["BAWABA_EMAIL_URL"] = "inbox"  # messages can be left, and no courier takes them
os.environ["BAWABA_SMS_PROVIDERS"] = "inbox"

compile_catalogues()


@pytest.fixture(scope="session", autouse=True)
def static_files() -> None:
    """The hashed names of the style sheet and the script, as at every start."""
    call_command("collectstatic", interactive=False, verbosity=0)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database-only", action="store_true", help="leave out the tests that touch no database")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--database-only"):
        others = [item for item in items if not _touches_database(item)]
        config.hook.pytest_deselected(items=others)
        items[:] = [item for item in items if _touches_database(item)]


def _touches_database(item: pytest.Item) -> bool:
    fixtures: list[str] = getattr(item, "fixturenames", [])
    return item.get_closest_marker("django_db") is not None or not DATABASE_FIXTURES.isdisjoint(fixtures)


def pytest_runtest_setup(item: pytest.Item) -> None:
    for mark in item.iter_markers("needs"):
        for package in mark.args:
            if not has(package):
                pytest.skip(f"needs the Debian package {package}")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if is_ci() and terminalreporter.stats.get("skipped"):
        terminalreporter.write_line("A skipped test is a failure here.", red=True)


def pytest_sessionfinish(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if is_ci() and reporter is not None and reporter.stats.get("skipped") and session.exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_unconfigure() -> None:
    shutil.rmtree(_folder, ignore_errors=True)
