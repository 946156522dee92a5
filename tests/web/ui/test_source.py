"""RT-12, RT-13: which address counts, and that no header of a visitor changes it."""

from dataclasses import replace
from ipaddress import IPv6Address
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from bawaba.web.ui import source

FORGERIES = {
    "HTTP_X_FORWARDED_FOR": "203.0.113.9",
    "HTTP_X_REAL_IP": "203.0.113.9",
    "HTTP_FORWARDED": "for=203.0.113.9",
    "HTTP_CLIENT_IP": "203.0.113.9",
    "HTTP_TRUE_CLIENT_IP": "203.0.113.9",
    "HTTP_CF_CONNECTING_IP": "203.0.113.9",
    "HTTP_X_CLUSTER_CLIENT_IP": "203.0.113.9",
    "HTTP_BAWABA_SOURCE": "203.0.113.9",
}


def request(peer: str, **headers: Any) -> HttpRequest:
    return RequestFactory().get("/", REMOTE_ADDR=peer, **headers)


def behind(settings: Settings, count: int, *networks: str) -> None:
    settings.BAWABA = replace(settings.BAWABA, proxy_count=count, proxy_networks=networks)


@pytest.mark.parametrize(
    ("peer", "expected"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("::FFFF:C633:6407", "198.51.100.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:DB8:0001:0002::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
    ],
)
def test_one_source_however_it_is_written(peer: str, expected: str) -> None:
    assert source.of(request(peer)) == expected


@given(st.integers(0, 2**64 - 1), st.integers(0, 2**64 - 1))
def test_all_addresses_of_a_household_are_one_source(one: int, other: int) -> None:
    network = 0x20010DB8_00010002 << 64
    first, second = (str(IPv6Address(network + low)) for low in (one, other))
    assert source.of(request(first)) == source.of(request(second))


@pytest.mark.parametrize("peer", ["", "unix:", "localhost", "198.51.100", "198.51.100.7:80", "1.2.3.4, 5.6.7.8", "٣"])
def test_junk_is_refused(peer: str) -> None:
    with pytest.raises(source.NoSource):
        source.of(request(peer))


@pytest.mark.parametrize("name", FORGERIES)
def test_without_proxies_no_header_is_believed(name: str) -> None:
    assert source.of(request("198.51.100.7", **{name: FORGERIES[name]})) == "198.51.100.7"


@pytest.mark.parametrize(
    ("count", "header", "expected"),
    [
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "6.6.6.6, 203.0.113.9", "203.0.113.9"),
        (1, "junk, 203.0.113.9", "203.0.113.9"),
        (2, "6.6.6.6, 203.0.113.9, 10.0.0.1", "203.0.113.9"),
        (1, "203.0.113.9:4711", "203.0.113.9"),
        (1, "[2001:db8::1]:4711", "2001:db8::/64"),
        (1, "::ffff:203.0.113.9", "203.0.113.9"),
    ],
)
def test_with_proxies_the_entry_of_the_outermost_one_counts(
    settings: Settings, count: int, header: str, expected: str
) -> None:
    behind(settings, count)
    assert source.of(request("10.0.0.1", HTTP_X_FORWARDED_FOR=header)) == expected


@pytest.mark.parametrize("header", ["", "203.0.113.9", "a, b", "unknown, 10.0.0.1", "_x, 10.0.0.1"])
def test_who_did_not_come_through_all_proxies_is_refused(settings: Settings, header: str) -> None:
    behind(settings, 2)
    with pytest.raises(source.NoSource):
        source.of(request("10.0.0.1", HTTP_X_FORWARDED_FOR=header))


def test_only_peers_of_the_proxies_networks_are_believed(settings: Settings) -> None:
    behind(settings, 1, "10.0.0.0/8", "fd00::/8")
    assert source.of(request("10.1.2.3", HTTP_X_FORWARDED_FOR="203.0.113.9")) == "203.0.113.9"
    assert source.of(request("fd00::1", HTTP_X_FORWARDED_FOR="203.0.113.9")) == "203.0.113.9"
    with pytest.raises(source.NoSource):
        source.of(request("198.51.100.7", HTTP_X_FORWARDED_FOR="203.0.113.9"))


def test_the_source_is_worked_out_once(settings: Settings) -> None:
    asked = request("198.51.100.7")
    source.of(asked)
    behind(settings, 3)
    assert source.of(asked) == "198.51.100.7"
