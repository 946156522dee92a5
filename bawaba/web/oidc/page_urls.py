"""The pages of the services' door that people read."""

from django.urls import path

from bawaba.web.oidc import connected, consent, sign_out

urlpatterns = [
    path("consent/", consent.consent, name="consent"),
    path("connected-services/", connected.connected_services, name="connected_services"),
    path("connected-services/<slug:client_id>/withdraw/", connected.withdraw_service, name="withdraw_service"),
    path("sign-out/service/", sign_out.service_sign_out, name="service_sign_out"),
]
