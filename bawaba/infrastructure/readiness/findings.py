"""All checks in the order in which one sets a portal up. None of them changes anything."""

from collections.abc import Callable

from django.db import DatabaseError

from bawaba.infrastructure.readiness import machine, messages, settings
from bawaba.infrastructure.readiness.finding import Finding, red

CHECKS: dict[str, Callable[[], Finding]] = {
    "Origin": settings.origin,
    "Demo mode": settings.demo,
    "TLS": settings.tls,
    "Proxies": settings.proxies,
    "Keys": settings.keys_are_sound,
    "Database": machine.database,
    "Cache": machine.cache,
    "Clock": machine.time,
    "Disk": machine.disk,
    "Saved copies": machine.copies,
    "Mail": messages.mail,
    "SMS": messages.sms,
    "Courier": messages.courier,
    "Sending limits": messages.sending_limits,
    "Register of events": machine.register,
    "Admission": settings.admission,
    "Technical support": settings.support,
}


def findings() -> dict[str, Finding]:
    """Every subject with what is to be said of it."""
    return {subject: _safely(check) for subject, check in CHECKS.items()}


def _safely(check: Callable[[], Finding]) -> Finding:
    """One failing check must not hide the others."""
    try:
        return check()
    except (DatabaseError, OSError, ValueError) as error:
        return red(f"could not be looked at: {type(error).__name__}")
