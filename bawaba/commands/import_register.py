"""`bawaba import-register FILE`: takes the trade register from a CSV table, for BAWABA_TRADE_REGISTER=csv."""

import argparse
import csv
import sys
from pathlib import Path

from bawaba.commands import unfit_file
from bawaba.domain.companies.trade_register.table import import_table

SHOWN = 20


def main(arguments: list[str]) -> int:
    """Exit code 0 when every line was taken, 1 when some were refused, 2 when the file cannot be read."""
    parser = argparse.ArgumentParser(prog="bawaba import-register", description=__doc__)
    parser.add_argument("file", type=Path, help="CSV in UTF-8; docs/operate/companies.md names the columns")
    parser.add_argument("--add", action="store_true", help="keep entries of earlier imports that are not in this file")
    options = parser.parse_args(arguments)
    try:
        with options.file.open(encoding="utf-8-sig", newline="") as lines:
            outcome = import_table(lines, replace=not options.add)
    except (OSError, ValueError, csv.Error) as error:
        print(unfit_file.sentence(options.file, error), file=sys.stderr)
        return 2
    print(f"{outcome.taken} entries taken, {len(outcome.refused)} lines refused.")
    for number, column in outcome.refused[:SHOWN]:
        print(f"  line {number}: {column}")
    return 1 if outcome.refused else 0
