"""The messages of a company: to the member concerned, or to those who can decide in it."""

from collections.abc import Iterable

from django.utils import translation

from bawaba.domain.accounts.models import User
from bawaba.domain.companies.actors import administrators
from bawaba.domain.companies.models import Company, CompanyIdentifier, Delegation, Invitation, Membership
from bawaba.domain.companies.roles import Role
from bawaba.infrastructure.limits.table import INVITATION_LIFE
from bawaba.infrastructure.messaging import outbox
from bawaba.infrastructure.messaging.kinds import Channel, Kind

DAY = 24 * 3600
_WITH_ROLES = {Kind.MEMBERSHIP_ADMITTED, Kind.ROLES_CHANGED}


def tell_member(kind: Kind, membership: Membership) -> None:
    """To the person of a membership, in the person's language. Who was never admitted is told no name."""
    user, company = membership.user, membership.company
    name = company.name(user.language) if membership.active_from else company.cr_number
    values = _roles(membership.role_list) if kind in _WITH_ROLES else {}
    _tell(kind, user, {"company": name, **values})


def tell_administrators(kind: Kind, *companies: Company) -> None:
    """To everybody who can decide in each of the companies now; to nobody when there is none."""
    deciding = Membership.objects.acting().administrators().filter(company__in=companies)
    for membership in deciding.select_related("user", "company"):
        user, company = membership.user, membership.company
        _tell(kind, user, {"company": company.name(user.language)})


def tell_of_number(identifier: CompanyIdentifier) -> None:
    """To the administrators, while there is time to renew it."""
    assert identifier.valid_to is not None  # noqa: S101 only what ends is told of
    values = {"value": identifier.value, "ends": identifier.valid_to.isoformat()}
    for language in ("ar", "en"):
        with translation.override(language):
            values[f"kind_{language}"] = identifier.type_name
    for user in administrators(identifier.company):
        _tell(Kind.NUMBER_ENDS_SOON, user, {"company": identifier.company.name(user.language), **values})


def tell_invited(kind: Kind, invitation: Invitation) -> None:
    """To the invited address, whoever has it."""
    values: dict[str, str | int] = {"company": invitation.company.name(invitation.language)}
    if kind is Kind.INVITATION:
        values |= {**_roles(invitation.role_list), "days": INVITATION_LIFE.value // DAY}
    outbox.queue(
        kind,
        channel=Channel.EMAIL,
        address=invitation.email,
        language=invitation.language,
        subject=str(invitation.id),
        variables=values,
    )


def tell_sides(kind: Kind, delegation: Delegation, *companies: Company) -> None:
    """To the administrators of the companies named, of the two that a delegation joins; once to whoever has both."""
    services = list(delegation.services.order_by("code"))
    for user in {user for company in companies for user in administrators(company)}:
        _tell(
            kind,
            user,
            {
                "company": delegation.company.name(user.language),
                "delegate": delegation.delegate.name(user.language),
                "services_ar": "، ".join(service.name_ar for service in services),
                "services_en": ", ".join(service.name_en for service in services),
                "starts": delegation.starts_on.isoformat(),
                "ends": delegation.ends_on.isoformat(),
            },
        )


def tell_of_recovery(users: Iterable[User], *, hours: int) -> None:
    """To the administrators who would lose the company: by e-mail, and by SMS where there is a way."""
    for user in users:
        _tell(Kind.RECOVERY_OPENED, user, {"hours": hours})
        if user.mobile and outbox.available(Channel.SMS):
            _tell(Kind.RECOVERY_OPENED, user, {"hours": hours}, channel=Channel.SMS)


def _tell(kind: Kind, user: User, values: dict[str, str | int], *, channel: Channel = Channel.EMAIL) -> None:
    outbox.queue(
        kind,
        channel=channel,
        address=user.email if channel is Channel.EMAIL else user.mobile,
        language=user.language,
        subject=str(user.id),
        variables=values,
    )


def _roles(roles: Iterable[Role]) -> dict[str, str | int]:
    with translation.override("ar"):
        arabic = "، ".join(role.label for role in roles)
    with translation.override("en"):
        english = ", ".join(role.label for role in roles)
    return {"roles_ar": arabic, "roles_en": english}
