"""What may happen to companies and to those who act for them, one module for each noun.

Each action is one transaction with its audit event and its messages inside, asks itself whether the actor may, and
names who, when and why.
"""

from bawaba.domain.companies.actions.admission import (
    AlreadyMember,
    Registrant,
    admit_registrant,
    admit_registrants,
    ask_to_join,
)
from bawaba.domain.companies.actions.company import (
    BranchExists,
    IdentifierExists,
    add_branch,
    add_identifier,
    close_company,
    edit_company,
    refuse_company,
    remind_of_numbers,
    remove_identifier,
    restore_company,
    suspend_company,
    verify_company,
    verify_identifier,
)
from bawaba.domain.companies.actions.delegation import (
    NoSuchDelegate,
    ServiceName,
    UnfitPeriod,
    accept_delegation,
    delegate,
    end_overdue_delegations,
    refuse_delegation,
    revoke_delegation,
)
from bawaba.domain.companies.actions.invitation import (
    AlreadyInvited,
    accept_invitation,
    decline_invitation,
    expire_invitations,
    invite,
    invite_again,
    withdraw_invitation,
)
from bawaba.domain.companies.actions.membership import (
    change_roles,
    end,
    end_overdue_memberships,
    leave,
    resume,
    set_last_day,
    set_signatory,
    suspend,
)
from bawaba.domain.companies.actions.recovery import (
    NeedsAnother,
    RecoveryOpen,
    complete_recoveries,
    confirm_recovery,
    decline_recovery,
    object_to_recovery,
    propose_recovery,
)
from bawaba.domain.companies.actions.register import ask_register
from bawaba.domain.companies.actions.request import admit, decline, withdraw
from bawaba.domain.companies.actors import NotAllowed
from bawaba.domain.companies.roster import LastAdministrator, OutOfDate

__all__ = [
    "AlreadyInvited",
    "AlreadyMember",
    "BranchExists",
    "IdentifierExists",
    "LastAdministrator",
    "NeedsAnother",
    "NoSuchDelegate",
    "NotAllowed",
    "OutOfDate",
    "RecoveryOpen",
    "Registrant",
    "ServiceName",
    "UnfitPeriod",
    "accept_delegation",
    "accept_invitation",
    "add_branch",
    "add_identifier",
    "admit",
    "admit_registrant",
    "admit_registrants",
    "ask_register",
    "ask_to_join",
    "change_roles",
    "close_company",
    "complete_recoveries",
    "confirm_recovery",
    "decline",
    "decline_invitation",
    "decline_recovery",
    "delegate",
    "edit_company",
    "end",
    "end_overdue_delegations",
    "end_overdue_memberships",
    "expire_invitations",
    "invite",
    "invite_again",
    "leave",
    "object_to_recovery",
    "propose_recovery",
    "refuse_company",
    "refuse_delegation",
    "remind_of_numbers",
    "remove_identifier",
    "restore_company",
    "resume",
    "revoke_delegation",
    "set_last_day",
    "set_signatory",
    "suspend",
    "suspend_company",
    "verify_company",
    "verify_identifier",
    "withdraw",
    "withdraw_invitation",
]
