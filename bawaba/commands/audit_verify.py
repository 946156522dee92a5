"""`bawaba audit-verify`: read the register of events again and say whether anything was altered."""

import argparse
import sys

from bawaba.infrastructure.audit.chain import Head, UnreadableHead, current_head
from bawaba.infrastructure.audit.verify import Flaw, verify

SENTENCES = {
    Flaw.ALTERED: "is not the event that was sealed",
    Flaw.MISSING: "comes after events that are gone",
    Flaw.MISPLACED: "does not follow the event before it",
    Flaw.UNKNOWN_KEY: "is sealed with a key that is not here",
    Flaw.TRUNCATED: "is in a signed head, but the chain ends earlier",
    Flaw.REWRITTEN: "is another event than the signed head says",
    Flaw.FORGED_HEAD: "stands in a head that the audit key did not sign",
    Flaw.FORGED_ANCHOR: "stands in an anchor that the audit key did not sign",
}


def main(arguments: list[str]) -> int:
    """Exit code 0 when the chain is whole, 1 when it is not, 2 when a head cannot be read."""
    parser = argparse.ArgumentParser(prog="bawaba audit-verify", description=__doc__)
    parser.add_argument("--head", help="a head kept outside: the chain must contain it")
    parser.add_argument("--from", dest="start", help="a head kept outside: read only what came after it")
    options = parser.parse_args(arguments)
    try:
        head, start = (Head.parse(text) if text else None for text in (options.head, options.start))
    except UnreadableHead:
        print("This is not a head: it has the form NUMBER.HASH.TIME.KEY.SIGNATURE", file=sys.stderr)
        return 2
    report = verify(head=head, start=start)
    for finding in report.findings:
        print(f"Event {finding.seq} {SENTENCES[finding.flaw]}.")
    print(f"{report.checked} events read, up to number {report.last}; {report.waiting} wait for their seal.")
    print("The register is whole." if report.is_whole else "THE REGISTER WAS TAMPERED WITH.")
    if report.is_whole and (end := current_head()):
        print(f"Head: {end}")
    return 0 if report.is_whole else 1
