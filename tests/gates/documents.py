"""Pages of docs/ that are written from the code: `python -m tests.gates.documents` writes them, the gates compare."""

from pathlib import Path

import tomli_w

from bawaba.infrastructure.audit.events import FACTS, EventType

DOCS = Path(__file__).parents[2] / "docs"


def events() -> str:
    head = (
        "# Every event of the register: its name, its sentence, the facts that may stand beside it.\n"
        "# Written from bawaba/infrastructure/audit/events.py by `python -m tests.gates.documents`.\n\n"
    )
    rows = [{"name": event.value, "sentence": event.sentence, "facts": sorted(event.facts)} for event in EventType]
    kinds = {name: kind.name.lower() for name, kind in sorted(FACTS.items())}
    return head + tomli_w.dumps({"facts": kinds, "event": rows})


PAGES = {"events.toml": events}


if __name__ == "__main__":
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), encoding="utf-8")
