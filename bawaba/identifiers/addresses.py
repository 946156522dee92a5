"""E-mail addresses: one stored form, one comparison key, one form to show."""

import idna
from email_validator import EmailNotValidError, validate_email

from bawaba.identifiers.digits import remove_invisible
from bawaba.identifiers.problem import Problem

LONGEST = 254


def clean_email(text: str) -> str:
    """The address to store: ASCII, the domain in punycode and small letters. No name server is asked.

    A direction mark at the end of a pasted address goes without a word; everything else that does not belong is an
    error, an address with a local part outside ASCII too: it would be a look-alike of another.
    Raises `Problem`: required, invalid.
    """
    address = remove_invisible(text).strip()
    if not address:
        raise Problem("required")
    if len(address) > LONGEST:
        raise Problem("invalid")
    try:
        found = validate_email(address, allow_smtputf8=False, strict=True, check_deliverability=False)
    except EmailNotValidError as error:
        raise Problem("invalid") from error
    if found.ascii_email is None or len(found.ascii_email) > LONGEST:
        raise Problem("invalid")
    return found.ascii_email


def email_key(email: str) -> str:
    """What makes two cleaned addresses the same. Dots and plus parts count: only their mail server knows better."""
    return email.casefold()


def display_email(email: str) -> str:
    """A cleaned address with its domain in its own script, for people. Never for comparing or sending."""
    local, _, domain = email.rpartition("@")
    try:
        return f"{local}@{idna.decode(domain)}"
    except idna.IDNAError:
        return email
