"""The step of a release that asks the public advisories: what it finds, lets pass, and cannot answer."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.advisories import BILL, DAYS, installed, main
from tests.gates.documents import DOCS

TODAY = date(2026, 11, 24)
DJANGO = {
    "type": "ECOSYSTEM",
    "events": [{"introduced": "5.2"}, {"fixed": "5.2.9"}, {"introduced": "0"}, {"fixed": "4.2.30"}],
}
RECORD: dict[str, Any] = {
    "id": "GHSA-xxxx-yyyy-zzzz",
    "aliases": ["CVE-2026-1"],
    "published": "2026-11-01T10:00:00Z",
    "modified": "2026-11-22T10:00:00Z",
    "affected": [{"package": {"ecosystem": "PyPI", "name": "Django"}, "ranges": [DJANGO]}],
    "database_specific": {"severity": "HIGH"},
}


@pytest.fixture
def bill(tmp_path: Path) -> Path:
    return tmp_path / "packages.cdx.json"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """As OSV gives them out, one file for each."""
    (tmp_path / "advisories" / "PyPI").mkdir(parents=True)
    return tmp_path / "advisories"


def install(bill: Path, version: str) -> None:
    package = {"name": "django", "version": version, "purl": f"pkg:pypi/django@{version}"}
    bill.write_text(json.dumps({"components": [package, {"name": "a list"}]}), encoding="utf-8")


def tell(folder: Path, **changes: Any) -> None:
    record = {**RECORD, **changes}
    (folder / "PyPI" / f"{record['id']}.json").write_text(json.dumps(record), encoding="utf-8")


@pytest.mark.parametrize("version", ["5.2", "5.2.8", "5.2.9rc1", "4.2.29", "1.0"])
def test_a_vulnerable_version_is_found(
    folder: Path, bill: Path, capsys: pytest.CaptureFixture[str], version: str
) -> None:
    tell(folder)
    install(bill, version)
    assert main(folder, today=TODAY, bill=bill) == 0
    assert f"django {version}  CVE-2026-1  high, until 2026-12-01\n" in capsys.readouterr().out
    assert main(folder, today=date(2026, 12, 1), bill=bill) == 2  # by then the advisories are too old to be asked
    tell(folder, modified="2026-12-01T10:00:00Z")
    assert main(folder, today=date(2026, 12, 1), bill=bill) == 0
    assert main(folder, today=date(2026, 12, 2), bill=bill) == 1
    assert "until 2026-12-01, PAST" in capsys.readouterr().out


@pytest.mark.parametrize("version", ["5.2.9", "5.2.19", "4.2.30", "5.1", "6.0"])
def test_a_mended_version_passes(folder: Path, bill: Path, capsys: pytest.CaptureFixture[str], version: str) -> None:
    tell(folder, published="2020-01-01T00:00:00Z")
    install(bill, version)
    assert main(folder, today=TODAY, bill=bill) == 0
    assert "1 advisories, the newest of 2026-11-22; 0 touch an installation." in capsys.readouterr().out


@pytest.mark.parametrize(
    "affected",
    [
        {"versions": ["5.2.19"]},
        {"ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"last_affected": "5.2.19"}]}]},
        {"ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "five"}, {"fixed": "six"}]}]},
    ],
)
def test_the_other_forms_of_telling_it_are_read(folder: Path, bill: Path, affected: dict[str, Any]) -> None:
    old = {"published": "2020-01-01T00:00:00Z"}
    tell(folder, **old, affected=[{"package": {"ecosystem": "PyPI", "name": "django"}, **affected}])
    install(bill, "5.2.19")
    assert main(folder, today=TODAY, bill=bill) == 1
    tell(folder, **old, affected=[{"package": {"ecosystem": "npm", "name": "django"}, **affected}])
    assert main(folder, today=TODAY, bill=bill) == 0


@pytest.mark.parametrize(("word", "days"), [*DAYS.items(), ("", 7), ("SEVERE", 7)])
def test_the_time_follows_the_severity(
    folder: Path, bill: Path, capsys: pytest.CaptureFixture[str], word: str, days: int
) -> None:
    tell(folder, published="2026-11-22T10:00:00Z", database_specific={"severity": word})
    install(bill, "5.2.1")
    main(folder, today=TODAY, bill=bill)
    assert f"until {date.fromordinal(date(2026, 11, 22).toordinal() + days)}\n" in capsys.readouterr().out


def test_what_two_databases_tell_is_one_and_the_word_of_either_counts(
    folder: Path, bill: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tell(folder, database_specific={"severity": "LOW"})
    other = {**RECORD, "id": "CVE-2026-1", "aliases": ["GHSA-xxxx-yyyy-zzzz"], "published": "2026-10-31T00:00:00Z"}
    del other["database_specific"]
    (folder / "CVE-2026-1.yaml").write_text(yaml.safe_dump(other), encoding="utf-8")
    install(bill, "5.2.1")
    assert main(folder, today=TODAY, bill=bill) == 0
    assert "low, until 2027-01-29\n2 advisories, the newest of 2026-11-22; 1 touch" in capsys.readouterr().out


def test_one_that_was_withdrawn_touches_nothing(folder: Path, bill: Path) -> None:
    tell(folder, id="GHSA-1", withdrawn="2026-11-10T00:00:00Z", published="2020-01-01T00:00:00Z")
    tell(folder, id="GHSA-2", affected=[])
    install(bill, "5.2.1")
    assert main(folder, today=TODAY, bill=bill) == 0


def test_a_folder_without_fresh_advisories_is_no_answer(folder: Path, bill: Path) -> None:
    install(bill, "6.0")
    assert main(folder, today=TODAY, bill=bill) == 2
    tell(folder, modified="2026-11-16T00:00:00Z")
    assert main(folder, today=TODAY, bill=bill) == 2


def test_the_bill_and_the_times_are_those_of_the_pages() -> None:
    assert installed(BILL)["django"].startswith("5.2.")
    page = " ".join((DOCS / "security.md").read_text(encoding="utf-8").split())
    assert "a critical one within 7, a high one within 30, any other within 90" in page
    assert set(DAYS.values()) == {7, 30, 90}
