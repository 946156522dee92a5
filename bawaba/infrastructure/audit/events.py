"""Every event of the product: its name, its sentence, and the facts that may stand beside it.

A name is `subject.what_happened`. A fact is a word, an id, a number, a flag or a time and never something a person
typed, so that the register can be kept for years and shown to an auditor. `docs/events.toml` lists the same.
"""

import re
from enum import Enum, StrEnum

_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_DIGEST = r"[0-9]{1,4}:[0-9a-f]{64}"
_HEX = r"[0-9a-f]{32}"
# Civil numbers and mobiles have seven digits in a row and more.
_KEY = r"(?![A-Za-z0-9_.:-]{0,57}[0-9]{7})[A-Za-z0-9_.:-]{1,64}"


class Kind(Enum):
    """What a fact may look like."""

    WORD = re.compile(r"(?![a-z0-9_.-]{0,33}[0-9]{7})[a-z][a-z0-9_.-]{0,39}")
    ID = re.compile(rf"{_UUID}|{_HEX}|{_DIGEST}|{_KEY}")
    TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|\+00:00)")
    NUMBER = re.compile(r"-?[0-9]{1,7}")
    FLAG = re.compile(r"True|False")


FACTS: dict[str, Kind] = {
    "amount": Kind.NUMBER,
    "approved_by": Kind.ID,
    "challenge": Kind.ID,
    "channel": Kind.WORD,
    "client": Kind.ID,
    "delegate": Kind.ID,
    "document": Kind.WORD,
    "factor": Kind.WORD,
    "field": Kind.WORD,
    "from_role": Kind.WORD,
    "gap_from": Kind.TIME,
    "gap_to": Kind.TIME,
    "generation": Kind.NUMBER,
    "key": Kind.ID,
    "kind": Kind.WORD,
    "lane": Kind.WORD,
    "language": Kind.WORD,
    "limit": Kind.WORD,
    "message": Kind.ID,
    "method": Kind.WORD,
    "permission": Kind.WORD,
    "policy": Kind.WORD,
    "purpose": Kind.WORD,
    "reason": Kind.WORD,
    "refused": Kind.NUMBER,
    "role": Kind.WORD,
    "rows": Kind.NUMBER,
    "scope": Kind.WORD,
    "service": Kind.ID,
    "session": Kind.ID,
    "until": Kind.TIME,
    "user": Kind.ID,
    "version": Kind.ID,
}


