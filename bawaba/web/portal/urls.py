"""The table of contents of the company's door, in the order of the guide."""

from django.urls import include, path

from bawaba.web.portal import activate, front, home, inbox, pages, register, reset_password

urlpatterns = [
    path("", front.front, name="front"),
    path("company-services/", front.company_services, name="company_services"),
    path("register/", register.register, name="register"),
    path("activate/", activate.activate, name="activate"),
    path("activate/verify/email/", activate.verify_email, name="verify_email"),
    path("activate/verify/mobile/", activate.verify_mobile, name="verify_mobile"),
    path("activate/resend/email/", activate.resend_email, name="resend_email"),
    path("activate/resend/mobile/", activate.resend_mobile, name="resend_mobile"),
    path("activate/correct/", activate.correct_email, name="correct_email"),
    path("activate/leave/", activate.leave, name="leave_activation"),
    path("reset-password/", reset_password.reset_password, name="reset_password"),
    path("home/", home.home, name="home"),
    path("support/", pages.support, name="support"),
    path("guide/", pages.guide, name="guide"),
    path("roles/", pages.roles, name="roles"),
    path("terms/", pages.terms, name="terms"),
    path("privacy/", pages.privacy, name="privacy"),
    path("accessibility/", pages.accessibility, name="accessibility"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/<uuid:message>/", inbox.inbox_mail, name="inbox_mail"),
    path("", include("bawaba.web.portal.account_urls")),
    path("", include("bawaba.web.portal.company_urls")),
]
