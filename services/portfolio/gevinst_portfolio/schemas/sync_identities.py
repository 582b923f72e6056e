"""Who an organisation is to other bodies, on the wire (X1)."""

from typing import Annotated

from pydantic import Field

from gevinst_shared.web.shapes import In, Maybe, Moment, Name, Organisation, Out, Whole

Kid = Annotated[
    str,
    Field(
        min_length=43,
        max_length=43,
        pattern="^[A-Za-z0-9_-]{43}$",
        description="The thumbprint of RFC 7638.",
        examples=["NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"],
    ),
]
Thumbprint = Annotated[
    str,
    Field(
        max_length=79,
        description="The key's thumbprint as people read it out: 64 hexadecimal digits in groups of four.",
        examples=["3736 cbb1 787c b830 9c77 ee8c 3705 c5e1 6ffb 9e85 9715 901f 1e4c 59b1 1182 f57b"],
    ),
]


class SyncIdentityIn(In):
    """What the organisation says of itself to other bodies."""

    contact: Name = Field(
        description="Whom other bodies ask about the exchange; everybody may read it.",
        examples=["gevinst@oslo.kommune.no"],
    )


class SyncKeyOut(Out):
    """A key that the organisation signs with. Without `until` it is that of today."""

    kid: Kid
    thumbprint: Thumbprint
    made_at: Moment
    until: Maybe[Moment] = None


class SyncServiceKeyOut(SyncKeyOut):
    """A key that one service signs with what it gives, and nothing else."""

    service: str = Field(max_length=20, examples=["benefits"])


class SyncIdentityOut(Out):
    """Who the organisation is to other bodies. Its `serial` rises with everything that changes."""

    organisation: Organisation
    contact: str = Field(max_length=200, examples=["gevinst@oslo.kommune.no"])
    serial: Whole = Field(ge=1, le=2**53)
    keys: list[SyncKeyOut] = Field(max_length=8, description="That of today first.")
    service_keys: list[SyncServiceKeyOut] = Field(
        max_length=16, description="What other services sign with, by service, that of today first."
    )
    stated_at: Moment
    revision: Whole = Field(ge=1, le=1_000_000_000)
    created_at: Moment
