"""`bawaba check`: says in plain words whether this installation is ready for the public. Exit code 1 on red."""

import argparse
import sys

from bawaba.configuration import UnclearSetting
from bawaba.infrastructure.messaging.kinds import Channel
from bawaba.infrastructure.messaging.providers.outcome import Accepted
from bawaba.infrastructure.readiness.finding import Colour
from bawaba.infrastructure.readiness.findings import findings
from bawaba.infrastructure.readiness.probe import Attempt, probe

PAINT = {Colour.RED: "\033[31m", Colour.AMBER: "\033[33m", Colour.GREEN: "\033[32m"}
PLAIN = "\033[0m"
WHAT_TO_LOOK_FOR = """
In the mail's source look for Authentication-Results: spf=pass names the relay as allowed by the domain's SPF record,
dkim=pass says the relay signed it, dmarc=pass that both belong to the domain of the sender. Set the DMARC record to
p=none with reports first, then to quarantine, then to reject.
"""


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bawaba check", description=__doc__)
    parser.add_argument("--mail", metavar="ADDRESS", help="send one real test mail and say what the server answered")
    parser.add_argument("--sms", metavar="NUMBER", help="send one real test SMS (+965…) and say what happened")
    chosen = parser.parse_args(arguments)
    if chosen.mail:
        return send(Channel.EMAIL, chosen.mail)
    if chosen.sms:
        return send(Channel.SMS, chosen.sms)
    return look()


def look() -> int:
    found = findings()
    for subject, finding in found.items():
        colour = f"{PAINT[finding.colour]}{finding.colour:<6}{PLAIN}" if sys.stdout.isatty() else f"{finding.colour:<6}"
        print(f"{colour} {subject:<20}{finding.text}")
    reds = sum(finding.colour is Colour.RED for finding in found.values())
    print(f"\n{reds} to be mended before the public may come." if reds else "\nNothing stands in the way.")
    return 1 if reds else 0


def send(channel: Channel, address: str) -> int:
    """One test message through each provider. Exit code 1 when one of them did not take it, or none is set."""
    try:
        attempts = list(probe(channel, address))
    except UnclearSetting as error:
        print(error, file=sys.stderr)
        return 1
    for attempt in attempts:
        print(told(attempt))
    if not attempts:
        print("No provider is set.", file=sys.stderr)
    elif channel is Channel.EMAIL:
        print(WHAT_TO_LOOK_FOR)
    return 0 if attempts and all(isinstance(attempt.outcome, Accepted) for attempt in attempts) else 1


def told(attempt: Attempt) -> str:
    reason = getattr(attempt.outcome, "reason", "")
    answer = f"{type(attempt.outcome).__name__.lower()}{f' ({reason})' if reason else ''}"
    link = f" over {attempt.link}" if attempt.link else ""
    return f"{attempt.provider}{link}: {answer} after {attempt.seconds:.1f} s; the text holds the mark {attempt.mark}"
