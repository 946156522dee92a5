"""Two companies that know nothing of each other: who may see what of them, and who may change which of their rows."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Model, Q

from bawaba.domain.accounts.models import User
from bawaba.domain.companies.models import Company, CompanyIdentifier, Delegation, Invitation, Membership
from bawaba.domain.companies.roles import Permission
from tests import people
from tests.client import Browser
from tests.identifiers.numbers import civil_id
from tests.journey import signed_in
from tests.people import Firm, Person

WATCHED = (Company, CompanyIdentifier, Membership, Invitation, Delegation, User)
Row = tuple[type[Model], object]
Rows = dict[Row, dict[str, Any]]


def _colleague(number: int, first_name: str, last_name: str) -> Person:
    number_of_1885 = next(filter(None, (civil_id(date(1885, 4, number), serial) for serial in range(2, 99))))
    return replace(
        people.ahmad,
        first_name=first_name,
        last_name=last_name,
        civil_id=number_of_1885,
        mobile=f"+9655102938{number}",
        email=f"colleague.{number}@example.com",
    )


FIRMS = (
    Firm(cr_number="8273645091", name_ar="شركة السنبوك للتجارة", name_en="Sanbouk Trading Co."),
    Firm(cr_number="9182736450", name_ar="شركة البتيل للتخليص", name_en="Bateel Clearing Co."),
)
ADMINISTRATORS = (_colleague(1, "فهد", "السنبوكي"), _colleague(2, "يوسف", "البتيلي"))
MEMBERS = (_colleague(3, "دلال", "الجالبوتية"), _colleague(4, "لطيفة", "الشوعية"))
EVERYBODY = (*ADMINISTRATORS, *MEMBERS)


def found() -> list[Browser]:
    """Both companies as they begin: an administrator, a submitter, names in two languages, one further number.

    Each has offered the other a delegation and invited its member. The browsers stand in the order of `EVERYBODY`.
    """
    browsers = []
    for firm, person in zip(FIRMS, ADMINISTRATORS, strict=True):
        browsers.append(signed_in(person, firm))
    for firm, colleague, administrator in zip(FIRMS, MEMBERS, tuple(browsers), strict=True):
        browsers.append(signed_in(colleague, firm))
        administrator.get("/company/edit/")
        administrator.submit("حفظ", name_ar=firm.name_ar, name_en=firm.name_en)
        administrator.submit("إضافة", type="import_licence", value=f"IL-{firm.cr_number}")
        administrator.get("/company/requests/")
        administrator.open("الاطلاع واتخاذ القرار")
        administrator.submit("قبول العضو", roles="submitter")
    for browser, other, invited in zip(browsers, FIRMS[::-1], MEMBERS[::-1], strict=False):
        browser.get("/company/delegations/")
        browser.submit("عرض التفويض", cr_number=other.cr_number, services="import-licence")
        browser.get("/company/invitations/")
        browser.submit("إرسال الدعوة", email=invited.email, roles="viewer")
    for browser in browsers:
        browser.get("/join/")  # a page with a form, so with the token that later requests carry
    return browsers


def rows() -> Rows:
    """Everything that may change of companies and people; a company's roster is only a lock."""
    return {(model, each["pk"]): each for model in WATCHED for each in _values(model)}


def _values(model: type[Any]) -> Iterator[dict[str, Any]]:
    for each in model.objects.values("pk", *(field.attname for field in model._meta.concrete_fields)):
        each.pop("roster", None)
        yield each


def managed(user: User) -> set[UUID]:
    acting = Membership.objects.acting().with_permission(Permission.MANAGE)
    return set(acting.filter(user=user).values_list("company", flat=True))


def may_change(row: Row, values: dict[str, Any], user: User, companies: set[UUID]) -> bool:
    """`companies` are those the person managed when the request came."""
    model, key = row
    if model is User:
        return key == user.pk
    if model is Company:
        return key in companies
    sides = {values.get("company_id"), values.get("delegate_id")}
    return bool(sides & companies) or values.get("user_id") == user.pk or values.get("email_key") == user.email_key


def hidden_from(person: Person, user: User) -> set[str]:
    """Everything that no page may show to this person now."""
    hidden, companies = set(), managed(user)
    acting = set(Membership.objects.acting().filter(user=user).values_list("company", flat=True))
    asked = set(Membership.objects.filter(user=user).values_list("company", flat=True))
    invited = set(Invitation.objects.for_user(user).values_list("company", flat=True))
    delegated = set(Delegation.objects.effective().filter(delegate__in=acting).values_list("company", flat=True))
    sides = Delegation.objects.filter(Q(company__in=companies) | Q(delegate__in=companies))
    partners = {side for both in sides.values_list("company", "delegate") for side in both}
    for firm in FIRMS:
        company = Company.objects.get(cr_number=firm.cr_number).pk
        if company not in asked | invited | delegated:
            hidden.add(firm.cr_number)
        if company not in acting | invited | delegated | partners:  # who agrees on a delegation sees with whom
            hidden |= {firm.name_ar, firm.name_en}
        if company not in acting | delegated:
            hidden.add(f"IL-{firm.cr_number}")
    colleagues = set(Membership.objects.filter(company__in=companies).values_list("user__email", flat=True))
    written_to = set(Invitation.objects.filter(company__in=companies).values_list("email", flat=True))
    for other in EVERYBODY:
        if other is not person:
            hidden |= {other.civil_id, other.mobile.removeprefix("+965")}
            hidden |= set() if other.email in colleagues else {other.last_name}
            hidden |= set() if other.email in colleagues | written_to else {other.email}
    return hidden
