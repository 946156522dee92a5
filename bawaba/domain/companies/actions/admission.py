"""How a person comes to a company: by registering for it or by asking to join it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.db import transaction

from bawaba.domain.accounts.models import User
from bawaba.domain.companies import notices
from bawaba.domain.companies.actions.membership import grant_all
from bawaba.domain.companies.actions.register import compare
from bawaba.domain.companies.actors import PORTAL
from bawaba.domain.companies.models import Company, LegalForm, Membership
from bawaba.domain.companies.roles import Role, packed
from bawaba.domain.companies.roster import enrol_all, hold
from bawaba.domain.companies.trail import Line, keep_all
from bawaba.identifiers.kw import cr_match_key
from bawaba.infrastructure.audit.events import EventType
from bawaba.infrastructure.limits import counter, table
from bawaba.infrastructure.messaging.kinds import Kind

State = Membership.State


class AlreadyMember(Exception):
    """The person has a membership of this company that has not ended: `membership`."""

    def __init__(self, membership: Membership) -> None:
        super().__init__()
        self.membership = membership


@dataclass(frozen=True)
class Registrant:
    """A person who comes to the company of a number. The number is cleaned; `reason` is the person's own words."""

    user: User
    cr_number: str
    legal_form: str = ""
    reason: str = ""


@transaction.atomic
def admit_registrant(*, user: User, cr_number: str, legal_form: str = "") -> Membership:
    """Brings a person whose e-mail has just been proven to the company of the form, under the policy of admission.

    The membership is active where the policy says so, else requested. `cr_number` is cleaned. Raises `AlreadyMember`.
    """
    return _enter([Registrant(user, cr_number, legal_form)])[0]


@transaction.atomic
def admit_registrants(*, registrants: Iterable[Registrant]) -> None:
    """The same for many at once, as if each came after the other. Raises `AlreadyMember`, and then nobody came."""
    for each_to_another_company in _rounds(registrants):
        _enter(each_to_another_company)


@transaction.atomic
def ask_to_join(*, user: User, cr_number: str, reason: str = "") -> Membership:
    """The same for somebody with an account, from the account page. Raises `AlreadyMember`, `LimitReached`."""
    counter.spend(table.JOIN_REQUEST, str(user.id))
    return _enter([Registrant(user, cr_number, reason=reason)])[0]


def _enter(registrants: Sequence[Registrant]) -> list[Membership]:
    """Each to another company: what becomes of one does not hang on the others.

    Companies are made and held in an order that is the same for everybody: no two ever wait for each other.
    """
    policy = settings.BAWABA.admission_policy
    companies, declared = _companies(registrants, policy)
    for company in sorted(companies.values(), key=lambda company: company.pk):
        if company.pk not in declared:  # nobody else sees the new ones yet
            hold(company)
    memberships = _request(registrants, companies)
    if policy == "auto":
        _found([membership for membership in memberships if membership.company_id in declared], policy)
    if policy == "registry":
        granted = {each.pk: each for each in compare(membership.company for membership in memberships)}
        memberships = [granted.get(each.pk, each) for each in memberships]
    waiting = [membership.company for membership in memberships if membership.state == State.REQUESTED]
    if waiting:
        notices.tell_administrators(Kind.MEMBERSHIP_REQUESTED, *waiting)
    return memberships


def _companies(registrants: Sequence[Registrant], policy: str) -> tuple[dict[str, Company], set[UUID]]:
    """By number, and the ids of those made now. Of two who come at once, one makes the company and both find it."""
    found = _with_numbers(registrants)
    missing = sorted((each for each in registrants if each.cr_number not in found), key=lambda each: each.cr_number)
    if not missing:
        return found, set()
    forms = LegalForm.objects.filter(may_register=True).in_bulk({each.legal_form for each in missing})
    made = Company.objects.bulk_create(
        [
            Company(
                cr_number=each.cr_number,
                cr_match_key=cr_match_key(each.cr_number),
                legal_form=forms.get(each.legal_form),
            )
            for each in missing
        ],
        ignore_conflicts=True,
    )
    ids = {company.pk for company in made}
    present = _with_numbers(missing)
    declared = [company for company in present.values() if company.pk in ids]
    keep_all(
        Line(event=EventType.COMPANY_DECLARED, subject=each, company=each, by=PORTAL, facts={"policy": policy})
        for each in declared
    )
    return found | present, {company.pk for company in declared}


def _with_numbers(registrants: Iterable[Registrant]) -> dict[str, Company]:
    numbers = [each.cr_number for each in registrants]
    return {company.cr_number: company for company in Company.objects.with_cr_numbers(numbers)}


def _request(registrants: Sequence[Registrant], companies: dict[str, Company]) -> list[Membership]:
    memberships = [
        Membership(user=each.user, company=companies[each.cr_number], state=State.REQUESTED) for each in registrants
    ]
    wanted = {(membership.user_id, membership.company_id) for membership in memberships}
    present = Membership.objects.present().filter(
        user__in=[each.user for each in registrants], company__in=companies.values()
    )
    for membership in present.select_related("company"):
        if (membership.user_id, membership.company_id) in wanted:
            raise AlreadyMember(membership)
    enrol_all(memberships)
    keep_all(
        Line(
            event=EventType.MEMBERSHIP_ASKED,
            subject=membership,
            company=membership.company,
            by=each.user,
            why=each.reason,
        )
        for each, membership in zip(registrants, memberships, strict=True)
    )
    return memberships


def _found(memberships: Sequence[Membership], policy: str) -> None:
    """The first of a new company administers it, unless an officer closed a company of its number."""
    numbers = [membership.company.cr_number for membership in memberships]
    closed = Company.objects.filter(cr_number__in=numbers, state=Company.State.CLOSED)
    barred = set(closed.values_list("cr_number", flat=True))
    grant_all(
        [membership for membership in memberships if membership.company.cr_number not in barred],
        roles=packed([Role.ADMINISTRATOR]),
        signatory=Membership.Signatory.DECLARED,
        by=PORTAL,
        policy=policy,
    )


def _rounds(registrants: Iterable[Registrant]) -> list[list[Registrant]]:
    """Those who come to one company come one after the other: each in another round."""
    rounds: list[list[Registrant]] = []
    before = Counter[str]()
    for each in registrants:
        place = before[each.cr_number]
        before[each.cr_number] += 1
        if place == len(rounds):
            rounds.append([])
        rounds[place].append(each)
    return rounds
