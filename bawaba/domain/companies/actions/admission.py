"""How a person comes to act for a company: by registering for it, by asking, and by the decision on the request."""

from collections.abc import Iterable

from django.conf import settings
from django.db import IntegrityError, transaction

from bawaba.domain.accounts.models import User
from bawaba.domain.companies import notices
from bawaba.domain.companies.actions.membership import grant, keep_membership
from bawaba.domain.companies.actions.register import compare
from bawaba.domain.companies.actors import PORTAL, Actor, NotAllowed, require
from bawaba.domain.companies.models import Company, LegalForm, Membership
from bawaba.domain.companies.roles import Permission, Role, StaffPermission, packed
from bawaba.domain.companies.roster import enrol, hold, move
from bawaba.domain.companies.trail import keep
from bawaba.identifiers.kw import cr_match_key
from bawaba.infrastructure import clock
from bawaba.infrastructure.audit.events import EventType
from bawaba.infrastructure.limits import counter, table
from bawaba.infrastructure.messaging.kinds import Kind

State = Membership.State


class AlreadyMember(Exception):
    """The person has a membership of this company that has not ended: `membership`."""

    def __init__(self, membership: Membership) -> None:
        super().__init__()
        self.membership = membership


@transaction.atomic
def admit_registrant(*, user: User, cr_number: str, legal_form: str = "") -> Membership:
    """Brings a person whose e-mail has just been proven to the company of the form, under the policy of admission.

    The membership is active where the policy says so, else requested. `cr_number` is cleaned. Raises `AlreadyMember`.
    """
    return _enter(user, cr_number, legal_form, reason="")


@transaction.atomic
def ask_to_join(*, user: User, cr_number: str, reason: str = "") -> Membership:
    """The same for somebody with an account, from the account page. Raises `AlreadyMember`, `LimitReached`."""
    counter.spend(table.JOIN_REQUEST, str(user.id))
    return _enter(user, cr_number, "", reason=reason)


@transaction.atomic
def admit(
    *, membership: Membership, roles: Iterable[Role], by: Actor, reason: str = "", signatory: str = ""
) -> Membership:
    """Grants a request. Raises `NotAllowed`, `OutOfDate` when it is no longer waiting, `ValueError` without a role."""
    text = packed(roles)
    if not text:
        raise ValueError("a member has at least one role")
    hold(membership.company)
    require(by, membership.company, staff=StaffPermission.DECIDE)
    if isinstance(by, User) and signatory == Membership.Signatory.VERIFIED:
        raise NotAllowed(StaffPermission.DECIDE)
    grant(membership, roles=text, signatory=signatory, by=by, policy="decision", reason=reason)
    notices.tell_member(Kind.MEMBERSHIP_ADMITTED, membership)
    return membership


@transaction.atomic
def decline(*, membership: Membership, by: Actor, reason: str) -> None:
    """Refuses a request. Raises `NotAllowed`, `OutOfDate`."""
    hold(membership.company)
    require(by, membership.company, staff=StaffPermission.DECIDE)
    move(membership, State.REQUESTED, state=State.ENDED, ended_at=clock.now())
    keep_membership(EventType.MEMBERSHIP_REFUSED, membership, by, reason, reason="declined")
    notices.tell_member(Kind.MEMBERSHIP_DECLINED, membership)


@transaction.atomic
def withdraw(*, membership: Membership, by: User) -> None:
    """The person takes the request back. Raises `NotAllowed` for anybody else, `OutOfDate`."""
    if by.pk != membership.user_id:
        raise NotAllowed(Permission.MANAGE)
    hold(membership.company)
    move(membership, State.REQUESTED, state=State.ENDED, ended_at=clock.now())
    keep_membership(EventType.MEMBERSHIP_ENDED, membership, by, "", reason="withdrawn")


def _enter(user: User, cr_number: str, legal_form: str, *, reason: str) -> Membership:
    policy = settings.BAWABA.admission_policy
    company, is_new = _company(cr_number, legal_form, policy)
    hold(company)
    membership = _request(user, company)
    keep(EventType.MEMBERSHIP_ASKED, membership, company=company, by=user, why=reason)
    if is_new and policy == "auto" and not _was_closed(company):
        grant(
            membership,
            roles=packed([Role.ADMINISTRATOR]),
            signatory=Membership.Signatory.DECLARED,
            by=PORTAL,
            policy=policy,
        )
        return membership
    if policy == "registry":
        compare(company)
        membership.refresh_from_db()
    if membership.state == State.REQUESTED:
        notices.tell_administrators(Kind.MEMBERSHIP_REQUESTED, company)
    return membership


def _company(cr_number: str, legal_form: str, policy: str) -> tuple[Company, bool]:
    """The company of a number, made when there is none. Of two who come at once, one makes it and both find it."""
    found = Company.objects.with_cr_number(cr_number).first()
    if found:
        return found, False
    form = LegalForm.objects.filter(code=legal_form, may_register=True).first()
    try:
        with transaction.atomic():
            company = Company.objects.create(cr_number=cr_number, cr_match_key=cr_match_key(cr_number), legal_form=form)
    except IntegrityError:
        return Company.objects.with_cr_number(cr_number).get(), False
    keep(EventType.COMPANY_DECLARED, company, company=company, by=PORTAL, policy=policy)
    return company, True


def _request(user: User, company: Company) -> Membership:
    present = Membership.objects.present().of(user, company).select_related("company").first()
    if present:
        raise AlreadyMember(present)
    return enrol(user=user, company=company, state=State.REQUESTED)


def _was_closed(company: Company) -> bool:
    """An officer closed a company of this number: the next one does not open by itself."""
    return Company.objects.filter(cr_number=company.cr_number, state=Company.State.CLOSED).exists()
