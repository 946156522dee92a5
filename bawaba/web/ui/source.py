"""Where a request comes from: the one reader of forwarding headers.

With no trusted proxy the address is that of the peer and the headers are ignored. With n proxies it is the n-th entry
from the right of X-Forwarded-For, the only one that the outermost of them wrote; whatever stands further left is the
visitor's own word. An address is a hint: no limit rests on it alone.
"""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest

KEY = "bawaba.source"
"""Where the answer is kept in the request's environment. No header can write there: theirs begin with HTTP_."""
_PREFIX = 64


class NoSource(SuspiciousOperation):
    """A request without an address that may be believed: not through the proxies, or with junk in their header."""


def of(request: HttpRequest) -> str:
    """An IPv4 address, or the /64 of an IPv6 address: what a visitor cannot change freely. Raises `NoSource`."""
    if KEY not in request.META:
        request.META[KEY] = _bucket(_address(request))
    source: str = request.META[KEY]
    return source


def neighbourhood(request: HttpRequest) -> str:
    """The /24 or /48 around the source: enough to see an attack in the log, too little to name a person."""
    if KEY not in request.META:
        return ""
    network = ip_network(request.META[KEY])
    return str(network.supernet(new_prefix=24 if network.version == 4 else 48))


def _address(request: HttpRequest) -> IPv4Address | IPv6Address:
    peer = request.META.get("REMOTE_ADDR", "")
    count = settings.BAWABA.proxy_count
    if count == 0:
        return _parse(peer)
    networks = settings.BAWABA.proxy_networks
    if networks and not any(_parse(peer) in ip_network(network) for network in networks):
        raise NoSource("not a trusted proxy")
    entries = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    if len(entries) < count:
        raise NoSource("not through all proxies")
    return _parse(_without_port(entries[-count].strip()))


def _without_port(entry: str) -> str:
    if entry.startswith("["):
        return entry[1:].partition("]")[0]
    return entry.partition(":")[0] if entry.count(":") == 1 else entry


def _parse(text: str) -> IPv4Address | IPv6Address:
    try:
        address = ip_address(text)
    except ValueError as error:
        raise NoSource("not an address") from error
    return address.ipv4_mapped or address if isinstance(address, IPv6Address) else address


def _bucket(address: IPv4Address | IPv6Address) -> str:
    if isinstance(address, IPv4Address):
        return str(address)
    whole = IPv6Address(int(address))  # without a zone: `fe80::1%eth0` and `fe80::1%eth1` are one
    return str(ip_network((whole, _PREFIX), strict=False))
