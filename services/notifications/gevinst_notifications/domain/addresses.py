"""Addresses beside those of the web that an organisation may have us send to: of other services, of mail."""

import re
from collections.abc import Sequence

from gevinst_shared.values.networks import Network, may_be_reached, read_address
from gevinst_shared.values.typed_addresses import OWN_NAME, OddAddress

_SERVICE_ADDRESS = re.compile(r"[a-z][a-z0-9+-]{0,30}://[\x21-\x7e]+")
# No name on the internet ends so: whoever resolves it reads an address in one of its odd spellings.
_NUMBER = re.compile(r"(.*\.)?([0-9]+|0x[0-9a-f]*)")


def typed_service(text: str) -> str:
    """The service that an Apprise address such as `tgram://…` names, or `OddAddress`."""
    if not _SERVICE_ADDRESS.fullmatch(text):
        raise OddAddress(pointer="/body/address")
    return text.partition("://")[0]


def is_mail_address_inside(address: str, allowed: Sequence[Network] = ()) -> bool:
    """Whether a mail address names a machine by an address that nobody may write to, or this machine.

    Domains are left to the mail server: inside a house they often lead elsewhere than outside.
    Check: `kari@[10.0.0.7]`, `root@localhost` and `root@127.1` do, `kari@example.no` does not.
    """
    domain = _in_ascii(address.rpartition("@")[2].strip()).lower().removesuffix(".")
    if OWN_NAME.fullmatch(domain):
        return not may_be_reached(read_address("127.0.0.1"), allowed)
    try:
        return not may_be_reached(read_address(domain.strip("[]").removeprefix("ipv6:")), allowed)
    except ValueError:
        return domain.startswith("[") or _NUMBER.fullmatch(domain) is not None


def _in_ascii(domain: str) -> str:
    """The domain as a mail server is told it; itself, when it cannot be told one."""
    try:
        return domain.encode("idna").decode("ascii")
    except UnicodeError:
        return domain
