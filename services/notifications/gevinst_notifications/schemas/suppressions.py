"""Suppressed addresses and returned mails on the wire."""

from typing import Literal

from pydantic import Field

from gevinst_shared.web.shapes import LINES, Id, In, Maybe, Moment, Organisation, Out, Whole


class SuppressionOut(Out):
    """An address that no mail is sent to any more."""

    id: Id
    organisation: Organisation
    address: str = Field(max_length=320, examples=["olga@example.no"])
    cause: Literal["refused", "bounced", "chosen"] = Field(
        description="`refused`: the mail server said so at once; `bounced`: a mail came back; `chosen`: "
        "by an administrator or the portfolio office."
    )
    code: Maybe[str] = Field(None, max_length=20, examples=["5.1.1"])
    text: Maybe[str] = Field(None, max_length=200, examples=["5.1.1 no such user"])
    delivery_id: Maybe[Id] = None
    suppressed_at: Moment
    revision: Whole = Field(ge=1, le=1_000_000_000)


class SuppressionPageOut(Out):
    """Suppressed addresses, a page at a time."""

    items: list[SuppressionOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)


class SuppressionIn(In):
    """An address that nothing is to be sent to."""

    address: str = Field(
        min_length=3,
        max_length=320,
        pattern=r"^[^\s@\u0000-\u001f\u007f-\u009f]+@[^\s@\u0000-\u001f\u007f-\u009f]+$",
        examples=["olga@example.no"],
    )


class BounceIn(In):
    """A returned mail."""

    report: str = Field(
        min_length=1,
        max_length=500_000,
        pattern=LINES,
        description="The whole mail as it came back: a report of delivery status (RFC 3464).",
        examples=['Content-Type: multipart/report; report-type="delivery-status"; boundary="b"\n\n--b\n…'],
    )


class BounceOut(Out):
    """What was learned from it."""

    failed: Whole = Field(ge=0, le=1_000, description="Deliveries that are now known not to have arrived.")
    suppressed: Whole = Field(ge=0, le=1_000, description="Addresses that are written to no more.")
