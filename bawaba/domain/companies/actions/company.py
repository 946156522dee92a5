"""The company itself: its facts, how far they are proven, and whether people may act for it."""

from collections.abc import Sequence
from datetime import date

from django.db import IntegrityError, transaction

from bawaba.domain.accounts.models import User
from bawaba.domain.companies import notices
from bawaba.domain.companies.actors import PORTAL, Actor, NotAllowed, Officer, require, require_officer
from bawaba.domain.companies.models import Company, CompanyIdentifier, LegalForm, Membership
from bawaba.domain.companies.roles import Role, StaffPermission, packed
from bawaba.domain.companies.roster import OutOfDate, enrol, hold
from bawaba.domain.companies.trail import keep
from bawaba.identifiers.names import match_key, search_key
from bawaba.infrastructure import clock
from bawaba.infrastructure.audit.events import EventType

State = Company.State
Status = Company.Status
SLICE = 200
NAME_FIELDS = ("name_ar", "name_en", "search_key", "match_key")


class BranchExists(Exception):
    """The company has an open branch of this name."""


class IdentifierExists(Exception):
    """The company has this number already."""


@transaction.atomic
def edit_company(
    *,
    company: Company,
    by: Actor,
    name_ar: str,
    name_en: str,
    legal_form: LegalForm | None,
    joint_signature: bool,
    reason: str = "",
) -> None:
    """Corrects what a company says of itself; names are cleaned. Of a verified company only officers change it.

    Raises `NotAllowed`, `OutOfDate` when it was verified meanwhile.
    """
    require(by, company, staff=StaffPermission.DECIDE)
    rows = Company.objects.filter(pk=company.pk)
    if isinstance(by, User):
        rows = rows.filter(status=Status.DECLARED)
    changed = rows.update(**name_fields(name_ar, name_en), legal_form=legal_form, joint_signature=joint_signature)
    _expect(company, changed)
    keep(EventType.COMPANY_CHANGED, company, company=company, by=by, why=reason, field="facts")


@transaction.atomic
def verify_company(*, company: Company, by: Officer, reason: str) -> None:
    """An officer has seen the papers. `reason` says which. Raises `NotAllowed`, `OutOfDate` when verified already."""
    require_officer(by, StaffPermission.DECIDE)
    mark_verified([company], by=by, how="papers")
    keep(EventType.COMPANY_VERIFIED, company, company=company, by=by, why=reason, method="papers")


@transaction.atomic
def refuse_company(*, company: Company, by: Officer, reason: str) -> None:
    """The papers do not prove the company, or no longer: it is declared. Raises `NotAllowed`, `OutOfDate` if closed."""
    require_officer(by, StaffPermission.DECIDE)
    changed = (
        Company.objects.filter(pk=company.pk)
        .exclude(state=State.CLOSED)
        .update(status=Status.DECLARED, verified_at=None, verified_by="", verified_how="")
    )
    _expect(company, changed)
    keep(EventType.COMPANY_REFUSED, company, company=company, by=by, why=reason, reason="papers")


def suspend_company(*, company: Company, by: Officer, reason: str) -> None:
    """Nobody acts for it until it is restored. Raises `NotAllowed`, `OutOfDate`."""
    _set_state(company, State.OPEN, State.SUSPENDED, EventType.COMPANY_SUSPENDED, by, reason)


def restore_company(*, company: Company, by: Officer, reason: str) -> None:
    """Raises `NotAllowed`, `OutOfDate`."""
    _set_state(company, State.SUSPENDED, State.OPEN, EventType.COMPANY_RESTORED, by, reason)


def close_company(*, company: Company, by: Officer, reason: str) -> None:
    """For good: its number is free, and the next company of the number needs an officer. Raises as above."""
    _set_state(company, State.OPEN, State.CLOSED, EventType.COMPANY_CLOSED, by, reason)


@transaction.atomic
def add_branch(*, company: Company, by: User, name_ar: str, name_en: str) -> Company:
    """A branch with members of its own; who makes it administers it. Raises `NotAllowed`, `BranchExists`."""
    require(by, company)
    try:
        with transaction.atomic():
            branch = Company.objects.create(
                kind=Company.Kind.BRANCH,
                parent=company,
                cr_number=company.cr_number,
                cr_match_key=company.cr_match_key,
                legal_form=company.legal_form,
                **name_fields(name_ar, name_en),
            )
    except IntegrityError:
        raise BranchExists from None
    keep(EventType.COMPANY_DECLARED, branch, company=branch, by=by, policy="branch")
    roles = packed([Role.ADMINISTRATOR])
    membership = enrol(user=by, company=branch, state=Membership.State.ACTIVE, roles=roles, active_from=clock.now())
    keep(EventType.MEMBERSHIP_GRANTED, membership, company=branch, by=by, role=roles, policy="branch", user=str(by.pk))
    return branch


