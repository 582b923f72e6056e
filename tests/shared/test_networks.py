"""Which addresses are the internet's, and which lead into a house (OWASP API7: server-side requests)."""

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gevinst_shared.values.networks import is_public, may_be_reached, read_address, read_network, unwrapped

INSIDE = [
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.8",
    "192.168.1.1",
    "198.18.0.1",
    "203.0.113.9",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "fd00:ec2::254",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::a00:1",
    "2002:7f00:1::",
    "2001::1",
    "2001:db8::1",
    "3fff::1",
    "5f00::1",
]
OUTSIDE = [
    "8.8.8.8",
    "172.32.0.1",
    "193.156.10.10",
    "64:ff9b::808:808",
    "::ffff:8.8.8.8",
    "2a00:1450:4005::1",
]


@pytest.mark.parametrize("text", INSIDE)
def test_an_address_that_leads_into_a_house_is_not_public(text: str) -> None:
    assert not is_public(read_address(text))


@pytest.mark.parametrize("text", OUTSIDE)
def test_an_address_of_the_internet_is_public(text: str) -> None:
    assert is_public(read_address(text))


@given(st.ip_addresses(v=4))
def test_what_the_library_calls_private_is_never_public(address: IPv4Address) -> None:
    assert not (address.is_private or address.is_multicast or address.is_reserved) or not is_public(address)


@given(st.ip_addresses(v=4))
def test_an_address_in_other_clothes_is_judged_as_itself(address: IPv4Address) -> None:
    mapped = IPv6Address(f"::ffff:{address}")

    assert unwrapped(mapped) == address
    assert is_public(mapped) == is_public(address)


def test_a_network_that_was_allowed_can_be_reached_and_no_other() -> None:
    allowed = [read_network("10.20.0.0/16"), read_network("fd00::/8")]

    assert may_be_reached(read_address("10.20.3.4"), allowed)
    assert may_be_reached(read_address("::ffff:10.20.3.4"), allowed)
    assert may_be_reached(read_address("fd00::7"), allowed)
    assert not may_be_reached(read_address("10.21.0.1"), allowed)
    assert not may_be_reached(read_address("127.0.0.1"), allowed)
    assert may_be_reached(read_address("8.8.8.8"))
