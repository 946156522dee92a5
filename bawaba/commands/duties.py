"""The courier's duties, all of them: what it does besides sending, how often, and in which of its two hands."""

from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction

from bawaba.domain.accounts import retention as people
from bawaba.domain.accounts.sessions import actions as sessions
from bawaba.domain.companies import actions as companies
from bawaba.domain.registration import actions as registrations
from bawaba.infrastructure import backup
from bawaba.infrastructure.audit import retention as register
from bawaba.infrastructure.audit.chain import current_head
from bawaba.infrastructure.audit.seal import seal
from bawaba.infrastructure.captcha import store as captcha
from bawaba.infrastructure.codes import codes
from bawaba.infrastructure.limits import retention as limits
from bawaba.infrastructure.messaging import outbox, retention
from bawaba.infrastructure.messaging.chores import Duty
from bawaba.infrastructure.messaging.kinds import Channel, Kind
from bawaba.web.oidc import actions as oidc

HALF_SECOND = timedelta(seconds=0.5)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def save() -> Path:
    """The daily copy of the database."""
    return backup.save(Path(settings.BAWABA.backup_dir), keep=settings.BAWABA.backup_keep)


def send_head() -> None:
    """The signed head of the register to the auditor: kept outside, it shows a truncation."""
    head = current_head()
    if head is None:
        return
    with transaction.atomic():
        outbox.queue(
            Kind.AUDIT_HEAD,
            channel=Channel.EMAIL,
            address=settings.BAWABA.auditor_email,
            language="ar",
            subject="",
            variables={"head": str(head)},
        )


# Short ones, between two sends.
PULSES = (Duty("audit.seal", HALF_SECOND, seal),)

# Long ones, on a thread and a connection of their own. What each erases, and when, docs/data.toml says.
ERASING = (
    Duty("messages.empty_addresses", HOUR, retention.empty_addresses, erases=True),
    Duty("messages.purge", HOUR, retention.purge, erases=True),
    Duty("codes.purge", HOUR, codes.purge, erases=True),
    Duty("counters.purge", HOUR, limits.purge, erases=True),
    Duty("captcha.purge", HOUR, captcha.purge, erases=True),
    Duty("audit.remove_old", DAY, register.remove_old, erases=True),
    Duty("sessions.purge", HOUR, sessions.purge, erases=True),
    Duty("accounts.erase_closed", DAY, people.erase_closed, erases=True),
    Duty("accounts.purge_email_changes", DAY, people.purge_email_changes, erases=True),
    Duty("registrations.purge", HOUR, registrations.purge, erases=True),
    Duty("oidc.purge", HOUR, oidc.purge, erases=True),
)
CHORES = (
    *ERASING,
    Duty("audit.show_head", DAY, register.show_head),
    *([Duty("audit.send_head", DAY, send_head)] if settings.BAWABA.auditor_email else ()),
    *([Duty("backup", DAY, save, lease=4 * HOUR)] if settings.BAWABA.backup_dir else ()),
    Duty("companies.ask_register", MINUTE, companies.ask_register),
    Duty("companies.complete_recoveries", MINUTE, companies.complete_recoveries),
    Duty("companies.end_memberships", HOUR, companies.end_overdue_memberships),
    Duty("companies.end_delegations", HOUR, companies.end_overdue_delegations),
    Duty("companies.expire_invitations", HOUR, companies.expire_invitations),
    Duty("companies.remind_of_numbers", HOUR, companies.remind_of_numbers),
)
