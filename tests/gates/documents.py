"""Pages of docs/ that are written from the code: `python -m tests.gates.documents` writes them, the gates compare."""

import ast
import json
import re
from functools import cache
from pathlib import Path

import tomli_w

from bawaba.infrastructure.audit.events import FACTS, EventType

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PINNED = re.compile(r"^([a-z0-9-]+)==([^ ;]+)", re.MULTILINE)


@cache
def functions(path: str) -> set[str]:
    """The functions of a file of the project, to see whether a test that a page names is there."""
    file = ROOT / path
    if not file.is_file():
        return set()
    return {node.name for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.FunctionDef)}


def events() -> str:
    head = (
        "# Every event of the register: its name, its sentence, the facts that may stand beside it.\n"
        "# Written from bawaba/infrastructure/audit/events.py by `python -m tests.gates.documents`.\n\n"
    )
    rows = [{"name": event.value, "sentence": event.sentence, "facts": sorted(event.facts)} for event in EventType]
    kinds = {name: kind.name.lower() for name, kind in sorted(FACTS.items())}
    return head + tomli_w.dumps({"facts": kinds, "event": rows})


def packages() -> str:
    """The bill of materials: what an installation may hold of others, in the form of CycloneDX."""
    pinned = {
        match.groups()
        for lock in sorted((ROOT / "requirements").glob("*.lock"))
        if lock.stem != "test"
        for match in PINNED.finditer(lock.read_text(encoding="utf-8"))
    }
    libraries = [
        {"type": "library", "name": name, "version": version, "purl": f"pkg:pypi/{name}@{version}"}
        for name, version in sorted(pinned)
    ]
    files = [
        {"type": "file", "name": str(listed.parent.relative_to(ROOT) / name), "hashes": [_sha256(digest)]}
        for listed in sorted((ROOT / "bawaba").rglob("SHA256SUMS"))
        for digest, name in (line.split() for line in listed.read_text(encoding="utf-8").splitlines())
    ]
    bill = {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "components": libraries + files}
    return json.dumps(bill, indent=1) + "\n"


def _sha256(digest: str) -> dict[str, str]:
    return {"alg": "SHA-256", "content": digest}


PAGES = {"events.toml": events, "packages.cdx.json": packages}


if __name__ == "__main__":
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), encoding="utf-8")
