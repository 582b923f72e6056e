"""Where an organisation may have us send to: the internet, and its own networks once it has allowed them.

What is checked here is what is typed. What is called is checked again at each call (`http.outside`),
because a name may lead elsewhere by then.
"""

import re
from collections.abc import Sequence

from gevinst_shared.values.networks import Address, Network, is_public, may_be_reached, read_address
from gevinst_shared.values.refusal import Refusal
from gevinst_shared.values.web_address import OddWebAddressError, WebAddress, web_address

_SERVICE_ADDRESS = re.compile(r"[a-z][a-z0-9+-]{0,30}://[\x21-\x7e]+")
# Names of this machine: RFC 6761, and what systems write into their own lists.
_OWN_NAME = re.compile(r"(.+\.)?localhost|(ip6-)?localhost[46]?(\.localdomain[46]?)?|ip6-loopback")
# No name on the internet ends so: whoever resolves it reads an address in one of its odd spellings.
_NUMBER = re.compile(r"(.*\.)?([0-9]+|0x[0-9a-f]*)")


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
        raise AddressNotPublic(host=address.host, pointer="/address")
    is_inside = bool(found) and not any(is_public(one) for one in found)
    if not address.is_encrypted and not is_inside:
        raise AddressNotEncrypted(pointer="/address")
    return address


def typed_address(text: str) -> WebAddress:
    """The web address that was typed, or `OddAddress`."""
    try:
        return web_address(text)
    except OddWebAddressError as error:
        raise OddAddress(pointer="/address") from error


def typed_service(text: str) -> str:
    """The service that an Apprise address such as `tgram://…` names, or `OddAddress`."""
    if not _SERVICE_ADDRESS.fullmatch(text):
        raise OddAddress(pointer="/address")
    return text.partition("://")[0]


def is_mail_address_inside(address: str, allowed: Sequence[Network] = ()) -> bool:
    """Whether a mail address names a machine by an address that nobody may write to, or this machine.

    Domains are left to the mail server: inside a house they often lead elsewhere than outside.
    Check: `kari@[10.0.0.7]`, `root@localhost` and `root@127.1` do, `kari@example.no` does not.
    """
    domain = _in_ascii(address.rpartition("@")[2].strip()).lower().removesuffix(".")
    if _OWN_NAME.fullmatch(domain):
        return not may_be_reached(read_address("127.0.0.1"), allowed)
    try:
        return not may_be_reached(read_address(domain.strip("[]").removeprefix("ipv6:")), allowed)
    except ValueError:
        return domain.startswith("[") or _NUMBER.fullmatch(domain) is not None


def _always_found(host: str) -> Sequence[Address]:
    """What a host is wherever it is asked for, also where no resolver says so today."""
    name = host.removesuffix(".")
    try:
        return [read_address("127.0.0.1" if _OWN_NAME.fullmatch(name) else name)]
    except ValueError:
        return []


def _in_ascii(domain: str) -> str:
    """The domain as a mail server is told it; itself, when it cannot be told one."""
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        return domain
