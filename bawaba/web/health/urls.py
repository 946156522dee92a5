"""The table of contents of the machines' door; it stands outside the languages."""

from django.urls import path

from bawaba.web.health import metrics, probes

urlpatterns = [
    path("healthz/live", probes.live, name="live"),
    path("healthz/ready", probes.ready, name="ready"),
    path("healthz/courier", probes.courier, name="courier"),
    path("metrics", metrics.metrics, name="metrics"),
]
