"""The list of a company's users for the signatory, with the undertaking: one sheet to print and sign."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from bawaba.domain.companies.models import Company, CompanyIdentifier, Membership
from bawaba.infrastructure import clock
from bawaba.web.portal.company import managed


@managed
@require_safe
def user_list(request: HttpRequest, company: Company) -> HttpResponse:
    rows = Membership.objects.filter(company=company, state=Membership.State.ACTIVE).select_related("user")
    code = company.identifiers.filter(type=CompanyIdentifier.Type.CUSTOMS_CODE).first()
    context = {
        "company": company,
        "name": company.name(get_language() or "ar"),
        "code": code.value if code else "",
        "rows": rows.order_by("search_key", "id"),
        "today": clock.now(),
    }
    return render(request, "portal/user_list.html", context)
