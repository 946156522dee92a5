"""`bawaba catalogue`: the catalogue of e-services as one reviewed file: compare, apply, write out."""

import argparse
import sys
from pathlib import Path

from django.utils.translation import override

from bawaba.commands import unfit_file
from bawaba.domain.catalogue import actions, files
from bawaba.domain.catalogue.actions import Change
from bawaba.domain.catalogue.files import UnfitCatalogue
from bawaba.domain.catalogue.models import Service
from bawaba.infrastructure.audit.events import EventType

ACTOR = "operator"
MARKS = {EventType.SERVICE_ADDED: "+", EventType.SERVICE_CHANGED: "~", EventType.SERVICE_WITHDRAWN: "-"}


def main(arguments: list[str]) -> int:
    """Exit code 0 when all went well (also when nothing had to change), 2 for a file that cannot be applied."""
    parser = argparse.ArgumentParser(prog="bawaba catalogue", description=__doc__)
    parts = parser.add_subparsers(dest="part", required=True)
    apply = parts.add_parser("apply", help="make the catalogue equal to a TOML file; services it does not name end")
    apply.add_argument("file", type=Path)
    apply.add_argument("--dry-run", action="store_true", help="only say what would change")
    parts.add_parser("export", help="print the catalogue as such a file")
    options = parser.parse_args(arguments)
    if options.part == "export":
        print(files.write(Service.objects.order_by("order", "key")), end="")
        return 0
    return _apply(options.file, dry_run=options.dry_run)


def _apply(path: Path, *, dry_run: bool) -> int:
    try:
        with override("en"):
            services = files.read(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        print(unfit_file.sentence(path, error), file=sys.stderr)
        return 2
    except UnfitCatalogue as unfit:
        for fault in unfit.faults:
            print(f"{path}: {fault.where}: {fault.sentence}", file=sys.stderr)
        return 2
    changes = actions.compare(services) if dry_run else actions.apply(services, actor=ACTOR)
    for change in changes:
        _print(change)
    print(f"{len(changes)} services {'would change' if dry_run else 'changed'}; {len(services)} in the file.")
    return 0


def _print(change: Change) -> None:
    print(f"{MARKS[change.event]} {change.key}")
    for name, (before, after) in change.fields.items():
        print(f"    {name}: {after!r}" if before is None else f"    {name}: {before!r} → {after!r}")
