"""The one door to addresses that a person typed: resolve, refuse what is inside, pin, connect.

Source: OWASP SSRF prevention: judge the resolved address, not the name, and connect to that very
address so that a second answer of the name server changes nothing.
"""

from __future__ import annotations

import ipaddress
import os
import socket
from dataclasses import dataclass

from esmero.kernel.errors import Refusal

# 169.254.169.254 and its like stay refused even where private addresses are allowed.
# Source: the metadata services of AWS over IPv6 and of Alibaba Cloud are not link-local.
_METADATA = frozenset(ipaddress.ip_address(a) for a in ("fd00:ec2::254", "100.100.100.200"))
# Source: RFC 6052, 2.1 and RFC 8215: behind these an IPv4 address is dialled.
_NAT64 = tuple(ipaddress.ip_network(n) for n in ("64:ff9b::/96", "64:ff9b:1::/48"))
_ALLOW_PRIVATE = "ESMERO_ALLOW_PRIVATE_HOSTS"


_Ip = ipaddress.IPv4Address | ipaddress.IPv6Address


class HostRefused(Refusal):
    """The host leads to an address that nobody outside may make us call."""

    code = "host_refused"


class HostUnknown(Refusal):
    """The name does not resolve."""

    code = "host_unknown"


@dataclass(frozen=True, slots=True)
class Pinned:
    """A host with the address that was judged."""

    host: str
    address: str
    port: int


def is_private_allowed() -> bool:
    """Say whether this deployment lets mail servers live on private or loopback addresses."""
    return os.environ.get(_ALLOW_PRIVATE, "").lower() in {"1", "true", "yes"}


def is_dialable(address: str, *, allow_private: bool = False) -> bool:
    """Say whether an address may be dialled: global unicast (or private where allowed)."""
    ip = _inner(ipaddress.ip_address(address))
    if ip in _METADATA:
        return False
    if ip.is_link_local or ip.is_multicast or ip.is_unspecified or ip.is_reserved:
        return False
    return ip.is_global or allow_private or is_private_allowed()


def is_outside(address: str) -> bool:
    """Say whether an address is global unicast, whatever this deployment allows its mail."""
    return is_dialable(address) and _inner(ipaddress.ip_address(address)).is_global


def _inner(ip: _Ip) -> _Ip:
    """Return the IPv4 address that an IPv6 address stands for: mapped, 6to4 or translated."""
    if isinstance(ip, ipaddress.IPv4Address):
        return ip
    if any(ip in network for network in _NAT64):
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or ip


def pin(host: str, port: int, *, allow_private: bool = False) -> Pinned:
    """Resolve and judge. Raises HostUnknown or HostRefused.

    `allow_private` is for what somebody with a shell on this machine configured (a mail server on
    the same host); what comes through a page never has it.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise HostUnknown(host=host) from None
    addresses = [str(entry[4][0]) for entry in found]
    # One bad answer condemns the name: a mixed answer is how rebinding is tried.
    if not addresses or not all(is_dialable(a, allow_private=allow_private) for a in addresses):
        raise HostRefused(host=host)
    return Pinned(host=host, address=addresses[0], port=port)


def connect(host: str, port: int, *, timeout: float, allow_private: bool = False) -> socket.socket:
    """Open a TCP connection to a judged address. Raises HostUnknown, HostRefused or OSError."""
    pinned = pin(host, port, allow_private=allow_private)
    return socket.create_connection((pinned.address, pinned.port), timeout=timeout)
