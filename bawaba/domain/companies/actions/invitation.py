"""Inviting an address into a company, and what may become of it."""

from collections.abc import Iterable

from django.db import IntegrityError, transaction

from bawaba.domain.accounts.models import User
from bawaba.domain.companies import notices
from bawaba.domain.companies.actions.admission import AlreadyMember
from bawaba.domain.companies.actions.membership import grant
from bawaba.domain.companies.actors import PORTAL, Actor, NotAllowed, require
from bawaba.domain.companies.models import Company, Invitation, Membership
from bawaba.domain.companies.roles import Permission, Role, StaffPermission, packed
from bawaba.domain.companies.roster import OutOfDate, enrol, hold
from bawaba.domain.companies.trail import keep
from bawaba.identifiers.addresses import email_key
from bawaba.infrastructure.audit.events import EventType
from bawaba.infrastructure.limits import counter, table
from bawaba.infrastructure.messaging.kinds import Kind

State = Invitation.State
SLICE = 200


class AlreadyInvited(Exception):
    """An invitation of this company to this address is open: `invitation`."""

    def __init__(self, invitation: Invitation) -> None:
        super().__init__()
        self.invitation = invitation


@transaction.atomic
def invite(*, company: Company, email: str, roles: Iterable[Role], by: User, language: str) -> Invitation:
    """Offers a membership to a cleaned address. Whether anybody has an account there is told to nobody.

    Raises `NotAllowed`, `AlreadyMember`, `AlreadyInvited`, `LimitReached`, `ValueError` without a role.
    """
    text = packed(roles)
    if not text:
        raise ValueError("an invitation has at least one role")
    require(by, company)
    counter.spend(table.INVITE, str(company.id))
    key = email_key(email)
    member = Membership.objects.present().filter(company=company, user__email_key=key).first()
    if member and member.state != Membership.State.REQUESTED:
        raise AlreadyMember(member)
    _expire(company.invitations.overdue().filter(email_key=key))
    try:
        with transaction.atomic():
            invitation = company.invitations.create(email=email, email_key=key, roles=text, language=language)
    except IntegrityError:
        raise AlreadyInvited(company.invitations.get(email_key=key, state=State.OPEN)) from None
    keep(EventType.INVITATION_SENT, invitation, company=company, by=by, role=text)
    notices.tell_invited(Kind.INVITATION, invitation)
    return invitation


@transaction.atomic
def accept_invitation(*, invitation: Invitation, by: User) -> Membership:
    """The owner of the address becomes a member in the roles offered. Good once.

    Raises `NotAllowed` for another address, `OutOfDate` when it is over, `AlreadyMember`.
    """
    _expect_address(invitation, by)
    company = invitation.company
    hold(company)
    _leave_open(invitation, State.ACCEPTED)
    membership = Membership.objects.present().of(by, company).first()
    if membership and membership.state != Membership.State.REQUESTED:
        raise AlreadyMember(membership)
    if membership is None:
        membership = enrol(company=company, user=by, state=Membership.State.REQUESTED)
    grant(membership, roles=invitation.roles, signatory="", by=by, policy="invitation")
    Invitation.objects.filter(pk=invitation.pk).update(membership=membership)
    keep(EventType.INVITATION_ACCEPTED, invitation, company=company, by=by, role=invitation.roles, user=str(by.pk))
    return membership


@transaction.atomic
def decline_invitation(*, invitation: Invitation, by: User) -> None:
    """Raises `NotAllowed` for another address, `OutOfDate`."""
    _expect_address(invitation, by)
    _leave_open(invitation, State.DECLINED)
    keep(EventType.INVITATION_DECLINED, invitation, company=invitation.company, by=by, reason="declined")


@transaction.atomic
def invite_again(*, invitation: Invitation, by: User) -> Invitation:
    """A new invitation with a life of its own in the place of one that waits or has expired.

    Raises `NotAllowed`, `OutOfDate` when it was answered or withdrawn, and as `invite`.
    """
    require(by, invitation.company)
    _expire(Invitation.objects.overdue().filter(pk=invitation.pk).select_related("company"))
    invitation.refresh_from_db()
    if invitation.state != State.EXPIRED:
        _leave_open(invitation, State.WITHDRAWN)
        keep(EventType.INVITATION_WITHDRAWN, invitation, company=invitation.company, by=by, reason="sent_again")
    return invite(
        company=invitation.company,
        email=invitation.email,
        roles=invitation.role_list,
        by=by,
        language=invitation.language,
    )


@transaction.atomic
def withdraw_invitation(*, invitation: Invitation, by: Actor, reason: str = "") -> None:
    """The company takes it back, and the address is told. Raises `NotAllowed`, `OutOfDate`."""
    require(by, invitation.company, staff=StaffPermission.DECIDE)
    _leave_open(invitation, State.WITHDRAWN)
    keep(EventType.INVITATION_WITHDRAWN, invitation, company=invitation.company, by=by, why=reason, reason="company")
    notices.tell_invited(Kind.INVITATION_WITHDRAWN, invitation)


def expire_invitations() -> int:
    """Marks those whose time is over; they could not be accepted since. Returns how many."""
    with transaction.atomic():
        return _expire(Invitation.objects.overdue().select_related("company")[:SLICE])


def _expire(overdue: Iterable[Invitation]) -> int:
    marked = 0
    for invitation in overdue:
        if Invitation.objects.filter(pk=invitation.pk, state=State.OPEN).update(state=State.EXPIRED):
            invitation.refresh_from_db()
            keep(EventType.INVITATION_EXPIRED, invitation, company=invitation.company, by=PORTAL)
            marked += 1
    return marked


def _expect_address(invitation: Invitation, by: User) -> None:
    if by.email_key != invitation.email_key:
        raise NotAllowed(Permission.VIEW)


def _leave_open(invitation: Invitation, state: str) -> None:
    if Invitation.objects.open().filter(pk=invitation.pk).update(state=state) != 1:
        now = Invitation.objects.get(pk=invitation.pk)
        raise OutOfDate(State.EXPIRED if now.state == State.OPEN else now.state)
    invitation.refresh_from_db()
