"""Whether a service is open to somebody, and if not, what is missing. Asked anew at each call, never remembered."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from bawaba.domain.catalogue.models import Service, Status


class Missing(StrEnum):
    """What stands between a person and a service, in the order in which it can be mended."""

    COMPANY = "company"
    PERMISSION = "permission"
    DELEGATION = "delegation"
    VERIFIED_COMPANY = "verified_company"
    SECOND_FACTOR = "second_factor"
    MAINTENANCE = "maintenance"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, kw_only=True)
class Standing:
    """As whom a person acts now.

    `permissions` are those of the active membership, empty without one. Acting under a delegation, `delegated` holds
    the keys of the services it covers; in the own company it is None.
    """

    audience: str
    has_company: bool
    permissions: Collection[str]
    company_verified: bool
    second_factor: bool
    delegated: Collection[str] | None = None


def missing(service: Service, standing: Standing) -> tuple[Missing, ...]:
    """Everything that is missing; empty when the service may be opened."""
    if service.status == Status.WITHDRAWN or service.audience != standing.audience:
        return (Missing.WITHDRAWN,)
    return tuple(_missing(service, standing))


def _missing(service: Service, standing: Standing) -> list[Missing]:
    found = []
    if (service.permission or service.verified_company) and not standing.has_company:
        found.append(Missing.COMPANY)
    elif service.permission and service.permission not in standing.permissions:
        found.append(Missing.PERMISSION)
    if standing.delegated is not None and not (service.delegable and service.key in standing.delegated):
        found.append(Missing.DELEGATION)
    if service.verified_company and standing.has_company and not standing.company_verified:
        found.append(Missing.VERIFIED_COMPANY)
    if service.second_factor and not standing.second_factor:
        found.append(Missing.SECOND_FACTOR)
    if service.status == Status.CLOSED:
        found.append(Missing.MAINTENANCE)
    return found
