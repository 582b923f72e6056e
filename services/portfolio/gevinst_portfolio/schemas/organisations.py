"""The organisation on the wire."""

from typing import Literal

from pydantic import Field

from gevinst_shared.web.shapes import Currency, In, Moment, Name, Organisation, Out

Language = Literal["nb", "nn", "da", "sv", "en"]


class OrganisationIn(In):
    """What an organisation says of itself; its number comes from the token."""

    name: Name = Field(examples=["Oslo kommune"])
    currency: Currency = Field(examples=["NOK"])
    language: Language = Field("nb", description="For what is written to everybody.")


class OrganisationOut(Out):
    """The organisation as it is registered."""

    organisation: Organisation
    name: Name
    country: str = Field(pattern="^[A-Z]{2}$", max_length=2, examples=["NO"])
    currency: Currency = Field(examples=["NOK"])
    language: Language
    revision: int = Field(ge=1, le=1_000_000_000)
    created_at: Moment
