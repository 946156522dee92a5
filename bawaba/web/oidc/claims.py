"""What a service may learn, by scope. Read when the service asks, so that a role taken away is gone at once."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from bawaba.domain.companies.models import Company
from bawaba.domain.companies.roles import Permission
from bawaba.web.oidc import rights
from bawaba.web.oidc.models import Authorization
from bawaba.web.ui.acting import Acting

SCOPES: dict[str, Promise] = {
    "openid": _("That it is you, by a number that means nothing elsewhere"),
    "profile": _("Your name and the language you use"),
    "email": _("Your e-mail"),
    "phone": _("Your mobile number"),
    "company": _("The company you act for, your roles in it and what they allow"),
}
CLAIMS: dict[str, str] = {
    "sub": "openid",
    "name": "profile",
    "given_name": "profile",
    "family_name": "profile",
    "locale": "profile",
    "email": "email",
    "email_verified": "email",
    "phone_number": "phone",
    "phone_number_verified": "phone",
    "company": "company",
    "roles": "company",
    "permissions": "company",
    "delegate": "company",
}


def of(authorization: Authorization, scopes: list[str]) -> dict[str, Any]:
    """The claims that these scopes allow; what is not known is left out."""
    known = _person(authorization) | _company(rights.acting_in(authorization))
    return {name: value for name, value in known.items() if CLAIMS[name] in scopes and value != ""}


def _person(authorization: Authorization) -> dict[str, Any]:
    user = authorization.user
    facts: dict[str, Any] = {
        "sub": str(user.pk),
        "name": user.full_name,
        "given_name": user.first_name,
        "family_name": user.last_name,
        "locale": user.language,
        "email": user.email,
        "email_verified": True,  # nobody has an account before the e-mail is proven
    }
    if user.mobile:
        facts |= {"phone_number": user.mobile, "phone_number_verified": user.mobile_proven_at is not None}
    return facts


def _company(acting: Acting | None) -> dict[str, Any]:
    """Under a delegation `company` is the one in whose name things are done, `delegate` the person's own."""
    if acting is None:
        return {}
    membership = acting.membership
    facts: dict[str, Any] = {
        "company": _facts(acting.company),
        "roles": [str(role) for role in membership.role_list],
        "permissions": [str(each) for each in Permission if acting.may(each)],
    }
    return facts | {"delegate": _facts(membership.company)} if acting.delegation else facts


def _facts(company: Company) -> dict[str, str]:
    return {
        "cr_number": company.cr_number,
        "name_ar": company.name_ar,
        "name_en": company.name_en,
        "status": str(company.status),
    }
