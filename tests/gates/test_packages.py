"""The lock files: every package with its hash, none with an address of where it comes from."""

import re
from pathlib import Path

import pytest

REQUIREMENTS = Path(__file__).parents[2] / "requirements"
LOCKS = sorted(REQUIREMENTS.glob("*.lock"))
MOST = {"run": 60, "test": 220}
"""More packages than this in a lock file are looked at by a person first."""


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.stem)
def test_every_package_has_its_hashes_and_no_address(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")
    packages = re.split(r"\n(?=[a-zA-Z0-9])", text.strip())
    assert packages
    for package in packages:
        assert re.match(r"[A-Za-z0-9_.\[\],-]+==[^ ]+", package), package[:60]
        assert "--hash=sha256:" in package, package[:60]
    assert "://" not in text
    assert "index-url" not in text
    assert len(packages) <= MOST.get(lock.stem, 90)


def test_every_lock_has_its_reasons_beside_it() -> None:
    for lock in LOCKS:
        lines = lock.with_suffix(".in").read_text(encoding="utf-8").splitlines()
        wanted = [line for line in lines if line and not line.startswith(("#", "-r"))]
        assert all(" # " in line for line in wanted), lock.stem


def test_a_package_has_one_version_in_all_locks() -> None:
    """What is tested is what runs."""
    versions: dict[str, set[str]] = {}
    for lock in LOCKS:
        for name, version in re.findall(
            r"^([A-Za-z0-9_.-]+)[^=\n]*==([^ ]+)", lock.read_text(encoding="utf-8"), re.MULTILINE
        ):
            versions.setdefault(name, set()).add(version)
    assert len(versions) > 100
    assert {name: found for name, found in versions.items() if len(found) > 1} == {}
