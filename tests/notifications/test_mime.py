from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gevinst_notifications.clients.mail_texts import Letter, MailContent, catalogues, mail_content
from gevinst_notifications.clients.mime import AddressError, Envelope, Mail, composed
from gevinst_notifications.domain.deliveries import message_id, thread_id
from gevinst_notifications.domain.messages import notice
from gevinst_notifications.domain.rules import NoticeKind, Reason
from gevinst_notifications.domain.wording import Language, one_line, worded
from tests.notifications.examples import event

DELIVERY = UUID(int=7)
ENVELOPE = Envelope(
    sender="gevinst@oslo.example.no",
    sender_name="Gevinst, Oslo kommune",
    recipient="ase@oslo.example.no",
    recipient_name="Åse Ødegård",
    message_id=message_id(DELIVERY, domain="oslo.example.no"),
    thread_id=thread_id("0192:958935420", "/projects/0198", domain="oslo.example.no"),
    list_id="notices.oslo.example.no",
    sent_at=datetime(2026, 11, 20, 9, 0, tzinfo=UTC),
)


def content(language: Language = Language.NB) -> MailContent:
    read = notice(event(NoticeKind.GATE_DECIDED))
    assert read is not None
    told = worded(read, catalogues()[language], reasons=(Reason.OWNS_PROJECT,))
    letter = Letter("Åse Ødegård", "Oslo kommune", "https://gevinst.example.no/p")
    return mail_content(told, letter, subject="projects/0198", catalogue=catalogues()[language])


def received(mail: Mail) -> EmailMessage:
    return message_from_bytes(mail.content, policy=policy.default)


def text_of(part: MIMEPart) -> str:
    """The part's text with the line ends that it was written with."""
    text = part.get_content()
    assert isinstance(text, str)
    return text.replace("\r\n", "\n")


def test_both_twins_arrive_as_they_were_written() -> None:
    written = content()

    arrived = received(composed(written, ENVELOPE))

    assert arrived.get_content_type() == "multipart/alternative"
    plain, html = arrived.iter_parts()
    assert (plain.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert text_of(plain) == written.text
    assert text_of(html) == written.html
    assert "Kostnaden har økt" in text_of(plain)


def test_the_headers_say_what_the_mail_is() -> None:
    arrived = received(composed(content(Language.NN), ENVELOPE))

    assert arrived["From"] == '"Gevinst, Oslo kommune" <gevinst@oslo.example.no>'
    assert arrived["To"] == "Åse Ødegård <ase@oslo.example.no>"
    assert arrived["Subject"] == "BP3 for Trygg heimeteneste på Ærø: stopp"
    assert arrived["Date"].datetime == ENVELOPE.sent_at
    assert arrived["Message-ID"] == ENVELOPE.message_id
    assert arrived["In-Reply-To"] == arrived["References"] == ENVELOPE.thread_id
    assert arrived["List-Id"] == "<notices.oslo.example.no>"
    assert arrived["Content-Language"] == "nn"
    assert arrived["Auto-Submitted"] == "auto-generated"


def test_a_mail_is_ascii_with_short_lines_so_that_any_relay_carries_it() -> None:
    wire = composed(content(), ENVELOPE).content

    assert wire.isascii()
    assert max(map(len, wire.split(b"\r\n"))) <= 998
    assert b"\n" not in wire.replace(b"\r\n", b"")


def test_a_repeated_attempt_says_so_and_keeps_its_identity() -> None:  # N5
    first = received(composed(content(), ENVELOPE))
    again = received(composed(content(), replace(ENVELOPE, may_be_duplicate=True)))

    assert "Gevinst-Possible-Duplicate" not in first
    assert again["Gevinst-Possible-Duplicate"] == "yes"
    assert again["Message-ID"] == first["Message-ID"]


@pytest.mark.parametrize("newline", ["\r\n", "\n", "\r", "\u2028", "\x00", "\x85", "\x0b"])
def test_no_value_starts_a_header_of_its_own(newline: str) -> None:
    evil = f"Åse{newline}Bcc: all@x.no"
    tampered = replace(ENVELOPE, sender_name=evil, recipient_name=evil)

    arrived = received(composed(replace(content(), subject=evil), tampered))

    assert "Bcc" not in arrived
    assert arrived["Subject"] == "Åse Bcc: all@x.no"


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_text_makes_a_mail_with_the_same_headers(name: str, subject: str) -> None:
    mail = composed(replace(content(), subject=subject), replace(ENVELOPE, recipient_name=name))

    arrived = received(mail)

    assert arrived.keys() == received(composed(content(), ENVELOPE)).keys()
    assert arrived["Subject"] == one_line(subject)
    assert arrived["To"].addresses[0].addr_spec == ENVELOPE.recipient
    assert max(map(len, mail.content.split(b"\r\n"))) <= 120
    assert not arrived.defects


@pytest.mark.parametrize(
    "address",
    [
        "",
        "nobody",
        "a b@x.no",
        "@x.no",
        "a@",
        "ase@x.no\r\nBcc: b@x.no",
        "åse@x.no",
        "a@x.no, b@x.no",
        "<a@x.no>",
        "a@x..no",
        "a@b@x.no",
        f"a@{'x' * 64}.no",
    ],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(AddressError):
        composed(content(), replace(ENVELOPE, recipient=address))


def test_a_domain_with_nordic_letters_is_written_for_the_wire() -> None:
    mail = composed(content(), replace(ENVELOPE, recipient="ase@bærum.no"))

    assert mail.recipient == received(mail)["To"].addresses[0].addr_spec == "ase@xn--brum-voa.no"
