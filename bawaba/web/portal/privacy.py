"""What the privacy policy says of each datum, in words; docs/data.toml says the same of each table.

Whoever adds a datum to the product adds its line here.
"""

from typing import NamedTuple

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext


class Datum(NamedTuple):
    what: Promise
    why: Promise
    how_long: str | Promise
    who: Promise


WITH_ACCOUNT = _("While the account exists, and 90 days after it is closed")
AS_EVIDENCE = _("Always, but without your name once the account is erased")
YOU = _("You")
STAFF = _("You; staff of the public body")
STAFF_MASKED = _("You; staff of the public body, masked")
COMPANY = _("You; the members of your company; staff; the services you open")


def data() -> tuple[Datum, ...]:
    """Every datum, in the order in which a person meets it."""
    months = settings.BAWABA.audit_months
    return (
        Datum(_("First and last name"), _("To know who acts for a company"), WITH_ACCOUNT, COMPANY),
        Datum(_("Gender"), _("The registration form asks for it"), WITH_ACCOUNT, STAFF),
        Datum(_("Civil number (Civil ID)"), _("To tell one person from another"), WITH_ACCOUNT, STAFF_MASKED),
        Datum(
            _("Mobile phone number"),
            _("To prove that you can be reached, and to send you messages"),
            WITH_ACCOUNT,
            STAFF_MASKED,
        ),
        Datum(
            _("E-mail"),
            _("To sign you in, and to send you codes and notices"),
            WITH_ACCOUNT,
            _("You; the administrator of your company; staff, masked; the services you open"),
        ),
        Datum(
            _("Company and your role in it"), _("To prove who could act in its name, and when"), AS_EVIDENCE, COMPANY
        ),
        Datum(_("Agreement to the terms"), _("To prove which version you agreed to, and when"), AS_EVIDENCE, STAFF),
        Datum(
            _("Authenticator, passkeys and recovery codes"),
            _("To protect your account with a second factor"),
            _("Until you remove them or close the account"),
            YOU,
        ),
        Datum(
            _("Sign-ins and devices"),
            _("So that you can recognise and end a foreign one"),
            _("30 days after the sign-in ends; a known device 90 days after its last use"),
            STAFF,
        ),
        Datum(
            _("Messages to you: their kind, their time, whether they were handed over"),
            _("To find out why one did not arrive"),
            _("30 days; your address on them one day; their text is not kept"),
            STAFF_MASKED,
        ),
        Datum(
            _("Network address of your device"),
            _("To slow down whoever tries too often"),
            _("Until the limit opens again; the log keeps only its first part"),
            _("Nobody: it is only counted"),
        ),
        Datum(
            _("Record of what was done in the account"),
            _("To settle disputes and find abuse; it holds numbers, not names"),
            ngettext("{n} month", "{n} months", months).format(n=months),
            _("Auditors of the public body"),
        ),
        Datum(
            _("A registration that was not activated"),
            _("To go on with it when you come back"),
            _("7 days, then it is erased"),
            STAFF_MASKED,
        ),
    )
