"""`bawaba lost-factor`: two officers take the second factors away from a person who has lost them all.

The first runs it without anything and hands the line that it prints to a second one, who runs `bawaba lost-factor
approve` under another login and pastes the line. Nothing about the person stands on a command line, which others read.
"""

import argparse
import hmac
import os
import sys

from bawaba.domain.accounts import lost_factors
from bawaba.domain.accounts.lost_factors import NothingToRemove, ProposalWorthless, SameOfficer
from bawaba.domain.accounts.models import User
from bawaba.identifiers.addresses import clean_email, email_key
from bawaba.identifiers.digits import clean_number
from bawaba.identifiers.problem import Problem


def main(arguments: list[str]) -> int:
    """Exit code 0, 1 when nothing was changed or proposed."""
    parser = argparse.ArgumentParser(prog="bawaba lost-factor", description=__doc__)
    parser.add_argument("verb", nargs="?", choices=["propose", "approve"], default="propose")
    return approve() if parser.parse_args(arguments).verb == "approve" else propose()


def propose() -> int:
    print("Compare the person before you with the civil ID card first.")
    user = _person(email=_asked("E-mail of the account: "), civil_id=clean_number(_asked("Civil number on the card: ")))
    if user is None:
        return _refused("No open account has this e-mail together with this civil number.")
    try:
        line = lost_factors.propose(user=user, officer=_officer())
    except NothingToRemove:
        return _refused("This account has no second factor: resetting the password is enough.")
    print(f"The account is that of {user.full_name}. If the card says the same, hand a second officer this line,")
    print("who runs `bawaba lost-factor approve` under another login within a day:")
    print(line)
    return 0


def approve() -> int:
    try:
        user = lost_factors.approve(text=_asked("The line of the first officer: "), officer=_officer())
    except ProposalWorthless:
        return _refused("The line is altered, older than a day or used, or the second factors have changed since.")
    except SameOfficer:
        return _refused("You proposed this yourself: a second officer approves it, under another login.")
    print(f"The second factors of {user.full_name} are gone, all sessions have ended, and a mail says so.")
    print("The person resets the password now, signs in with it and adds a new second factor.")
    return 0


def _asked(question: str) -> str:
    print(question, end="", flush=True)
    return sys.stdin.readline().strip()


def _person(*, email: str, civil_id: str) -> User | None:
    try:
        user: User | None = User.objects.open().with_email(email_key(clean_email(email))).first()
    except Problem:
        return None
    fits = user is not None and hmac.compare_digest(user.civil_id.encode(), civil_id.encode())
    return user if fits and civil_id else None


def _officer() -> str:
    """The login that became the portal's user by sudo, else the user itself; in groups, as no number of a person is."""
    return f"uid:{int(os.environ.get('SUDO_UID') or os.getuid()):_}"


def _refused(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1
