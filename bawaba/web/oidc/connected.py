"""The services that a person lets learn who they are, and taking that back."""

from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from bawaba.web.oidc import actions
from bawaba.web.oidc.claims import SCOPES
from bawaba.web.oidc.models import Client
from bawaba.web.ui import notices, session
from bawaba.web.ui.notices import Notice


@session.needed
@require_safe
def connected_services(request: HttpRequest) -> HttpResponse:
    user = session.person(request)
    last = {row["client"]: row["last"] for row in user.authorizations.values("client").annotate(last=Max("began_at"))}
    rows = [
        {
            "consent": consent,
            "learns": [SCOPES[name] for name in consent.client.allowed(consent.scopes.split())],
            "last": last.get(consent.client_id),
        }
        for consent in user.service_consents.select_related("client").order_by("-given_at")
    ]
    return render(request, "oidc/connected.html", {"rows": rows})


@session.needed
@require_POST
def withdraw_service(request: HttpRequest, client_id: str) -> HttpResponse:
    client = get_object_or_404(Client, client_id=client_id)
    actions.withdraw(user=session.person(request), client=client)
    return notices.redirect(reverse("connected_services"), Notice.SERVICE_WITHDRAWN)
