"""`bawaba version`: prints the version."""

import argparse

from bawaba import __version__


def main(arguments: list[str]) -> int:
    argparse.ArgumentParser(prog="bawaba version", description=__doc__).parse_args(arguments)
    print(f"bawaba {__version__}")
    return 0
