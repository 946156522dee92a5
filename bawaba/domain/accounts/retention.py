"""What is kept of people and for how long. Each function is a chore of the courier and says how many rows it erased."""

import uuid

from django.db import transaction

from bawaba.domain.accounts.models import EmailChange, User
from bawaba.domain.accounts.signals import name_changed
from bawaba.infrastructure.audit.events import EventType
from bawaba.infrastructure.audit.log import record


def erase_closed(*, slice_size: int = 500) -> int:
    """Erases the contact data of accounts closed more than 90 days ago. Returns how many."""
    due = list(User.objects.to_erase().values_list("id", flat=True)[:slice_size])
    for user_id in due:
        _erase(user_id)
    return len(due)


@transaction.atomic
def _erase(user_id: uuid.UUID) -> None:
    User.objects.filter(id=user_id).update(
        email="",
        mobile="",
        mobile_proven_at=None,
        civil_id_sealed=None,
        first_name="",
        last_name="",
        search_key="",
        match_key="",
        gender="",
    )
    name_changed.send(sender=User, user_id=user_id, search_key="")
    EmailChange.objects.filter(user_id=user_id).delete()
    record(EventType.ACCOUNT_ERASED, subject=str(user_id))


def purge_email_changes(*, slice_size: int = 1000) -> int:
    """Erases notes of e-mail changes thirty days after the objection's end. Returns how many."""
    due = list(EmailChange.objects.forgotten().values_list("id", flat=True)[:slice_size])
    return EmailChange.objects.filter(id__in=due).delete()[0]
