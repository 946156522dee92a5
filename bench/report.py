"""The table people read and the file machines compare."""

import json
import os
import platform
import sys
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bawaba import __version__

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True)
class Row:
    """One measured thing. Times in milliseconds; `cpu` is the web processes' processor time for one request."""

    what: str
    where: str
    per_second: float
    p50: float
    p99: float
    cpu: float
    refused: int
    note: str = ""


def machine() -> dict[str, str | int]:
    """What the figures were measured on."""
    model = next((line for line in _cpu_lines() if line.startswith("model name")), "unknown").partition(":")[2].strip()
    return {
        "processor": model,
        "cores": os.cpu_count() or 0,
        "python": platform.python_version(),
        "kernel": platform.release(),
        "bawaba": __version__,
    }


def print_head() -> None:
    print(f"{'what':<34}{'where':<24}{'per s':>9}{'p50 ms':>9}{'p99 ms':>9}{'cpu ms':>8}  refused")


def print_row(row: Row) -> None:
    print(
        f"{row.what:<34}{row.where:<24}{row.per_second:>9.1f}{row.p50:>9.1f}{row.p99:>9.1f}{row.cpu:>8.2f}"
        f"  {row.refused or ''}{'  ' + row.note if row.note else ''}"
    )
    sys.stdout.flush()


def print_figures(figures: dict[str, Any]) -> None:
    """What is not measured by the second: statements of a request, weights of pages."""
    for name, values in figures.items():
        if name.startswith("statements"):
            print(f"\nSQL {name}: " + ", ".join(f"{what} {count}" for what, count in values.items()))
        if name.startswith("sign-in"):
            print(f"\n{name}: {values}")
        if name.startswith("timing"):
            print(f"\nknown or unknown e-mail, {name} (0.5: nobody can tell): {values}")
    print("\nbytes of a page, and of a first visit with all it loads:")
    for path, weight in figures.get("weights", {}).items():
        print(f"  {path:<22}{weight['page']:>8}{weight['first_visit']:>9}")


def save(rows: list[Row], figures: dict[str, object]) -> Path:
    """Writes everything into `bench/results`; gives the file."""
    RESULTS.mkdir(exist_ok=True)
    moment = datetime.now(UTC)  # noqa: TID251 the benchmark measures, it is not the product
    path = RESULTS / f"{moment:%Y%m%dT%H%M%SZ}.json"
    content = {"at": moment.isoformat(), "machine": machine(), "rows": [asdict(row) for row in rows]} | figures
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def _cpu_lines() -> list[str]:
    return Path("/proc/cpuinfo").read_text().splitlines()
