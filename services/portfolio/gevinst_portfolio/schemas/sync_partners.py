"""Partners of the exchange on the wire (X1)."""

from typing import Annotated

from pydantic import Field

from gevinst_portfolio.schemas.sync_identities import Kid, Thumbprint
from gevinst_shared.sync.shareable import PartnerState
from gevinst_shared.web.shapes import Id, In, Maybe, Moment, Name, Organisation, Out, Whole

Web = Annotated[str, Field(max_length=2000, examples=["https://gevinst.bergen.kommune.no"])]


class SyncPartnerIn(In):
    """Another body, and where its installation is reached."""

    owner: Organisation = Field(min_length=13, description="The other body.", examples=["0192:964338531"])
    address: str = Field(
        min_length=9,
        max_length=2000,
        pattern=r"^[!-~]+$",
        description="Scheme and host of its installation, without a path.",
        examples=["https://gevinst.bergen.kommune.no"],
    )


class ThumbprintIn(In):
    """What the partner's administrator has read to you."""

    thumbprint: str = Field(
        min_length=1,
        max_length=200,
        pattern=r"^[ -~]+$",
        description="Spaces and capital letters make no difference.",
        examples=["3736 cbb1 787c b830 9c77 ee8c 3705 c5e1 6ffb 9e85 9715 901f 1e4c 59b1 1182 f57b"],
    )


class SyncPartnerOut(Out):
    """Another body: proposed, met (its statement is here), confirmed (we exchange), paused or stopped.

    `fault` is what was wrong when its statement was last fetched, `contact_at` when that last went well.
    """

    id: Id
    organisation: Organisation
    owner: Organisation
    name: Name
    state: PartnerState
    address: Web
    contact: Maybe[str] = Field(None, max_length=200)
    kid: Maybe[Kid] = None
    thumbprint: Maybe[Thumbprint] = None
    stated_at: Maybe[Moment] = None
    confirmed_by: Maybe[str] = Field(None, max_length=300)
    confirmed_at: Maybe[Moment] = None
    grants_number: Whole = Field(ge=0, le=2**53, description="How often grants to it were changed.")
    fault: Maybe[str] = Field(None, max_length=60, examples=["partner-not-reached"])
    tried_at: Maybe[Moment] = None
    contact_at: Maybe[Moment] = None
    fetch_at: Maybe[Moment] = Field(None, description="When its statement is fetched next.")
    revision: Whole = Field(ge=1, le=1_000_000_000)
    created_at: Moment


class SyncPartnerPageOut(Out):
    """Partners, a page at a time."""

    items: list[SyncPartnerOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)


class SyncNetworkIn(In):
    """A network of the organisation's own that partners may be reached in."""

    network: str = Field(min_length=2, max_length=50, pattern=r"^[0-9a-fA-F.:/]+$", examples=["10.20.0.0/16"])
    reason: Name = Field(examples=["The county's own network"])


class SyncNetworkOut(Out):
    """A network that partners may be reached in, although it is not public."""

    id: Id
    organisation: Organisation
    network: str = Field(max_length=50, examples=["10.20.0.0/16"])
    reason: str = Field(max_length=200, examples=["The county's own network"])
    created_at: Moment
    revision: Whole = Field(ge=1, le=1_000_000_000)


class SyncNetworkPageOut(Out):
    """Networks, a page at a time."""

    items: list[SyncNetworkOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)
