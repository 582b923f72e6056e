"""Networks of the organisation on the wire."""

from pydantic import Field

from gevinst_shared.web.shapes import Id, In, Maybe, Moment, Name, Organisation, Out, Whole


class AllowedNetworkIn(In):
    """A network of the organisation's own that endpoints may lead into."""

    network: str = Field(min_length=2, max_length=50, pattern=r"^[0-9a-fA-F.:/]+$", examples=["10.20.0.0/16"])
    reason: Name = Field(examples=["The intranet's message bus"])


class AllowedNetworkOut(Out):
    """A network that endpoints may lead into, although it is not public."""

    id: Id
    organisation: Organisation
    network: str = Field(max_length=50, examples=["10.20.0.0/16"])
    reason: str = Field(max_length=200, examples=["The intranet's message bus"])
    created_at: Moment
    revision: Whole = Field(ge=1, le=1_000_000_000)


class AllowedNetworkPageOut(Out):
    """Networks, a page at a time."""

    items: list[AllowedNetworkOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)
