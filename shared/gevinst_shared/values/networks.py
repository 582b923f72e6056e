"""Addresses of the internet that belong to everybody, and those that lead into somebody's house."""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# IANA's registers of special-purpose addresses, as far as nobody out there is reached by them, with the
# addresses for many (224.0.0.0/4) and for later (240.0.0.0/4). Written out, because the library's
# `is_global` counts multicast and translated addresses as public.
_NOT_PUBLIC_4 = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
# Of IPv6 only 2000::/3 is given out; in it: protocols, documentation, and 6to4, which wraps any IPv4 address.
_PUBLIC_6 = IPv6Network("2000::/3")
_NOT_PUBLIC_6 = tuple(IPv6Network(text) for text in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"))
_TRANSLATED = IPv6Network("64:ff9b::/96")


def is_public(address: Address) -> bool:
    """Whether the address is one of the internet's: not ours, a neighbour's, a cloud's, or nobody's.

    An IPv4 address in IPv6 clothes (mapped, or translated by the network) is judged by itself.
    Check: 169.254.169.254 and ::ffff:10.0.0.1 are not, 64:ff9b::808:808 is 8.8.8.8 and is.
    """
    plain = unwrapped(address)
    if isinstance(plain, IPv4Address):
        return not any(plain in network for network in _NOT_PUBLIC_4)
    return plain in _PUBLIC_6 and not any(plain in network for network in _NOT_PUBLIC_6)


def may_be_reached(address: Address, allowed: Iterable[Network] = ()) -> bool:
    """Whether the address is public, or within one of the `allowed` networks."""
    plain = unwrapped(address)
    return is_public(plain) or any(plain.version == one.version and plain in one for one in allowed)


def unwrapped(address: Address) -> Address:
    """The IPv4 address that an IPv6 address stands for, otherwise the address itself."""
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in _TRANSLATED:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address


def read_address(text: str) -> Address:
    """The address of its text; ValueError when it is none. A zone (`fe80::1%eth0`) is taken along."""
    return ip_address(text)


def read_network(text: str) -> Network:
    """The network of `10.20.0.0/16` or of one address; ValueError when it is none or has bits too many."""
    return ip_network(text)
