"""Why a code was not taken, in words; the same words for known and unknown addresses."""

from django.utils.translation import gettext as _

from bawaba.infrastructure.codes.codes import CodeExpired, TooManyGuesses, WrongCode
from bawaba.infrastructure.limits.counter import LimitReached
from bawaba.infrastructure.limits.table import SEND_EMAIL, SEND_SMS
from bawaba.web.ui import values


def sentence(refusal: Exception) -> str:
    """For `WrongCode`, `CodeExpired`, `TooManyGuesses` and `LimitReached`."""
    if isinstance(refusal, WrongCode):
        return _("The verification code is not correct.")
    if isinstance(refusal, CodeExpired):
        return _("The verification code has expired. Ask for a new one.")
    if isinstance(refusal, TooManyGuesses):
        return _("Too many attempts. Ask for a new code.")
    if isinstance(refusal, LimitReached) and not refusal.closed:
        wait = values.minutes(values.minutes_until(refusal.until))
        if refusal.limit in (SEND_EMAIL, SEND_SMS):  # one code a minute is no fault of anybody
            return _("You can ask for a new code in %(t)s.") % {"t": wait}
        return _("Too many attempts. Try again in {time}.").format(time=wait)
    return _("Too many attempts. Contact technical support.")
