"""Pages of a company's members, of any number at the same cost: each begins after the last row of the one before it."""

from typing import NamedTuple
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest

from bawaba.domain.companies.models import Company, Membership

LENGTH = 25


class Page(NamedTuple):
    """`next` is the row after which the next page begins, None on the last one."""

    rows: list[Membership]
    next: UUID | None
    is_first: bool


def page(request: HttpRequest, company: Company, rows: QuerySet[Membership], *, by: str) -> Page:
    """Those that the address asks for, in the order of the field `by`: none is skipped and none is read in vain.

    The last row of the page before may have left `rows` meanwhile: its place still counts.
    """
    last = _last_seen(request, company)
    if last is not None:
        place = getattr(last, by)
        rows = rows.filter(**{f"{by}__gte": place}).exclude(**{by: place, "id__lte": last.id})
    found = list(rows.order_by(by, "id")[: LENGTH + 1])
    return Page(found[:LENGTH], found[LENGTH - 1].id if len(found) > LENGTH else None, last is None)


def _last_seen(request: HttpRequest, company: Company) -> Membership | None:
    try:
        mark = UUID(request.GET.get("after", ""))
    except ValueError:
        return None
    return Membership.objects.filter(id=mark, company=company).first()
