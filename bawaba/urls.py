"""Where each door begins. Arabic pages have no prefix, English ones stand at the same paths under /en/."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

urlpatterns = i18n_patterns(
    path("", include("bawaba.web.portal.urls")),
    path("", include("bawaba.web.ui.urls")),
    prefix_default_language=False,
)
