"""Which address a limit counts for."""

from dataclasses import replace

import pytest
from django.conf import settings as live
from django.test import Client, RequestFactory
from pytest_django import Settings

from bawaba.web.ui import source


def _of(remote: str = "192.0.2.7", forwarded: str | None = None) -> str:
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    return source.of(RequestFactory().get("/", headers=headers, REMOTE_ADDR=remote))


@pytest.fixture
def proxies(settings: Settings) -> Settings:
    settings.BAWABA = replace(live.BAWABA, proxy_count=2)
    return settings


@pytest.mark.parametrize(
    ("remote", "expected"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
    ],
)
def test_addresses_are_normalised(remote: str, expected: str) -> None:
    assert _of(remote) == expected


def test_without_proxies_the_header_is_only_a_claim() -> None:
    assert _of("192.0.2.7", "203.0.113.9") == "192.0.2.7"


def test_with_proxies_the_address_counts_from_the_right(proxies: Settings) -> None:
    assert _of("10.0.0.1", "198.51.100.1, 203.0.113.9, 10.0.0.2") == "203.0.113.9"
    assert _of("10.0.0.1", "203.0.113.9,10.0.0.2") == "203.0.113.9"


@pytest.mark.parametrize("forwarded", [None, "", "203.0.113.9", "unknown, 10.0.0.2", "203.0.113.9:443, 10.0.0.2"])
def test_request_that_did_not_pass_the_proxies_is_refused(proxies: Settings, forwarded: str | None) -> None:
    with pytest.raises(source.NoSource):
        _of("10.0.0.1", forwarded)


def test_refusal_is_a_bad_request(proxies: Settings) -> None:
    assert Client().get("/captcha/sample/work").status_code == 400
