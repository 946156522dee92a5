"""A new administrator for a company whose administrators have left: two officers, a notice, 72 hours to object."""

from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction

from bawaba.domain.accounts.models import User
from bawaba.domain.companies import notices
from bawaba.domain.companies.actions.membership import conclude, grant, keep_membership
from bawaba.domain.companies.actors import PORTAL, Actor, Officer, require, require_officer
from bawaba.domain.companies.models import Membership, Recovery
from bawaba.domain.companies.models.membership import MembershipQuerySet
from bawaba.domain.companies.roles import Role, StaffPermission, packed
from bawaba.domain.companies.roster import OutOfDate, hold, move
from bawaba.domain.companies.trail import keep
from bawaba.infrastructure import clock
from bawaba.infrastructure.audit.events import EventType
from bawaba.infrastructure.messaging.kinds import Kind

KIND = "company_recovery"
SLICE = 50
State = Recovery.State


class RecoveryOpen(Exception):
    """A recovery of this company is open already."""


class NeedsAnother(Exception):
    """The second officer must be another one than the first."""


@transaction.atomic
def propose_recovery(*, membership: Membership, evidence: str, by: Officer, reason: str) -> Recovery:
    """Proposes the person of `membership`, who has asked to join or is a member, as the company's administrator.

    Raises `NotAllowed`, `RecoveryOpen`, `OutOfDate` for an ended membership.
    """
    require_officer(by, StaffPermission.PROPOSE)
    membership.refresh_from_db()
    if membership.state == Membership.State.ENDED:
        raise OutOfDate(membership.state)
    company = membership.company
    try:
        with transaction.atomic():
            recovery = Recovery.objects.create(
                company=company, membership=membership, evidence=evidence, proposed_by=str(by.id)
            )
    except IntegrityError:
        raise RecoveryOpen from None
    keep(EventType.STAFF_PROPOSED, recovery, company=company, by=by, why=reason, kind=KIND, key=str(recovery.pk))
    return recovery


@transaction.atomic
def confirm_recovery(*, recovery: Recovery, by: Officer, reason: str) -> None:
    """A second officer agrees: the old administrators are told and may object until it takes effect.

    Raises `NotAllowed`, `NeedsAnother`, `OutOfDate`.
    """
    require_officer(by, StaffPermission.CONFIRM)
    if str(by.id) == recovery.proposed_by:
        raise NeedsAnother
    hours = settings.BAWABA.recovery_hours
    _move(
        recovery,
        State.PROPOSED,
        state=State.CONFIRMED,
        confirmed_by=str(by.id),
        takes_effect_at=clock.now() + timedelta(hours=hours),
    )
    keep(
        EventType.STAFF_APPROVED,
        recovery,
        company=recovery.company,
        by=by,
        why=reason,
        kind=KIND,
        key=str(recovery.pk),
    )
    old = _old_administrators(recovery).values("user")
    notices.tell_of_recovery(User.objects.filter(pk__in=old), hours=hours)


@transaction.atomic
def decline_recovery(*, recovery: Recovery, by: Officer, reason: str) -> None:
    """A second officer does not agree, or stops it in time. Raises `NotAllowed`, `OutOfDate`."""
    require_officer(by, StaffPermission.CONFIRM)
    _stop(recovery, State.DECLINED, by, reason, word="officer")


@transaction.atomic
def object_to_recovery(*, recovery: Recovery, by: User, reason: str) -> None:
    """An administrator of the company is still there. Nothing changes; officers look anew.

    Raises `NotAllowed`, `OutOfDate` when it took effect or was stopped.
    """
    require(by, recovery.company)
    _stop(recovery, State.OBJECTED, by, reason, word="objection")


def complete_recoveries() -> int:
    """Carries out those against which nobody objected in time. Returns how many."""
    due = Recovery.objects.due().select_related("company")[:SLICE]
    return sum(_complete(recovery) for recovery in due)


@transaction.atomic
def _complete(recovery: Recovery) -> bool:
    company = recovery.company
    hold(company)
    chosen = Membership.objects.present().filter(company=company, pk=recovery.membership_id).first()
    try:
        if chosen is None:
            _stop(recovery, State.DECLINED, PORTAL, "", word="membership_ended")
            return False
        _move(recovery, State.CONFIRMED, state=State.DONE)
    except OutOfDate:
        return False
    for old in _old_administrators(recovery):
        conclude(old, by=PORTAL, reason="", word="recovery")
    keep(EventType.STAFF_APPROVED, recovery, company=company, by=PORTAL, kind=f"{KIND}.done", key=str(recovery.pk))
    _appoint(chosen)
    return True


def _old_administrators(recovery: Recovery) -> MembershipQuerySet:
    """Those who lose the company, also who cannot act for it now, for it or they are suspended."""
    present = Membership.objects.present().administrators().filter(company=recovery.company)
    return present.exclude(pk=recovery.membership_id)


def _appoint(membership: Membership) -> None:
    roles = packed([Role.ADMINISTRATOR])
    if membership.state == Membership.State.REQUESTED:
        grant(membership, roles=roles, signatory=Membership.Signatory.NONE, by=PORTAL, policy="recovery")
        notices.tell_member(Kind.MEMBERSHIP_ADMITTED, membership)
        return
    before, roles = membership.roles, packed([*membership.role_list, Role.ADMINISTRATOR])
    states = (Membership.State.ACTIVE, Membership.State.SUSPENDED)
    move(membership, *states, state=Membership.State.ACTIVE, roles=roles, ends_on=None)
    keep_membership(EventType.MEMBERSHIP_CHANGED, membership, PORTAL, "", from_role=before, role=roles)
    notices.tell_member(Kind.ROLES_CHANGED, membership)


def _stop(recovery: Recovery, state: str, by: Actor, why: str, *, word: str) -> None:
    _move(recovery, State.PROPOSED, State.CONFIRMED, state=state)
    keep(
        EventType.STAFF_DECLINED,
        recovery,
        company=recovery.company,
        by=by,
        why=why,
        kind=KIND,
        key=str(recovery.pk),
        reason=word,
    )


def _move(recovery: Recovery, *states: str, **changes: object) -> None:
    changed = Recovery.objects.filter(pk=recovery.pk, state__in=states).update(**changes)
    recovery.refresh_from_db()
    if changed != 1:
        raise OutOfDate(recovery.state)
