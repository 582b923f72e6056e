"""A mail as it goes over the wire: headers and the two twins."""

from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

from gevinst_notifications.clients.mail_texts import MailContent, Picture
from gevinst_notifications.domain.wording import one_line

# 7bit: not every relay speaks 8BITMIME, so letters such as æ travel encoded.
_WIRE = policy.SMTP.clone(cte_type="7bit")


class AddressError(ValueError):
    """A mail address that cannot be written to."""


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


def composed(content: MailContent, envelope: Envelope) -> EmailMessage:
    """The message to send. `AddressError` when sender or recipient is no address.

    No value can start a header of its own: names and the subject are cut to one line, addresses refused.
    """
    message = EmailMessage(policy=_WIRE)
    message["From"] = _address(envelope.sender, envelope.sender_name)
    message["To"] = _address(envelope.recipient, envelope.recipient_name)
    message["Subject"] = one_line(content.subject)
    message["Date"] = format_datetime(envelope.sent_at)
    message["Message-ID"] = one_line(envelope.message_id)
    message["In-Reply-To"] = one_line(envelope.thread_id)
    message["References"] = one_line(envelope.thread_id)
    message["List-Id"] = f"<{one_line(envelope.list_id)}>"
    message["Auto-Submitted"] = "auto-generated"
    # Out-of-office replies of Exchange heed this one.
    message["X-Auto-Response-Suppress"] = "All"
    if envelope.may_be_duplicate:
        message["Gevinst-Possible-Duplicate"] = "yes"
    if envelope.leave is not None:
        message["List-Unsubscribe"] = f"<{one_line(envelope.leave)}>"
        # RFC 8058: one click only where nobody can listen or answer in between.
        if envelope.leave.startswith("https://"):
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(content.text)
    message.add_alternative(content.html, subtype="html")
    if content.picture is not None:
        _attach(message, content.picture)
    # Last: the library moves an earlier Content- header into the first part.
    message["Content-Language"] = content.language.value
    return message


def _attach(message: EmailMessage, picture: Picture) -> None:
    """The picture inside the HTML twin, to be shown where it is named and not as an attachment."""
    html = message.get_body(("html",))
    assert isinstance(html, EmailMessage)
    html.add_related(
        picture.png,
        "image",
        "png",
        cid=f"<{picture.cid}>",
        disposition="inline",
        filename="plot.png",
    )


def _address(address: str, name: str) -> Address:
    if address != one_line(address) or "@" not in address:
        raise AddressError("a mail address has one @ and no line break")
    local, _, domain = address.rpartition("@")
    try:
        ascii_domain = domain.encode("idna").decode("ascii")
        local.encode("ascii")
        return Address(one_line(name), addr_spec=f"{local}@{ascii_domain}")
    except (MessageError, UnicodeError, ValueError, IndexError) as error:
        raise AddressError("not a mail address that can be written to") from error
