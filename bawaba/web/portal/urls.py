"""The table of contents of the company's door, in the order of the guide."""

from django.urls import include, path

from bawaba.web.portal import front, inbox, pages

urlpatterns = [
    path("", front.front, name="front"),
    path("company-services/", front.company_services, name="company_services"),
    path("support/", pages.support, name="support"),
    path("guide/", pages.guide, name="guide"),
    path("roles/", pages.roles, name="roles"),
    path("terms/", pages.terms, name="terms"),
    path("privacy/", pages.privacy, name="privacy"),
    path("accessibility/", pages.accessibility, name="accessibility"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/<uuid:message>/", inbox.inbox_mail, name="inbox_mail"),
    path("", include("bawaba.web.portal.account_urls")),
]
