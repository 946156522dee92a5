"""From where a request comes, for limits and logs: the one place that reads a visitor's address.

With no trusted proxy the forwarding header is somebody's claim and is not read. With n of them the n-th address from
the right is the one that the outermost trusted proxy saw itself; everything to its left is a claim again.
"""

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest


class NoSource(SuspiciousOperation):
    """The request did not come through the proxies that the settings promise; it is answered with 400."""


def of(request: HttpRequest) -> str:
    """The source of a request: an IPv4 address, or the /64 of an IPv6 address. Raises `NoSource`."""
    try:
        return _source(ip_address(_address(request).strip()))
    except ValueError as error:
        raise NoSource("no address of the visitor") from error


def _address(request: HttpRequest) -> str:
    proxies = settings.BAWABA.proxy_count
    if proxies == 0:
        return str(request.META.get("REMOTE_ADDR", ""))
    seen = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",")
    return seen[-proxies] if len(seen) >= proxies else ""


def _source(address: IPv4Address | IPv6Address) -> str:
    if isinstance(address, IPv4Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(IPv6Network((int(address), 64), strict=False))  # as a number, so that no zone (%eth0) comes along
