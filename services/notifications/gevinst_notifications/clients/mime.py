"""A mail as it goes over the wire: headers and the two twins.

Written out here (RFC 5322, 2045 to 2047, 2387), since the standard library's message objects take longer for
one mail than everything else about it together; the tests read it back with the library's parser.
"""

import re
from base64 import encodebytes
from binascii import b2a_qp
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.header import Header
from email.headerregistry import Address
from email.utils import format_datetime

from gevinst_notifications.clients.mail_texts import MailContent, Picture
from gevinst_notifications.domain.wording import one_line

_EOL = "\r\n"
_LONGEST_WORDS = 60
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]*")
_DOT_ATOM = re.compile(r"[a-z0-9_+-]+(\.[a-z0-9_+-]+)*@[a-z0-9-]+(\.[a-z0-9-]+)*", re.IGNORECASE)


class AddressError(ValueError):
    """A mail address that cannot be written to."""


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail to hand over: the two addresses, and the message with CRLF, in ASCII."""

    sender: str
    recipient: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who writes to whom, and the identities that make retries and threads recognisable.

    `message_id` and `thread_id` are in angle brackets; `list_id` is a host name such as
    `notices.example.no`. `may_be_duplicate` marks the repetition of an attempt whose answer was lost.
    `leave` is the address at which one stops such mails with one click (RFC 8058).
    """

    sender: str
    sender_name: str
    recipient: str
    recipient_name: str
    message_id: str
    thread_id: str
    list_id: str
    sent_at: datetime
    may_be_duplicate: bool = False
    leave: str | None = None


def composed(content: MailContent, envelope: Envelope) -> Mail:
    """The mail to send. `AddressError` when sender or recipient is no address.

    No value can start a header of its own: names and the subject are cut to one line, addresses refused.
    """
    sender, recipient = _address(envelope.sender), _address(envelope.recipient)
    # Nothing in quoted-printable or base64 looks like it: an equals sign is followed by two digits there.
    boundary = "=_twins"
    headers = (
        f"From: {_mailbox(envelope.sender_name, sender)}",
        f"To: {_mailbox(envelope.recipient_name, recipient)}",
        f"Subject: {_words(one_line(content.subject))}",
        f"Date: {format_datetime(envelope.sent_at)}",
        *_identities(envelope),
        "MIME-Version: 1.0",
        f'Content-Type: multipart/alternative; boundary="{boundary}"',
        f"Content-Language: {content.language.value}",
    )
    plain, html = _text("plain", content.text), _text("html", content.html)
    if content.picture is not None:
        html = _with_picture(html, content.picture)
    head = _EOL.join(headers).encode("ascii") + b"\r\n\r\n"
    return Mail(sender, recipient, head + _parts(boundary, plain, html))


def _identities(envelope: Envelope) -> Iterator[str]:
    """What retries, threads, lists and automatic answers are recognised by."""
    yield f"Message-ID: {one_line(envelope.message_id)}"
    yield f"In-Reply-To: {one_line(envelope.thread_id)}"
    yield f"References: {one_line(envelope.thread_id)}"
    yield f"List-Id: <{one_line(envelope.list_id)}>"
    yield "Auto-Submitted: auto-generated"
    # Out-of-office replies of Exchange heed this one.
    yield "X-Auto-Response-Suppress: All"
    if envelope.may_be_duplicate:
        yield "Gevinst-Possible-Duplicate: yes"
    if envelope.leave is not None:
        yield f"List-Unsubscribe: <{one_line(envelope.leave)}>"
        # RFC 8058: one click only where nobody can listen or answer in between.
        if envelope.leave.startswith("https://"):
            yield "List-Unsubscribe-Post: List-Unsubscribe=One-Click"


def _text(subtype: str, text: str) -> bytes:
    """A part with its headers. Quoted-printable: not every relay speaks 8BITMIME, nor takes long lines."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n") + "\n"
    return (
        f'Content-Type: text/{subtype}; charset="utf-8"\r\n'
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    ).encode() + b2a_qp(lines.replace("\n", _EOL).encode())


def _with_picture(html: bytes, picture: Picture) -> bytes:
    """The HTML together with the picture, to be shown where it is named and not as an attachment."""
    boundary = "=_shown"
    png = (
        "Content-Type: image/png\r\n"
        "Content-Transfer-Encoding: base64\r\n"
        f"Content-ID: <{picture.cid}>\r\n"
        'Content-Disposition: inline; filename="plot.png"\r\n\r\n'
    ).encode("ascii") + encodebytes(picture.png).replace(b"\n", b"\r\n")
    head = f'Content-Type: multipart/related; type="text/html"; boundary="{boundary}"\r\n\r\n'
    return head.encode("ascii") + _parts(boundary, html, png)


def _parts(boundary: str, *parts: bytes) -> bytes:
    line = f"--{boundary}".encode("ascii")
    return b"".join(line + b"\r\n" + part + b"\r\n" for part in parts) + line + b"--\r\n"


def _mailbox(name: str, address: str) -> str:
    name = one_line(name)
    if not name:
        return address
    if not _is_plain(name):
        return f"{_words(name)} <{address}>"
    quoted = name if _ATOMS.fullmatch(name) else '"' + re.sub(r'(["\\])', r"\\\1", name) + '"'
    return f"{quoted} <{address}>"


def _words(text: str) -> str:
    """One line of text as a header has it: as it is when it is plain, else in encoded words (RFC 2047)."""
    return text if _is_plain(text) else Header(text, "utf-8", maxlinelen=_LONGEST_WORDS).encode(linesep=_EOL)


def _is_plain(text: str) -> bool:
    return text.isascii() and "=?" not in text and len(text) <= _LONGEST_WORDS


def _address(address: str) -> str:
    """The address in ASCII."""
    if address != one_line(address) or "@" not in address:
        raise AddressError("a mail address has one @ and no line break")
    local, _, domain = address.rpartition("@")
    try:
        found = f"{local}@{domain.encode('idna').decode('ascii')}"
        local.encode("ascii")
        return found if _DOT_ATOM.fullmatch(found) else Address(addr_spec=found).addr_spec
    except (MessageError, UnicodeError, ValueError, IndexError) as error:
        raise AddressError("not a mail address that can be written to") from error