@transaction.atomic
def add_identifier(
    *, company: Company, by: Actor, type: str, value: str, issuer: str = "", valid_to: date | None = None
) -> CompanyIdentifier:
    """Another number of the company, as declared. Raises `NotAllowed`, `IdentifierExists`."""
    require(by, company, staff=StaffPermission.DECIDE)
    try:
        with transaction.atomic():
            identifier = company.identifiers.create(type=type, value=value, issuer=issuer, valid_to=valid_to)
    except IntegrityError:
        raise IdentifierExists from None
    keep(EventType.COMPANY_CHANGED, company, company=company, by=by, field=f"identifier.{type}", reason="added")
    return identifier


@transaction.atomic
def verify_identifier(*, identifier: CompanyIdentifier, by: Officer, reason: str) -> None:
    """An officer has seen the paper. Raises `NotAllowed`."""
    require_officer(by, StaffPermission.DECIDE)
    CompanyIdentifier.objects.filter(pk=identifier.pk).update(verified_at=clock.now(), verified_by=str(by.id))
    identifier.refresh_from_db()
    company, field = identifier.company, f"identifier.{identifier.type}"
    keep(EventType.COMPANY_CHANGED, company, company=company, by=by, why=reason, field=field, reason="verified")


@transaction.atomic
def remove_identifier(*, identifier: CompanyIdentifier, by: Actor, reason: str = "") -> None:
    """Takes a number out; a verified one only officers. Raises `NotAllowed`."""
    company, field = identifier.company, f"identifier.{identifier.type}"
    require(by, company, staff=StaffPermission.DECIDE)
    if isinstance(by, User) and identifier.verified_at:
        raise NotAllowed(StaffPermission.DECIDE)
    identifier.delete()
    keep(EventType.COMPANY_CHANGED, company, company=company, by=by, why=reason, field=field, reason="removed")


def remind_of_numbers() -> int:
    """Tells administrators once of each number that ends soon; waits for one where there is none. Returns how many."""
    decided = Membership.objects.acting().administrators().values("company")
    due = CompanyIdentifier.objects.to_remind_of().filter(company__in=decided).select_related("company")[:SLICE]
    return sum(_remind(identifier) for identifier in due)


def mark_verified(companies: Sequence[Company], *facts: str, by: Actor, how: str) -> None:
    """The change alone, with the fields of the companies that were proven beside it.

    Raises `OutOfDate` when one of them is verified already or closed.
    """
    for company in companies:
        company.status, company.verified_at = Status.VERIFIED, clock.now()
        company.verified_by, company.verified_how = str(by.id), how
    rows = Company.objects.filter(status=Status.DECLARED).exclude(state=State.CLOSED)
    fields = ("status", "verified_at", "verified_by", "verified_how", *facts)
    if rows.bulk_update(companies, fields) != len(companies):
        for company in companies:
            company.refresh_from_db()
        raise OutOfDate(State.CLOSED if any(each.state == State.CLOSED for each in companies) else Status.VERIFIED)


def name_fields(name_ar: str, name_en: str) -> dict[str, str]:
    """Both names with the keys by which the company is found."""
    both = f"{name_ar} {name_en}"
    return {"name_ar": name_ar, "name_en": name_en, "search_key": search_key(both), "match_key": match_key(both)}


@transaction.atomic
def _remind(identifier: CompanyIdentifier) -> bool:
    rows = CompanyIdentifier.objects.to_remind_of().filter(pk=identifier.pk)
    if rows.update(reminded_at=clock.now()) != 1:
        return False
    company, field = identifier.company, f"identifier.{identifier.type}"
    keep(EventType.COMPANY_REMINDED, company, company=company, by=PORTAL, field=field)
    notices.tell_of_number(identifier)
    return True


@transaction.atomic
def _set_state(company: Company, before: str, after: str, event: EventType, by: Officer, why: str) -> None:
    require_officer(by, StaffPermission.DECIDE)
    hold(company)
    rows = Company.objects.filter(pk=company.pk)
    allowed = rows.exclude(state=State.CLOSED) if after == State.CLOSED else rows.filter(state=before)
    _expect(company, allowed.update(state=after))
    keep(event, company, company=company, by=by, why=why, reason="officer")


def _expect(company: Company, changed: int) -> None:
    company.refresh_from_db()
    if changed != 1:
        raise OutOfDate(company.state if company.state != State.OPEN else company.status)
