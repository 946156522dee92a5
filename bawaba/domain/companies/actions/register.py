"""What follows for a company and for those who ask to join it from what the trade register says."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from bawaba.domain.companies import notices, trade_register
from bawaba.domain.companies.actions.company import mark_verified, name_fields
from bawaba.domain.companies.actions.membership import grant
from bawaba.domain.companies.actors import PORTAL, administrators
from bawaba.domain.companies.models import Company, LegalForm, Membership, RegisterEntry
from bawaba.domain.companies.roles import Role, packed
from bawaba.domain.companies.roster import hold
from bawaba.domain.companies.trail import keep
from bawaba.infrastructure import clock
from bawaba.infrastructure.audit.events import EventType
from bawaba.infrastructure.messaging.kinds import Kind

SLICE = 50
AGAIN = timedelta(minutes=5)
Register = Company.Register


def compare(companies: Iterable[Company]) -> set[UUID]:
    """Under `hold`: a company in the register is verified, and the first asker it lists becomes administrator.

    A number the register's service was not asked about yet waits for `ask_register`. Returns the ids of those found.
    """
    compared = {company.cr_number: company for company in companies}
    entries = trade_register.known(compared)
    others = [company for number, company in compared.items() if number not in entries]
    if others:
        state = Register.WAITING if trade_register.must_be_asked() else Register.ABSENT
        Company.objects.filter(pk__in=[company.pk for company in others]).update(register=state)
        for company in others:
            company.register = state
    for number, entry in entries.items():
        if not compared[number].is_verified:
            _verify(compared[number], entry)
        if not administrators(compared[number]).exists():
            _appoint(compared[number], entry)
    return {compared[number].pk for number in entries}


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
        entry = trade_register.ask(company.cr_number)
    except trade_register.NotReachable:
        return False
    with transaction.atomic():
        hold(company)
        company.refresh_from_db()
        if entry is None:
            Company.objects.filter(pk=company.pk).update(register=Register.ABSENT)
        else:
            compare([company])
    return True


def _verify(company: Company, entry: RegisterEntry) -> None:
    form = LegalForm.objects.filter(code=entry.legal_form).first() or company.legal_form
    mark_verified(
        company,
        by=PORTAL,
        how="register",
        register=Register.FOUND,
        legal_form=form,
        joint_signature=entry.joint_signature,
        **name_fields(entry.name_ar or company.name_ar, entry.name_en or company.name_en),
    )
    keep(EventType.COMPANY_VERIFIED, company, company=company, by=PORTAL, method="register")


def _appoint(company: Company, entry: RegisterEntry) -> None:
    for membership in company.memberships.requested().select_related("user").order_by("created_at"):
        if trade_register.lists(entry, membership.user):
            grant(
                membership,
                roles=packed([Role.ADMINISTRATOR]),
                signatory=Membership.Signatory.VERIFIED,
                by=PORTAL,
                policy="registry",
            )
            notices.tell_member(Kind.MEMBERSHIP_ADMITTED, membership)
            return
