"""What the privacy policy says of each datum. Whoever adds a datum to the product adds its line here."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Datum(NamedTuple):
    what: Promise
    why: Promise
    how_long: Promise
    who: Promise


WITH_ACCOUNT = _("While the account exists, and 90 days after it is closed")
STAFF = _("You; staff of the public body")
STAFF_MASKED = _("You; staff of the public body, masked")

DATA = (
    Datum(
        _("First and last name"),
        _("To know who acts for a company"),
        _("While the account exists; with a membership, 5 years after it ends"),
        _("You; the members of your company; staff; the services you open"),
    ),
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
        _("Company and your role in it"),
        _("To know what you may do in its name"),
        _("5 years after the membership ends, as customs law asks for documents"),
        _("You; the members of your company; staff; the services you open"),
    ),
    Datum(
        _("Agreement to the terms"),
        _("To prove which version you agreed to, and when"),
        _("5 years after the account is closed"),
        STAFF,
    ),
    Datum(
        _("Sign-ins and devices"),
        _("So that you can recognise and end a foreign one"),
        _("30 days after the session ends"),
        STAFF,
    ),
    Datum(
        _("Network address of your device"),
        _("To slow down whoever tries too often"),
        _("A day at most"),
        _("Nobody: it is only counted"),
    ),
    Datum(
        _("Record of what was done in the account"),
        _("To settle disputes and find abuse; it holds numbers, not names"),
        _("24 months"),
        _("Auditors of the public body"),
    ),
    Datum(
        _("A registration that was not activated"),
        _("To go on with it when you come back"),
        _("7 days, then it is erased"),
        STAFF_MASKED,
    ),
)
