"""The last look at a number before it costs money, whatever the doors have let in."""

from django.conf import settings


def allowed(number: str) -> bool:
    """Whether a number in E.164 form begins with one of the prefixes that the operator pays for."""
    return number.startswith(tuple(settings.BAWABA.sms_prefixes))
