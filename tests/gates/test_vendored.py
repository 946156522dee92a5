"""Files of others that lie in the tree are the ones that were looked at, and their licences lie beside them."""

from hashlib import sha256
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LISTS = sorted(path for tree in ("bawaba", "tests") for path in (ROOT / tree).rglob("SHA256SUMS"))


@pytest.mark.parametrize("listed", LISTS, ids=lambda path: str(path.parent.relative_to(ROOT)))
def test_vendored_files_are_unaltered_and_licensed(listed: Path) -> None:
    sums = {name: digest for digest, name in (line.split() for line in listed.read_text().splitlines())}
    for name, digest in sums.items():
        assert sha256((listed.parent / name).read_bytes()).hexdigest() == digest, name
    own = {"SHA256SUMS", "README.md"}
    assert {path.name for path in listed.parent.iterdir() if path.is_file()} - own == set(sums)
    assert any(word in name for name in sums for word in ("LICENSE", "OFL"))
