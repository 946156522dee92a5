"""What follows for a company and for those who ask to join it from what the trade register says."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from bawaba.domain.companies import notices, trade_register
from bawaba.domain.companies.actions.company import NAME_FIELDS, mark_verified, name_fields
from bawaba.domain.companies.actions.membership import grant_all
from bawaba.domain.companies.actors import PORTAL
from bawaba.domain.companies.models import Company, LegalForm, Membership, RegisterEntry
from bawaba.domain.companies.roles import Role, packed
from bawaba.domain.companies.roster import hold
from bawaba.domain.companies.trail import Line, keep_all
from bawaba.infrastructure import clock
from bawaba.infrastructure.audit.events import EventType
from bawaba.infrastructure.messaging.kinds import Kind

SLICE = 50
AGAIN = timedelta(minutes=5)
Register = Company.Register


def compare(companies: Iterable[Company]) -> list[Membership]:
    """Under `hold`: a company in the register is verified, and the first asker it lists becomes administrator.

    A number the register's service was not asked about yet waits for `ask_register`. Returns the requests granted.
    """
    compared = {company.cr_number: company for company in companies}
    entries = trade_register.known(compared)
    others = [company for number, company in compared.items() if number not in entries]
    _note(others, Register.WAITING if trade_register.must_be_asked() else Register.ABSENT)
    found = [compared[number] for number in entries]
    _note(found, Register.FOUND)
    _verify([company for company in found if not company.is_verified], entries)
    return _appoint(found, entries)


def ask_register() -> int:
    """Asks the register's service about the companies that wait, each again after five minutes; returns how many
    answers came. Outside of transactions: a slow service must not hold the database.
    """
    due = Q(register_asked_at=None) | Q(register_asked_at__lt=clock.now() - AGAIN)
    waiting = Company.objects.waiting_for_register().filter(due).order_by("created_at")[:SLICE]
    return sum(_ask(company) for company in waiting)


def _ask(company: Company) -> bool:
    claimed = Company.objects.filter(pk=company.pk, register_asked_at=company.register_asked_at)
    if claimed.update(register_asked_at=clock.now()) != 1:
        return False
    try:
        trade_register.ask(company.cr_number)
    except trade_register.NotReachable:
        return False
    with transaction.atomic():
        hold(company)
        company.refresh_from_db()
        compare([company])
        if company.register == Register.WAITING:  # it was asked, and there is no entry or none that is valid
            _note([company], Register.ABSENT)
    return True


def _note(companies: Sequence[Company], register: Company.Register) -> None:
    Company.objects.filter(pk__in=[company.pk for company in companies]).update(register=register)
    for company in companies:
        company.register = register


def _verify(companies: Sequence[Company], entries: Mapping[str, RegisterEntry]) -> None:
    named = {entries[company.cr_number].legal_form for company in companies}
    forms = LegalForm.objects.in_bulk(named)
    for company in companies:
        entry = entries[company.cr_number]
        company.legal_form = forms.get(entry.legal_form, company.legal_form)
        company.joint_signature = entry.joint_signature
        names = name_fields(entry.name_ar or company.name_ar, entry.name_en or company.name_en)
        for field, value in names.items():
            setattr(company, field, value)
    mark_verified(companies, "legal_form", "joint_signature", *NAME_FIELDS, by=PORTAL, how="register")
    keep_all(
        Line(
            event=EventType.COMPANY_VERIFIED, subject=company, company=company, by=PORTAL, facts={"method": "register"}
        )
        for company in companies
    )


def _appoint(companies: Sequence[Company], entries: Mapping[str, RegisterEntry]) -> list[Membership]:
    """In each company without an administrator, the one who waits longest of those whom its entry lists."""
    decided = set(
        Membership.objects.acting().administrators().filter(company__in=companies).values_list("company", flat=True)
    )
    waiting = Membership.objects.requested().filter(company__in=[each for each in companies if each.pk not in decided])
    first: dict[UUID, Membership] = {}
    for membership in waiting.select_related("user", "company").order_by("created_at"):
        entry = entries[membership.company.cr_number]
        if membership.company_id not in first and trade_register.lists(entry, membership.user):
            first[membership.company_id] = membership
    chosen = list(first.values())
    grant_all(
        chosen,
        roles=packed([Role.ADMINISTRATOR]),
        signatory=Membership.Signatory.VERIFIED,
        by=PORTAL,
        policy="registry",
    )
    for membership in chosen:
        notices.tell_member(Kind.MEMBERSHIP_ADMITTED, membership)
    return chosen