class EventType(StrEnum):
    """Name, sentence, allowed facts."""

    sentence: str
    facts: frozenset[str]

    def __new__(cls, value: str, sentence: str, *facts: str) -> "EventType":
        member = str.__new__(cls, value)
        member._value_ = value
        member.sentence = sentence
        member.facts = frozenset(facts)
        return member

    # --- registration
    REGISTRATION_SUBMITTED = "registration.submitted", "A request to register was made.", "language", "policy"
    REGISTRATION_ACTIVATED = "registration.activated", "The e-mail was proven and the account opened.", "user"
    REGISTRATION_CORRECTED = "registration.corrected", "The e-mail of a request was corrected before its proof."
    REGISTRATION_REFUSED = "registration.refused", "A proven request did not become an account.", "reason", "user"
    REGISTRATION_EXPIRED = "registration.expired", "A request was not activated in time and was erased.", "reason"
    # --- codes
    CODE_SENT = "code.sent", "A code was ordered.", "purpose", "channel", "challenge", "generation"
    CODE_RESENT = "code.resent", "A code was ordered again.", "purpose", "channel", "challenge", "generation"
    CODE_REFUSED = "code.refused", "A typed code was refused.", "purpose", "challenge", "reason"
    CODE_ACCEPTED = "code.accepted", "A typed code was right.", "purpose", "challenge"
    # --- sign-in and sessions
    SIGN_IN_SUCCEEDED = "sign_in.succeeded", "A person signed in.", "method", "factor", "session", "lane"
    SIGN_IN_FAILED = "sign_in.failed", "A sign-in failed.", "reason", "method", "lane"
    SIGN_IN_BLOCKED = "sign_in.blocked", "A blocked person tried to sign in.", "method"
    SIGN_IN_PENDING = "sign_in.pending", "The right password of a request that is not activated was given."
    SIGN_OUT = "sign_out", "A person signed out.", "session"
    REAUTHENTICATION_SUCCEEDED = "reauthentication.succeeded", "A signed-in person proved it anew.", "method"
    REAUTHENTICATION_FAILED = "reauthentication.failed", "A new proof of a signed-in person failed.", "method", "reason"
    SESSION_ENDED = "session.ended", "A session was ended.", "session", "reason"
    SESSIONS_ENDED = "sessions.ended", "All other sessions of a person were ended.", "reason", "rows"
    DEVICE_ADDED = "device.added", "A device was remembered after a full sign-in.", "key"
    DEVICE_REMOVED = "device.removed", "A remembered device was removed.", "key", "reason"
    # --- the account
    PASSWORD_RESET_ASKED = "password.reset_asked", "A code for a new password was asked for."
    PASSWORD_RESET = "password.reset", "A new password was set with a code."
    PASSWORD_CHANGED = "password.changed", "A password was changed by its owner."
    PASSWORD_REHASHED = "password.rehashed", "A password's hash was renewed with newer parameters."
    EMAIL_CHANGE_ASKED = "email.change_asked", "A new e-mail was given and waits for its proof."
    EMAIL_CHANGED = "email.changed", "The e-mail of an account was changed.", "approved_by", "reason"
    MOBILE_PROVEN = "mobile.proven", "A mobile was proven by its code."
    MOBILE_CHANGED = "mobile.changed", "The mobile of an account was changed."
    PROFILE_CHANGED = "profile.changed", "A field of a person's account was changed.", "field", "reason"
    LANGUAGE_CHANGED = "language.changed", "A person chose another language.", "language"
    FACTOR_ADDED = "factor.added", "A second factor was added.", "factor", "key"
    FACTOR_REMOVED = "factor.removed", "A second factor was removed.", "factor", "key", "reason", "approved_by"
    FACTOR_ACCEPTED = "factor.accepted", "A second factor was given rightly.", "factor"
    FACTOR_REFUSED = "factor.refused", "A second factor was refused.", "factor", "reason"
    RECOVERY_CODES_MADE = "recovery_codes.made", "Recovery codes were made anew."
    RECOVERY_CODE_USED = "recovery_codes.used", "A recovery code was used up.", "amount"
    CONSENT_GIVEN = "consent.given", "A person agreed to a document or a service.", "document", "version", "client"
    CONSENT_WITHDRAWN = "consent.withdrawn", "A person withdrew an agreement.", "document", "client"
    DATA_EXPORTED = "data.exported", "A person took out the data kept about them."
    ACCOUNT_BLOCKED = "account.blocked", "An account was blocked.", "reason"
    ACCOUNT_UNBLOCKED = "account.unblocked", "An account was opened again.", "reason"
    ACCOUNT_CLOSED = "account.closed", "An account was closed.", "reason"
    ACCOUNT_ERASED = "account.erased", "The contact data of a closed account were erased."
    # --- companies
    COMPANY_DECLARED = "company.declared", "A company came in by the registration of its first member.", "policy"
    COMPANY_VERIFIED = "company.verified", "A company was found in the trade register or by its papers.", "method"
    COMPANY_REFUSED = "company.refused", "A company was refused.", "reason"
    COMPANY_CHANGED = "company.changed", "A field of a company was changed.", "field", "reason"
    COMPANY_REMINDED = "company.reminded", "A company was told that a number of it ends soon.", "field"
    COMPANY_SUSPENDED = "company.suspended", "A company was suspended.", "reason"
    COMPANY_RESTORED = "company.restored", "A suspended company was opened again.", "reason"
    COMPANY_CLOSED = "company.closed", "A company was closed.", "reason"
    MEMBERSHIP_ASKED = "membership.asked", "A person asked to join a company.", "role"
    MEMBERSHIP_GRANTED = "membership.granted", "A person became a member of a company.", "role", "policy", "user"
    MEMBERSHIP_REFUSED = "membership.refused", "A request to join was refused.", "reason", "user"
    MEMBERSHIP_CHANGED = "membership.changed", "The role of a member was changed.", "from_role", "role", "user"
    MEMBERSHIP_SUSPENDED = "membership.suspended", "A membership was suspended.", "reason", "user"
    MEMBERSHIP_RESTORED = "membership.restored", "A suspended membership was opened again.", "reason", "user"
    MEMBERSHIP_ENDED = "membership.ended", "A membership ended.", "reason", "role", "user"
    INVITATION_SENT = "invitation.sent", "A person was invited into a company.", "role"
    INVITATION_ACCEPTED = "invitation.accepted", "An invitation was accepted.", "role", "user"
    INVITATION_DECLINED = "invitation.declined", "An invitation was declined.", "reason"
    INVITATION_WITHDRAWN = "invitation.withdrawn", "An invitation was withdrawn.", "reason"
    INVITATION_EXPIRED = "invitation.expired", "An invitation was not taken up in time."
    DELEGATION_GRANTED = "delegation.granted", "A company let another act for it.", "delegate", "permission", "until"
    DELEGATION_ACCEPTED = "delegation.accepted", "The other company took the delegation on.", "delegate"
    DELEGATION_REFUSED = "delegation.refused", "The other company refused the delegation.", "delegate", "reason"
    DELEGATION_ENDED = "delegation.ended", "A delegation ended.", "delegate", "reason"
    # --- services and the services' door
    SERVICE_ADDED = "service.added", "A service was put into the catalogue.", "service"
    SERVICE_CHANGED = "service.changed", "A service of the catalogue was changed.", "service", "field"
    SERVICE_OPENED = "service.opened", "A person opened a service.", "service", "role"
    SERVICE_REFUSED = "service.refused", "A person was not let into a service.", "service", "reason"
    SERVICE_WITHDRAWN = "service.withdrawn", "A service was taken out of the catalogue.", "service", "reason"
    SERVICE_REQUESTED = "service.requested", "A company asked for a service.", "service"
    SERVICE_GRANTED = "service.granted", "A company was given a service.", "service"
    SERVICE_DENIED = "service.denied", "A company was not given a service.", "service", "reason"
    OIDC_CLIENT_ADDED = "oidc.client_added", "A service was given the right to ask who is signed in.", "client"
    OIDC_CLIENT_CHANGED = "oidc.client_changed", "Settings of such a service were changed.", "client", "field", "scope"
    OIDC_CLIENT_REMOVED = "oidc.client_removed", "Such a service lost that right.", "client", "reason"
    OIDC_SECRET_CHANGED = "oidc.secret_changed", "The secret of such a service was made anew.", "client"
    OIDC_AUTHORIZED = "oidc.authorized", "A service was told who is signed in.", "client", "scope", "session"
    OIDC_REFUSED = "oidc.refused", "A service was refused.", "client", "reason"
    OIDC_TOKEN_ISSUED = "oidc.token_issued", "A service was handed tokens.", "client", "method"
    OIDC_CODE_REUSED = "oidc.code_reused", "A code was used a second time; its tokens were revoked.", "client"
    OIDC_TOKEN_REUSED = "oidc.token_reused", "A refresh token was used twice; its family was revoked.", "client"
    OIDC_TOKENS_REVOKED = "oidc.tokens_revoked", "Tokens were revoked.", "client", "reason", "rows"
    API_TOKEN_ISSUED = "api.token_issued", "A mobile app was handed tokens.", "client"
    # --- messages
    MESSAGE_DEAD = "message.dead", "A message could not be delivered and was given up.", "kind", "channel", "reason"
    MESSAGE_RESENT = "message.resent", "An officer had a message sent anew.", "kind", "channel", "message"
    PROVIDER_CLOSED = "provider.closed", "A provider of messages was left out for a while.", "key", "reason"
    PROVIDER_OPENED = "provider.opened", "A provider of messages is in use again.", "key"
    # --- officers
    STAFF_ADDED = "staff.added", "An officer was given access.", "role", "approved_by"
    STAFF_CHANGED = "staff.changed", "The role of an officer was changed.", "from_role", "role", "approved_by"
    STAFF_REMOVED = "staff.removed", "An officer lost access.", "reason"
    STAFF_PROPOSED = "staff.proposed", "An officer proposed a change that needs a second one.", "kind", "key"
    STAFF_APPROVED = "staff.approved", "A second officer approved a proposed change.", "kind", "key"
    STAFF_DECLINED = "staff.declined", "A second officer declined a proposed change.", "kind", "key", "reason"
    STAFF_VIEWED = "staff.viewed", "An officer looked at a record.", "kind"
    STAFF_SEARCHED = "staff.searched", "An officer searched.", "kind", "rows"
    STAFF_REVEALED = "staff.revealed", "An officer had a masked value shown.", "field", "reason"
    STAFF_EXPORTED = "staff.exported", "An officer took out a list.", "kind", "rows"
    STAFF_LIMIT_LIFTED = "staff.limit_lifted", "An officer lifted the counters of an address.", "limit", "reason"
    # --- the guard
    LIMIT_REACHED = "limit.reached", "A limit was reached.", "limit", "until"
    ACCESS_REFUSED = "access.refused", "Somebody was not let through.", "permission", "reason", "method"
    SITE_GUARDED = "site.guarded", "The whole site is under attack; codes are longer for a while.", "limit"
    # --- the installation
    KEY_ROTATED = "key.rotated", "A new version of a key is in use.", "key", "version"
    KEY_RETIRED = "key.retired", "An old version of a key was removed.", "key", "version"
    SETTING_CHANGED = "setting.changed", "A setting is not what it was at the last start.", "key"
    IMPORT_FINISHED = "import.finished", "People or companies were imported.", "kind", "rows", "refused"
    IMPORT_USER_ADDED = "import.user_added", "An account was opened by an import.", "kind"
    RETENTION_APPLIED = "retention.applied", "Rows whose time is over were erased.", "kind", "rows"
    BACKUP_MADE = "backup.made", "A backup was made and checked.", "kind"
    BACKUP_RESTORED = "backup.restored", "The installation came back from a backup.", "gap_from", "gap_to"
    SYSTEM_STARTED = "system.started", "A process started.", "kind", "version"
    SYSTEM_STOPPED = "system.stopped", "A process stopped.", "kind", "reason"
