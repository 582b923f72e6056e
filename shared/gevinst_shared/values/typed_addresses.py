"""Addresses that people have us call: the internet, and their own networks once these are allowed.

What is checked here is what is typed. What is called is checked again at each call (`http.outside`),
because a name may lead elsewhere by then.
"""

import re
from collections.abc import Sequence

from gevinst_shared.values.networks import Address, Network, is_public, may_be_reached, read_address
from gevinst_shared.values.refusal import Refusal
from gevinst_shared.values.web_address import OddWebAddressError, WebAddress, web_address

# Names of this machine: RFC 6761, and what systems write into their own lists.
OWN_NAME = re.compile(r"(.+\.)?localhost|(ip6-)?localhost[46]?(\.localdomain[46]?)?|ip6-loopback")


class OddAddress(Refusal):
    code = "odd-address"
    title = "Not an address that can be written to"
    detail = "Write it as https://host/path, without a user name, password, fragment or spaces."


class AddressNotEncrypted(Refusal):
    code = "address-not-encrypted"
    title = "The address is not encrypted"
    detail = "Use https. Plain http is only for a network of yours that an administrator has allowed."


class AddressNotPublic(Refusal):
    code = "address-not-public"
    title = "The address is not public"
    detail = "{host} leads to an address that is not on the internet. An administrator can allow its network."


class OddNetwork(Refusal):
    code = "odd-network"
    title = "Not a network"
    detail = "Write it with its length, such as 10.20.0.0/16 or fd12:3456::/32, or as one address."


def allowed_address(text: str, found: Sequence[Address], allowed: Sequence[Network]) -> WebAddress:
    """The address that was typed, or why nothing may be sent there.

    `found` is every address that its host has at the moment, none when it has no name yet. `allowed` are
    the organisation's own networks.
    """
    address = typed_address(text)
    found = found or _always_found(address.host)
    if not all(may_be_reached(one, allowed) for one in found):
        raise AddressNotPublic(host=address.host, pointer="/body/address")
    is_inside = bool(found) and not any(is_public(one) for one in found)
    if not address.is_encrypted and not is_inside:
        raise AddressNotEncrypted(pointer="/body/address")
    return address


def typed_address(text: str) -> WebAddress:
    """The web address that was typed, or `OddAddress`."""
    try:
        return web_address(text)
    except OddWebAddressError as error:
        raise OddAddress(pointer="/body/address") from error


def _always_found(host: str) -> Sequence[Address]:
    """What a host is wherever it is asked for, also where no resolver says so today."""
    name = host.removesuffix(".")
    try:
        return [read_address("127.0.0.1" if OWN_NAME.fullmatch(name) else name)]
    except ValueError:
        return []
