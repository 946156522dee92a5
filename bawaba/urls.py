"""Where each door begins. Arabic pages have no prefix, English ones stand at the same paths under /en/."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from bawaba.web.ui import csp_reports

handler400 = "bawaba.web.ui.errors.bad_request"
handler403 = "bawaba.web.ui.errors.forbidden"
handler404 = "bawaba.web.ui.errors.not_found"
handler500 = "bawaba.web.ui.errors.server_error"

urlpatterns = [
    path("", include("bawaba.web.health.urls")),
    path(settings.CSP_REPORT_PATH.removeprefix("/"), csp_reports.csp_report, name="csp_report"),
    path("", include("bawaba.web.oidc.urls")),
    *i18n_patterns(
        path("", include("bawaba.web.portal.urls")),
        path("", include("bawaba.web.oidc.page_urls")),
        path("", include("bawaba.web.ui.urls")),
        prefix_default_language=False,
    ),
]
