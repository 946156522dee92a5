"""Every message of the product: by which channels it goes, in which lane, and which values its text needs."""

from dataclasses import dataclass
from enum import StrEnum


class Channel(StrEnum):
    EMAIL = "email"
    SMS = "sms"


class Lane:
    """Lower goes first: a mass notice never stands before a code."""

    CODE = 0
    NOTICE = 1


class Kind(StrEnum):
    """The value is also the name of the folder with the texts, `templates/messaging/<value>/`."""

    # answers to an act at the door
    ACTIVATION_CODE = "activation_code"
    MOBILE_CODE = "mobile_code"
    RESET_CODE = "reset_code"
    CHANGE_EMAIL_CODE = "change_email_code"
    EXISTING_ACCOUNT = "existing_account"
    NO_ACCOUNT = "no_account"
    CIVIL_ID_IN_USE = "civil_id_in_use"
    # the account
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 the name of a message
    PASSWORD_RESET = "password_reset"  # noqa: S105 the name of a message
    EMAIL_CHANGED_OLD = "email_changed_old"
    EMAIL_CHANGED_NEW = "email_changed_new"
    MOBILE_CHANGED = "mobile_changed"
    NEW_DEVICE = "new_device"
    FACTOR_ADDED = "factor_added"
    FACTOR_REMOVED = "factor_removed"
    RECOVERY_CODES_MADE = "recovery_codes_made"
    RECOVERY_CODE_USED = "recovery_code_used"
    ACCOUNT_BLOCKED = "account_blocked"
    ACCOUNT_UNBLOCKED = "account_unblocked"
    ACCOUNT_CLOSED = "account_closed"
    RECOVERY_OPENED = "recovery_opened"
    # the company
    INVITATION = "invitation"
    INVITATION_WITHDRAWN = "invitation_withdrawn"
    MEMBERSHIP_REQUESTED = "membership_requested"
    MEMBERSHIP_ADMITTED = "membership_admitted"
    MEMBERSHIP_DECLINED = "membership_declined"
    MEMBERSHIP_SUSPENDED = "membership_suspended"
    MEMBERSHIP_RESUMED = "membership_resumed"
    MEMBERSHIP_ENDED = "membership_ended"
    ROLES_CHANGED = "roles_changed"
    DELEGATION_OFFERED = "delegation_offered"
    DELEGATION_ACCEPTED = "delegation_accepted"
    DELEGATION_REFUSED = "delegation_refused"
    DELEGATION_REVOKED = "delegation_revoked"
    DELEGATION_ENDED = "delegation_ended"
    NUMBER_ENDS_SOON = "number_ends_soon"
    # the operator
    AUDIT_HEAD = "audit_head"
    PROBE = "probe"


@dataclass(frozen=True)
class Shape:
    """`variables` are names of texts or whole numbers; times and the code come from the row, never from the caller."""

    channels: frozenset[Channel] = frozenset({Channel.EMAIL})
    lane: int = Lane.NOTICE
    variables: frozenset[str] = frozenset()
    has_code: bool = False


_SMS = frozenset({Channel.SMS})
_BOTH = frozenset({Channel.EMAIL, Channel.SMS})
_COMPANY = frozenset({"company"})
_ROLES = frozenset({"company", "roles_ar", "roles_en"})
_DELEGATION = frozenset({"company", "delegate", "services_ar", "services_en", "starts", "ends"})

SHAPES: dict[Kind, Shape] = {
    Kind.ACTIVATION_CODE: Shape(lane=Lane.CODE, has_code=True),
    Kind.MOBILE_CODE: Shape(channels=_SMS, lane=Lane.CODE, has_code=True),
    Kind.RESET_CODE: Shape(lane=Lane.CODE, has_code=True),
    Kind.CHANGE_EMAIL_CODE: Shape(lane=Lane.CODE, has_code=True),
    Kind.EXISTING_ACCOUNT: Shape(lane=Lane.CODE),
    Kind.NO_ACCOUNT: Shape(lane=Lane.CODE),
    Kind.CIVIL_ID_IN_USE: Shape(),
    Kind.PASSWORD_CHANGED: Shape(),
    Kind.PASSWORD_RESET: Shape(),
    Kind.EMAIL_CHANGED_OLD: Shape(variables=frozenset({"token"})),
    Kind.EMAIL_CHANGED_NEW: Shape(),
    Kind.MOBILE_CHANGED: Shape(channels=_BOTH),
    Kind.NEW_DEVICE: Shape(variables=frozenset({"device", "token"})),
    Kind.FACTOR_ADDED: Shape(variables=frozenset({"factor"})),
    Kind.FACTOR_REMOVED: Shape(variables=frozenset({"factor"})),
    Kind.RECOVERY_CODES_MADE: Shape(),
    Kind.RECOVERY_CODE_USED: Shape(),
    Kind.ACCOUNT_BLOCKED: Shape(),
    Kind.ACCOUNT_UNBLOCKED: Shape(),
    Kind.ACCOUNT_CLOSED: Shape(),
    Kind.RECOVERY_OPENED: Shape(channels=_BOTH, variables=frozenset({"hours"})),
    Kind.INVITATION: Shape(variables=_ROLES | {"days"}),
    Kind.INVITATION_WITHDRAWN: Shape(variables=_COMPANY),
    Kind.MEMBERSHIP_REQUESTED: Shape(variables=_COMPANY),
    Kind.MEMBERSHIP_ADMITTED: Shape(variables=_ROLES),
    Kind.MEMBERSHIP_DECLINED: Shape(variables=_COMPANY),
    Kind.MEMBERSHIP_SUSPENDED: Shape(variables=_COMPANY),
    Kind.MEMBERSHIP_RESUMED: Shape(variables=_COMPANY),
    Kind.MEMBERSHIP_ENDED: Shape(variables=_COMPANY),
    Kind.ROLES_CHANGED: Shape(variables=_ROLES),
    Kind.DELEGATION_OFFERED: Shape(variables=_DELEGATION),
    Kind.DELEGATION_ACCEPTED: Shape(variables=_DELEGATION),
    Kind.DELEGATION_REFUSED: Shape(variables=_DELEGATION),
    Kind.DELEGATION_REVOKED: Shape(variables=_DELEGATION),
    Kind.DELEGATION_ENDED: Shape(variables=_DELEGATION),
    Kind.NUMBER_ENDS_SOON: Shape(variables=frozenset({"company", "kind_ar", "kind_en", "value", "ends"})),
    Kind.AUDIT_HEAD: Shape(variables=frozenset({"head"})),
    Kind.PROBE: Shape(channels=_BOTH, variables=frozenset({"mark"})),
}
