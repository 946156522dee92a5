"""`bawaba version`: prints the version."""

from bawaba import __version__


def main(_arguments: list[str]) -> int:
    print(f"bawaba {__version__}")
    return 0
