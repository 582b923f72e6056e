"""Returned mails: reports that a server which had taken a message could not deliver it after all.

Source: RFC 3464 (the report), RFC 3463 (its status codes).
"""

import re
from dataclasses import dataclass
from email import message_from_string, policy
from email.message import Message

from gevinst_shared.values.refusal import Refusal

# RFC 3463: bad or unknown mailbox, moved without a new address, disabled; what a further try cannot mend.
_NO_SUCH_ADDRESS = re.compile(r"\b5\.(?:1\.(?:1|3|6|10)|2\.1)(?![0-9.])")


@dataclass(frozen=True, slots=True)
class Bounce:
    """One recipient whom one message did not reach. `status` is such as 5.1.1; `message_id` has its angle
    brackets."""

    message_id: str
    recipients: frozenset[str]
    status: str
    text: str


class NotABounce(Refusal):
    code = "not-a-bounce"
    title = "This is no report of a returned mail"
    detail = (
        "The text is no report of delivery status (RFC 3464) that names the message. "
        "Send the returned mail as it came."
    )


def is_gone(text: str) -> bool:
    """Whether a mail server's words or a status say that the address does not exist.

    Check: `5.1.1 no such user` does, `5.7.1 spam` and `5.2.2 mailbox full` do not.
    """
    return _NO_SUCH_ADDRESS.search(text) is not None


def read_bounces(report: str) -> tuple[Bounce, ...]:
    """The failures that a returned mail tells of, or `NotABounce`; a report of a mere delay tells of none."""
    try:
        return _read(report)
    except RecursionError as error:  # parts within parts within parts, which no mail server writes
        raise NotABounce from error


def _read(report: str) -> tuple[Bounce, ...]:
    message = message_from_string(report, policy=policy.compat32)
    statuses = [part for part in message.walk() if part.get_content_type() == "message/delivery-status"]
    message_id = _original_id(message)
    if not statuses or message_id is None:
        raise NotABounce
    blocks = [block for part in statuses for block in _blocks(part)]
    return tuple(
        Bounce(message_id, _recipients(block), _line(block, "Status"), _line(block, "Diagnostic-Code"))
        for block in blocks
        if _line(block, "Action").lower() == "failed"
    )


def _blocks(part: "Message[str, str]") -> "list[Message[str, str]]":
    payload = part.get_payload()
    return [block for block in payload if isinstance(block, Message)] if isinstance(payload, list) else []


def _original_id(message: "Message[str, str]") -> str | None:
    """The identity of the message that came back: of its copy, or of its headers alone."""
    for part in message.walk():
        if part.get_content_type() == "text/rfc822-headers":
            headers = message_from_string(str(part.get_payload()), policy=policy.compat32)
            if headers["Message-ID"]:
                return _line(headers, "Message-ID")
        if part is not message and part.get_content_type() != "message/rfc822" and part["Message-ID"]:
            return _line(part, "Message-ID")
    return None


def _recipients(block: "Message[str, str]") -> frozenset[str]:
    named = (_line(block, name).rpartition(";")[2] for name in ("Final-Recipient", "Original-Recipient"))
    return frozenset(one.strip().lower() for one in named if one.strip())


def _line(block: "Message[str, str]", name: str) -> str:
    return " ".join(str(block.get(name, "")).split())
