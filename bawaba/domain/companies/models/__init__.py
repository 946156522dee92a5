"""The records about companies and who acts for them, one module for each noun."""

from bawaba.domain.companies.models.company import SOON, TYPE_NAMES, Company, CompanyIdentifier, LegalForm
from bawaba.domain.companies.models.delegation import DelegatedService, Delegation
from bawaba.domain.companies.models.invitation import Invitation
from bawaba.domain.companies.models.membership import Membership
from bawaba.domain.companies.models.recovery import Recovery
from bawaba.domain.companies.models.register import RegisterEntry
from bawaba.domain.companies.models.trail import Change

__all__ = [
    "SOON",
    "TYPE_NAMES",
    "Change",
    "Company",
    "CompanyIdentifier",
    "DelegatedService",
    "Delegation",
    "Invitation",
    "LegalForm",
    "Membership",
    "Recovery",
    "RegisterEntry",
]
