"""A sentence on the page that a redirect leads to, carried in its address: no cookie, no session row.

The address holds the notice's name under a signature that is good for a minute, so nobody can send a person a link
that makes the portal say "your password was changed".
"""

from enum import StrEnum
from urllib.parse import urlencode

from django.core.signing import BadSignature, TimestampSigner
from django.http import HttpRequest, HttpResponseRedirect
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LIFE = 60  # seconds
PARAMETER = "notice"


class Notice(StrEnum):
    """Every notice of the portal. Its words are in `WORDS`."""

    RESENT = "resent"
    SIGN_IN_TO_GO_ON = "sign_in_to_go_on"
    CORRECTED = "corrected"
    MOBILE_PROVEN = "mobile_proven"
    EMAIL_PROVEN = "email_proven"
    ACTIVATED = "activated"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 the name of a notice
    SIGNED_OUT = "signed_out"
    SAVED = "saved"
    SESSION_ENDED = "session_ended"
    SESSIONS_ENDED = "sessions_ended"
    DEVICE_REMOVED = "device_removed"
    PASSKEY_REFUSED = "passkey_refused"
    ACCOUNT_CLOSED = "account_closed"
    CHANGED_MEANWHILE = "changed_meanwhile"
    LAST_ADMINISTRATOR = "last_administrator"
    CANNOT_ACT = "cannot_act"
    REQUEST_SENT = "request_sent"
    REQUEST_DECLINED = "request_declined"
    MEMBER_ADMITTED = "member_admitted"
    INVITED = "invited"
    JOINED = "joined"
    DELEGATION_OFFERED = "delegation_offered"
    SERVICE_WITHDRAWN = "service_withdrawn"


WORDS: dict[Notice, Promise] = {
    Notice.RESENT: _("We sent the verification code again. Any code you received that has not expired will work."),
    Notice.SIGN_IN_TO_GO_ON: _("To go on with your registration, sign in with its e-mail and password."),
    Notice.CORRECTED: _(
        "The e-mail was corrected. We sent a new verification code to it; the earlier code no longer works."
    ),
    Notice.MOBILE_PROVEN: _("Your mobile number is proven."),
    Notice.EMAIL_PROVEN: _("Your e-mail is proven. Enter the code of your mobile to finish."),
    Notice.ACTIVATED: _("Your account is active. You can now use the e-services."),
    Notice.PASSWORD_CHANGED: _("Your password was changed and other devices were signed out."),
    Notice.SIGNED_OUT: _("You have signed out."),
    Notice.SAVED: _("Your change was saved."),
    Notice.SESSION_ENDED: _("The session was ended."),
    Notice.SESSIONS_ENDED: _("All other sessions were ended."),
    Notice.DEVICE_REMOVED: _("The device was removed."),
    Notice.PASSKEY_REFUSED: _("The passkey was not accepted. Try again or use another way."),
    Notice.ACCOUNT_CLOSED: _("Your account was closed."),
    Notice.CHANGED_MEANWHILE: _("Nothing was done: somebody has changed this meanwhile. This is how it stands now."),
    Notice.LAST_ADMINISTRATOR: _(
        "Nothing was done: a company keeps at least one active administrator. Name another one first."
    ),
    Notice.CANNOT_ACT: _("You can no longer act for this company."),
    Notice.REQUEST_SENT: _("Your request was sent. Keep its number."),
    Notice.REQUEST_DECLINED: _("The request was declined, and the person was told."),
    Notice.MEMBER_ADMITTED: _("The person was admitted and told."),
    Notice.INVITED: _("The invitation is on its way."),
    Notice.JOINED: _("You are now a member of the company."),
    Notice.SERVICE_WITHDRAWN: _("The service no longer learns anything about you."),
    Notice.DELEGATION_OFFERED: _("The delegation was offered. It begins when the other company accepts it."),
}
REFUSALS = {Notice.CHANGED_MEANWHILE, Notice.LAST_ADMINISTRATOR, Notice.CANNOT_ACT, Notice.PASSKEY_REFUSED}


def redirect(address: str, notice: Notice | None = None) -> HttpResponseRedirect:
    """To a page of ours (303 after a POST), which then says `notice`."""
    if notice is not None:
        signed = TimestampSigner(salt=PARAMETER).sign(notice.value)
        address = f"{address}{'&' if '?' in address else '?'}{urlencode({PARAMETER: signed})}"
    return HttpResponseRedirect(address, status=303)


def read(request: HttpRequest) -> Notice | None:
    """The notice in this address, if it is ours and fresh."""
    signed = request.GET.get(PARAMETER)
    if not signed:
        return None
    try:
        return Notice(TimestampSigner(salt=PARAMETER).unsign(signed, max_age=LIFE))
    except (BadSignature, ValueError):
        return None
