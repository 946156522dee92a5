"""A running portal for relying parties written by others: it says of itself the address at which it really listens."""

from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from django.conf import settings as live
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests.client import Browser
from tests.page import Page


@pytest.fixture
def portal(transactional_db: None, live_server: LiveServer, settings: Settings) -> str:
    """The origin of the portal, in demo mode: only there addresses without TLS are taken."""
    origin = f"http://localhost:{urlsplit(live_server.url).port}"
    settings.BAWABA = replace(live.BAWABA, origin=origin, demo=True)
    settings.CSRF_TRUSTED_ORIGINS = [origin]
    settings.OAUTH2_PROVIDER = live.OAUTH2_PROVIDER | {
        "OIDC_ISS_ENDPOINT": origin,
        "ALLOWED_REDIRECT_URI_SCHEMES": ["https", "http"],
    }
    return origin


def walk(browser: Browser, url: str) -> Page:
    """Sends the person's browser to an address of the portal that a service gave it."""
    parts = urlsplit(url)
    assert f"{parts.scheme}://{parts.netloc}" == live.BAWABA.origin
    return browser.get(f"{parts.path}?{parts.query}", status=None)
