"""`bawaba backup`: saves the database into a folder and proves the copy."""

import argparse
import sys
from pathlib import Path

from django.conf import settings

from bawaba.infrastructure import backup


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bawaba backup", description=__doc__)
    parser.add_argument("folder", nargs="?", default=settings.BAWABA.backup_dir, help="default: BAWABA_BACKUP_DIR")
    folder = parser.parse_args(arguments).folder
    if not folder:
        parser.error("name a folder, or set BAWABA_BACKUP_DIR")
    try:
        saved = backup.save(Path(folder), keep=settings.BAWABA.backup_keep)
    except (backup.UnusableCopy, OSError) as error:
        print(f"Nothing was saved. {error}", file=sys.stderr)
        return 1
    print(f"Saved and proven: {saved}. Keep the keys apart from it: {settings.BAWABA.keys_dir}")
    return 0
