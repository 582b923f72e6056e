"""`python -m gevinst_notifications.clients.apprise_child`: hand one message to Apprise, and say how it went.

A process of its own for each message, because Apprise opens whatever address it is given, blocks while it
sends, and tells a mistake from a refusal only in its log. Reads one JSON object from standard input:
`address`, `title`, `text`, `allowed` (networks). Writes one: `outcome`, `text`. Whatever tries to connect in
here, in whichever library, gets no further than to addresses that are public or allowed.
"""

import json
import socket
import sys
from collections.abc import Sequence
from typing import Any

from gevinst_shared.values.networks import Network, may_be_reached, read_address, read_network

_INTERNET = {socket.AF_INET, socket.AF_INET6}
_CALLS = {"socket.connect", "socket.sendto", "socket.sendmsg"}
_STARTS = {"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn"}


class NotPublicError(OSError):
    """Somebody wanted to connect to where nobody may."""


def guard(allowed: Sequence[Network]) -> list[str]:
    """From here on this process connects nowhere but to public and allowed addresses, and starts no other.

    Cannot be undone. What was refused is added to the list that comes back.
    """
    refused: list[str] = []

    def look(event: str, arguments: tuple[Any, ...]) -> None:
        is_call = event in _CALLS and not may_call(arguments[0], arguments[1], allowed)
        if is_call or event in _STARTS:
            refused.append(event)
            raise NotPublicError("not an address on the internet")

    sys.addaudithook(look)
    return refused


def may_call(caller: socket.socket, address: object, allowed: Sequence[Network]) -> bool:
    """Whether the address is one of the internet that may be reached.

    A name is not: it would be resolved where nobody looks. None is the other end of a connected socket.
    """
    if caller.family not in _INTERNET:
        return False
    if address is None:
        return True
    try:
        return may_be_reached(read_address(address[0]), allowed)  # type: ignore[index]
    except (TypeError, ValueError, IndexError):
        return False


def notify(address: str, title: str, text: str) -> dict[str, str]:
    """Send with Apprise, whose loggers are silenced: they would write the address, which is a secret."""
    import apprise  # noqa: PLC0415 - an optional extra, loaded behind the guard

    sender = apprise.Apprise()
    if not sender.add(address):
        return {"outcome": "permanent-failure", "text": "Apprise does not know this kind of address"}
    is_sent = sender.notify(body=text, title=title, body_format=apprise.NotifyFormat.TEXT)
    if is_sent:
        return {"outcome": "accepted", "text": ""}
    return {"outcome": "temporary-failure", "text": "the service did not take it"}


def main() -> None:
    asked = json.load(sys.stdin)
    refused = guard([read_network(network) for network in asked["allowed"]])
    said = notify(asked["address"], asked["title"], asked["text"])
    if refused and said["outcome"] != "accepted":
        said = {"outcome": "permanent-failure", "text": "the service leads to an address that is not public"}
    json.dump(said, sys.stdout)


if __name__ == "__main__":
    main()
