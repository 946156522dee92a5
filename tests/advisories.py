"""Whether a package of an installation is vulnerable for longer than docs/security.md allows: a step of each release.

`python -m tests.advisories FOLDER`, where FOLDER holds the public advisories in the form of OSV, as YAML or JSON: a
clone of pypa/advisory-database, or what OSV gives out for PyPI, unpacked. It prints every advisory that touches a
version of the bill of materials, with the day until which it must be mended. Exit code 1 when such a day has passed,
2 when the folder cannot answer: no advisories in it, or none of the last week.
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from bawaba.infrastructure import clock

BILL = Path(__file__).parents[1] / "docs" / "packages.cdx.json"
DAYS = {"CRITICAL": 7, "HIGH": 30, "MODERATE": 90, "LOW": 90}
"""By the word of the advisory. One without a word counts as critical; that one is being used, no advisory says."""
FRESH = timedelta(days=7)


@dataclass(frozen=True)
class Finding:
    package: str
    version: str
    names: frozenset[str]
    published: date
    severity: str

    @property
    def until(self) -> date:
        return self.published + timedelta(days=DAYS.get(self.severity, DAYS["CRITICAL"]))


def main(folder: Path, *, today: date, bill: Path = BILL) -> int:
    records = [record for record in read(folder) if not record.get("withdrawn")]
    newest = max((_day(record["modified"]) for record in records), default=date.min)
    if newest < today - FRESH:
        sys.stderr.write(f"{folder}: no advisory of the last week is in it.\n")
        return 2
    found = findings(records, installed(bill))
    for each in found:
        word = each.severity.lower() or "severity unknown"
        late = ", PAST" if each.until < today else ""
        sys.stdout.write(f"{each.package} {each.version}  {min(each.names)}  {word}, until {each.until}{late}\n")
    sys.stdout.write(f"{len(records)} advisories, the newest of {newest}; {len(found)} touch an installation.\n")
    return int(any(each.until < today for each in found))


def installed(bill: Path) -> dict[str, str]:
    """The version of each package, by its normalised name."""
    components = json.loads(bill.read_text(encoding="utf-8"))["components"]
    packages = [each for each in components if each.get("purl", "").startswith("pkg:pypi/")]
    return {canonicalize_name(each["name"]): each["version"] for each in packages}


def read(folder: Path) -> Iterator[dict[str, Any]]:
    for path in sorted(folder.rglob("*")):
        if path.suffix == ".json":
            record = json.loads(path.read_text(encoding="utf-8"))
        elif path.suffix in (".yaml", ".yml"):
            record = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
        else:
            continue
        if isinstance(record, dict) and "affected" in record and "id" in record:
            yield record


def findings(records: list[dict[str, Any]], versions: dict[str, str]) -> list[Finding]:
    """One for each vulnerability of a package, though several databases may tell of it, with the gravest word."""
    together: dict[tuple[str, frozenset[str]], Finding] = {}
    for record in records:
        for affected in record["affected"]:
            package = affected.get("package", {})
            name = canonicalize_name(package.get("name", ""))
            if package.get("ecosystem") != "PyPI" or name not in versions or not touches(affected, versions[name]):
                continue
            names = frozenset((record["id"], *record.get("aliases", ())))
            severity = str(record.get("database_specific", {}).get("severity", "")).upper()
            before = together.get((name, names))
            if before:
                severity = min({before.severity, severity} - {""}, key=lambda word: DAYS.get(word, 0), default="")
            day = min(_day(record["published"]), before.published if before else date.max)
            together[name, names] = Finding(name, versions[name], names, day, severity)
    return sorted(together.values(), key=lambda each: (each.until, each.package))


def touches(affected: dict[str, Any], version: str) -> bool:
    """As OSV evaluates it. A range that cannot be read touches: somebody has to look."""
    if version in affected.get("versions", ()):
        return True
    ranges = [each["events"] for each in affected.get("ranges", ()) if each["type"] != "GIT"]
    try:
        return any(_within(events, Version(version)) for events in ranges)
    except InvalidVersion:
        return True


def _within(events: list[dict[str, str]], version: Version) -> bool:
    inside = False
    for event, at in _ordered(events):
        if event == "introduced" and version >= at:
            inside = True
        elif (event == "fixed" and version >= at) or (event == "last_affected" and version > at):
            inside = False
    return inside


def _ordered(events: list[dict[str, str]]) -> list[tuple[str, Version]]:
    return sorted(((event, Version(at)) for each in events for event, at in each.items()), key=lambda each: each[1])


def _day(moment: object) -> date:
    return datetime.fromisoformat(str(moment)).date()


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), today=clock.now().date()))
