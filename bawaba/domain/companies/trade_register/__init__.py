"""The trade register: what it says of a number. A table that an operator imports, or a service asked over HTTP.

Nothing here changes a company. The service is asked outside of transactions only (`ask`); its answer is kept for a day
and read from the table like an imported one (`known`).
"""

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from bawaba.domain.accounts.models import User
from bawaba.domain.companies.models import RegisterEntry
from bawaba.domain.companies.trade_register import service
from bawaba.domain.companies.trade_register.service import NotReachable
from bawaba.infrastructure import clock

FRESH = timedelta(days=1)

__all__ = ["NotReachable", "ask", "known", "lists", "must_be_asked"]


def known(cr_numbers: Iterable[str]) -> dict[str, RegisterEntry]:
    """The entries of these numbers that are valid: of the imported table, or of an answer not older than a day."""
    now = clock.now()
    fresh = Q(source="csv") | Q(read_at__gt=now - FRESH)
    valid = Q(valid_to=None) | Q(valid_to__gte=timezone.localdate(now))
    return {entry.cr_number: entry for entry in RegisterEntry.objects.filter(fresh, valid, cr_number__in=cr_numbers)}


def must_be_asked() -> bool:
    """Whether an answer may still come for a number that is not known."""
    return bool(settings.BAWABA.trade_register == "http")


def ask(cr_number: str) -> RegisterEntry | None:
    """Asks the service and keeps its answer; None when it has no such number. Raises `NotReachable`."""
    answer = service.find(cr_number)
    if answer is None:
        RegisterEntry.objects.filter(cr_number=cr_number, source="http").delete()
        return None
    fields = {name: getattr(answer, name) for name in answer.__dataclass_fields__}
    civil_ids = fields.pop("signatories")
    fields |= {"signatories": [signatory_digest(each) for each in civil_ids], "source": "http", "read_at": clock.now()}
    entry, _ = RegisterEntry.objects.update_or_create(cr_number=cr_number, defaults=fields)
    return entry


def lists(entry: RegisterEntry, user: User) -> bool:
    """Whether a person is a signatory of the entry, under any version of the index key."""
    civil_id = user.civil_id
    versions = settings.KEYS.versions("index").values()
    return bool(civil_id) and any(
        settings.KEYS.digest_with(version, "civil_id", civil_id) in entry.signatories for version in versions
    )


def signatory_digest(civil_id: str) -> str:
    """A civil number as the table keeps it."""
    digest: str = settings.KEYS.digest("civil_id", civil_id)
    return digest
