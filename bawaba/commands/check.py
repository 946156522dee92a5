"""`bawaba check`: says in plain words whether this installation is ready for the public. Exit code 1 on red."""

import argparse
import sys

from bawaba.infrastructure.readiness import Colour, findings

PAINT = {Colour.RED: "\033[31m", Colour.AMBER: "\033[33m", Colour.GREEN: "\033[32m"}
PLAIN = "\033[0m"


def main(arguments: list[str]) -> int:
    argparse.ArgumentParser(prog="bawaba check", description=__doc__).parse_args(arguments)
    found = findings()
    for subject, finding in found.items():
        colour = f"{PAINT[finding.colour]}{finding.colour:<6}{PLAIN}" if sys.stdout.isatty() else f"{finding.colour:<6}"
        print(f"{colour} {subject:<20}{finding.text}")
    reds = sum(finding.colour is Colour.RED for finding in found.values())
    print(f"\n{reds} to be mended before the public may come." if reds else "\nNothing stands in the way.")
    return 1 if reds else 0
