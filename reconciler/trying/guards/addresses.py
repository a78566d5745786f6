"""Which addresses a trial may connect to: public ones, and with `--allow-local` those of this machine and its networks."""

from __future__ import annotations

import ipaddress
from enum import StrEnum
from typing import Final, TypeAlias

Address: TypeAlias = "ipaddress.IPv4Address | ipaddress.IPv6Address"


class Reach(StrEnum):
    """Who can be at an address. The value completes the sentence "it is …"."""

    PUBLIC = "a public address"
    LOOPBACK = "a loopback address"
    LINK_LOCAL = "a link-local address"
    PRIVATE = "a private address"
    METADATA = "an address at which a cloud provider gives out credentials"
    OTHER = "not the address of a single server"

    @property
    def is_local(self) -> bool:
        """Whether the address is that of this machine or its networks."""
        return self in {Reach.LOOPBACK, Reach.LINK_LOCAL, Reach.PRIVATE}


_METADATA: Final = frozenset(
    ipaddress.ip_address(text)
    for text in (
        "169.254.169.254",  # AWS, Azure, Google Cloud, Oracle and others
        "169.254.169.253",  # AWS, DNS
        "169.254.170.2",  # AWS, containers
        "169.254.170.23",  # AWS, pods
        "100.100.100.200",  # Alibaba Cloud
        "168.63.129.16",  # Azure, in the public range
        "192.0.0.192",  # Oracle Cloud
        "fd00:ec2::254",  # AWS
        "fd00:ec2::23",  # AWS, pods
        "fd20:ce::254",  # Google Cloud
    )
)
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
_SIX_TO_FOUR: Final = ipaddress.IPv6Network("2002::/16")
_TRANSLATED: Final = tuple(ipaddress.IPv6Network(text) for text in ("::ffff:0:0/96", "::ffff:0:0:0/96", "::/96"))
_PRIVATE: Final = tuple(ipaddress.ip_network(text) for text in ("64:ff9b:1::/48", "100.64.0.0/10", "198.18.0.0/15", "fec0::/10"))
_THIS_HOST: Final = ipaddress.IPv4Network("0.0.0.0/8")
"""Linux connects 0.0.0.0 to this machine."""
_TUNNELS: Final = tuple(ipaddress.IPv6Network(text) for text in ("2001::/32", "5f00::/16", "100::/64"))


def reach_of(text: str) -> Reach:
    """Who can be at this address; OTHER for a string that is not an address."""
    try:
        return _reach(ipaddress.ip_address(text.partition("%")[0]))
    except ValueError:
        return Reach.OTHER


def _reach(address: Address) -> Reach:
    if address in _METADATA:
        return Reach.METADATA
    if address.is_loopback or address in _THIS_HOST or address.is_unspecified:
        return Reach.LOOPBACK
    if isinstance(address, ipaddress.IPv6Address) and (inner := _embedded(address)) is not None:
        return _reach(inner)
    if address.is_multicast or any(address in network for network in _TUNNELS):
        return Reach.OTHER
    if address.is_link_local:
        return Reach.LINK_LOCAL
    if any(address in network for network in _PRIVATE):
        return Reach.PRIVATE
    if address.is_reserved:
        return Reach.OTHER
    return Reach.PUBLIC if address.is_global else Reach.PRIVATE


def _embedded(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that this address leads to."""
    if address in _SIX_TO_FOUR:
        return ipaddress.IPv4Address((int(address) >> 80) & 0xFFFF_FFFF)
    if address in _NAT64 or any(address in network for network in _TRANSLATED):
        return ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)
    return None
