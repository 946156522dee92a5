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
}


def redirect(address: str, notice: Notice | None = None) -> HttpResponseRedirect:
    """To a page of ours (303 after a POST), which then says `notice`."""
    if notice is not None:
        signed = TimestampSigner(salt=PARAMETER).sign(notice.value)
        address = f"{address}{'&' if '?' in address else '?'}{urlencode({PARAMETER: signed})}"
    return HttpResponseRedirect(address, status=303)


def read(request: HttpRequest) -> Promise | None:
    """The words of the notice in this address, if it is ours and fresh."""
    signed = request.GET.get(PARAMETER)
    if not signed:
        return None
    try:
        return WORDS[Notice(TimestampSigner(salt=PARAMETER).unsign(signed, max_age=LIFE))]
    except (BadSignature, ValueError):
        return None
