"""For whom a signed-in person acts now: one of the companies they belong to, or one that delegated to it.

The session holds the choice; the rights behind it are read from the database at each request, so that a membership,
company or delegation that has ended ends here at once.
"""

from dataclasses import dataclass
from uuid import UUID

from django.http import HttpRequest
from django.utils.functional import cached_property
from django.utils.translation import get_language

from bawaba.domain.accounts.allauth import has_factor
from bawaba.domain.accounts.models import User
from bawaba.domain.catalogue.access import Standing
from bawaba.domain.companies.models import Company, Delegation, Membership
from bawaba.domain.companies.roles import Permission

MEMBERSHIP, DELEGATION = "acting_membership", "acting_delegation"
_HELD, _OWN, _GIVEN = "_bawaba_acting", "_bawaba_memberships", "_bawaba_delegations"


@dataclass(frozen=True)
class Acting:
    """A membership that gives rights now, and the delegation under which its company acts for another, if any."""

    membership: Membership
    delegation: Delegation | None = None

    @property
    def company(self) -> Company:
        """The company in whose name things are done."""
        return self.delegation.company if self.delegation else self.membership.company

    @property
    def ids(self) -> tuple[str, str | None]:
        """How the session holds it."""
        return str(self.membership.pk), str(self.delegation.pk) if self.delegation else None

    @property
    def name(self) -> str:
        return self.company.name(get_language() or "ar")

    @cached_property
    def delegated(self) -> frozenset[str] | None:
        """The services that the delegation covers; None in the own company."""
        if self.delegation is None:
            return None
        return frozenset(self.delegation.services.values_list("code", flat=True))

    @property
    def permissions(self) -> frozenset[Permission]:
        """What the roles allow in the company's name: nobody manages another one under a delegation."""
        own = self.membership.permissions
        return own - {Permission.MANAGE} if self.delegation else own

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions


def of(request: HttpRequest) -> Acting | None:
    """As whom this request acts; None for somebody without a company."""
    if not hasattr(request, _HELD):
        setattr(request, _HELD, _chosen(request))
    held: Acting | None = getattr(request, _HELD)
    return held


def choices(request: HttpRequest) -> list[Acting]:
    """Everything this person can act as: own companies, then those that delegated to them."""
    own = _own(request)
    by_company = {each.company.pk: each.membership for each in own}
    return own + [Acting(by_company[each.delegate_id], each) for each in _given(request)]


def choose(request: HttpRequest, membership: UUID, delegation: UUID | None) -> bool:
    """Remembers the choice. False when this person cannot act so (any more)."""
    user = request.user
    if not isinstance(user, User) or find(user, str(membership), str(delegation) if delegation else None) is None:
        return False
    request.session[MEMBERSHIP] = str(membership)
    request.session[DELEGATION] = str(delegation) if delegation else None
    return True


def standing(request: HttpRequest) -> Standing:
    """What the catalogue asks of a signed-in person."""
    user = request.user
    assert isinstance(user, User)  # noqa: S101 only signed-in pages ask
    return standing_of(user, of(request))


def standing_of(user: User, acting: Acting | None) -> Standing:
    """The same of a person who is not at the keyboard: a service asks with a token."""
    return Standing(
        audience=user.audience,
        has_company=acting is not None,
        permissions=acting.permissions if acting else (),
        company_verified=acting.company.is_verified if acting else False,
        second_factor=has_factor(user),
        delegated=acting.delegated if acting else None,
    )


def find(user: User, membership: str, delegation: str | None) -> Acting | None:
    """This person acting so, with the ids of a choice made earlier; None when it gives no rights any more."""
    own = Membership.objects.acting().filter(user=user, id=membership).select_related("company").first()
    if own is None or not delegation:
        return Acting(own) if own else None
    given = Delegation.objects.effective().filter(id=delegation, delegate=own.company).select_related("company").first()
    return Acting(own, given) if given else None


def _chosen(request: HttpRequest) -> Acting | None:
    """The choice that the session holds; the first own company where there is none or it gives no rights any more."""
    own = _own(request)
    choice = request.session.get(MEMBERSHIP), request.session.get(DELEGATION)
    possible = choices(request) if choice[1] else own
    return next((each for each in possible if each.ids == choice), own[0] if own else None)


# Every page of somebody signed in draws all choices and stands for one of them: both are read once for a request.


def _own(request: HttpRequest) -> list[Acting]:
    user = request.user
    if not isinstance(user, User):
        return []
    if not hasattr(request, _OWN):
        rows = Membership.objects.acting().filter(user=user).select_related("company").order_by("created_at")
        setattr(request, _OWN, [Acting(each) for each in rows])
    own: list[Acting] = getattr(request, _OWN)
    return own


def _given(request: HttpRequest) -> list[Delegation]:
    if not hasattr(request, _GIVEN):
        delegates = [each.company.pk for each in _own(request)]
        rows = Delegation.objects.effective().filter(delegate__in=delegates).select_related("company")
        setattr(request, _GIVEN, list(rows.order_by("created_at")))
    given: list[Delegation] = getattr(request, _GIVEN)
    return given
