"""Roles and what they may do: of a company's members and of the operator's officers. A page shows the tables."""

from collections.abc import Iterable
from enum import StrEnum

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Permission(StrEnum):
    """What a member may do in a company. Read from the database at each request."""

    VIEW = "view"
    SUBMIT = "submit"
    PAY = "pay"
    MANAGE = "manage"

    @property
    def label(self) -> str:
        return str(_PERMISSION_LABELS[self])


class Role(StrEnum):
    """What a member is in a company. A membership holds one or several."""

    ADMINISTRATOR = "administrator"
    SUBMITTER = "submitter"
    PAYER = "payer"
    VIEWER = "viewer"

    @property
    def permissions(self) -> frozenset[Permission]:
        return _PERMISSIONS[self]

    @property
    def label(self) -> str:
        return str(_ROLE_LABELS[self])


class StaffPermission(StrEnum):
    """What an officer may do."""

    FIND = "find"
    REVEAL = "reveal"
    SEND_AGAIN = "send_again"
    DECIDE = "decide"
    PROPOSE = "propose"
    CONFIRM = "confirm"
    CONFIGURE = "configure"
    AUDIT = "audit"

    @property
    def label(self) -> str:
        return str(_STAFF_PERMISSION_LABELS[self])


class StaffRole(StrEnum):
    """What an officer is. No officer sees a code, sets or sees a password, acts as a user, or alters the audit."""

    SUPPORT = "support"
    REVIEWER = "reviewer"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"

    @property
    def permissions(self) -> frozenset[StaffPermission]:
        return _STAFF_PERMISSIONS[self]

    @property
    def label(self) -> str:
        return str(_STAFF_ROLE_LABELS[self])


_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.ADMINISTRATOR: frozenset(Permission),
    Role.SUBMITTER: frozenset({Permission.VIEW, Permission.SUBMIT}),
    Role.PAYER: frozenset({Permission.VIEW, Permission.PAY}),
    Role.VIEWER: frozenset({Permission.VIEW}),
}
_STAFF_PERMISSIONS: dict[StaffRole, frozenset[StaffPermission]] = {
    StaffRole.SUPPORT: frozenset(
        {StaffPermission.FIND, StaffPermission.REVEAL, StaffPermission.SEND_AGAIN, StaffPermission.PROPOSE}
    ),
    StaffRole.REVIEWER: frozenset(
        {
            StaffPermission.FIND,
            StaffPermission.REVEAL,
            StaffPermission.DECIDE,
            StaffPermission.PROPOSE,
            StaffPermission.CONFIRM,
        }
    ),
    StaffRole.ADMINISTRATOR: frozenset(
        {
            StaffPermission.FIND,
            StaffPermission.REVEAL,
            StaffPermission.SEND_AGAIN,
            StaffPermission.CONFIRM,
            StaffPermission.CONFIGURE,
        }
    ),
    StaffRole.AUDITOR: frozenset({StaffPermission.FIND, StaffPermission.AUDIT}),
}
_PERMISSION_LABELS = {
    Permission.VIEW: _("See the company's services and requests"),
    Permission.SUBMIT: _("Prepare and submit requests"),
    Permission.PAY: _("Pay"),
    Permission.MANAGE: _("Manage members, the company's data and delegations"),
}
_ROLE_LABELS = {
    Role.ADMINISTRATOR: _("Company account administrator"),
    Role.SUBMITTER: _("Submitter of requests"),
    Role.PAYER: _("Payment officer"),
    Role.VIEWER: _("Viewer"),
}
_STAFF_PERMISSION_LABELS = {
    StaffPermission.FIND: _("Find people and companies, with personal data masked; see delivery states"),
    StaffPermission.REVEAL: _("Reveal a personal value with a recorded reason"),
    StaffPermission.SEND_AGAIN: _("Send a code or reset message again, lift a lock, end web sessions"),
    StaffPermission.DECIDE: _("Decide admissions, verify companies, settle disputes"),
    StaffPermission.PROPOSE: _("Propose a change of e-mail or of a company's administrator"),
    StaffPermission.CONFIRM: _("Confirm such a change as the second officer"),
    StaffPermission.CONFIGURE: _("Services, connected systems and staff accounts"),
    StaffPermission.AUDIT: _("Read, verify and export the audit"),
}
_STAFF_ROLE_LABELS = {
    StaffRole.SUPPORT: pgettext_lazy("staff role", "Technical support"),
    StaffRole.REVIEWER: pgettext_lazy("staff role", "Reviewer"),
    StaffRole.ADMINISTRATOR: pgettext_lazy("staff role", "System administrator"),
    StaffRole.AUDITOR: pgettext_lazy("staff role", "Auditor"),
}


def packed(roles: Iterable[Role]) -> str:
    """Roles as they are stored and audited: in the order of the table, joined by dots."""
    wanted = set(roles)
    return ".".join(role for role in Role if role in wanted)


def unpacked(text: str) -> tuple[Role, ...]:
    return tuple(Role(part) for part in text.split(".") if part)


def granted(roles: Iterable[Role]) -> frozenset[Permission]:
    """Everything that these roles together allow."""
    return frozenset[Permission]().union(*(role.permissions for role in roles))
