"""Portfolios on the wire."""

from pydantic import Field

from gevinst_shared.web.shapes import (
    Amount,
    Currency,
    Id,
    In,
    Maybe,
    Moment,
    MoneyOut,
    Name,
    Organisation,
    Out,
    Whole,
    Year,
)


class PortfolioChangeIn(In):
    """What can change of a portfolio: its name, and its entry threshold as a whole."""

    name: Name = Field(examples=["Digitisation"])
    threshold_cost: Maybe[Amount] = Field(
        None,
        description="P2: work that costs at least this is prioritised centrally.",
        examples=["1500000.00"],
    )
    threshold_months: Maybe[Whole] = Field(
        None, ge=1, le=600, description="P2: so is work that lasts at least this long.", examples=[6]
    )
    threshold_shared_resources: bool = Field(
        default=True, strict=True, description="P2: so is work that needs shared people or units."
    )
    threshold_may_be_overruled: bool = Field(
        default=False,
        strict=True,
        description="Whether a project may be registered otherwise, with a reason.",
    )


class PortfolioIn(PortfolioChangeIn):
    """A portfolio: its money is all in one currency at one year's price level."""

    currency: Currency = Field(examples=["NOK"])
    price_year: Year = Field(examples=[2026])


class PortfolioOut(Out):
    """A portfolio as it is registered."""

    id: Id
    organisation: Organisation
    name: Name
    currency: Currency = Field(examples=["NOK"])
    price_year: Year = Field(examples=[2026])
    threshold_cost: Maybe[MoneyOut] = None
    threshold_months: Maybe[int] = Field(None, ge=1, le=600)
    threshold_shared_resources: bool
    threshold_may_be_overruled: bool
    revision: int = Field(ge=1, le=1_000_000_000)
    created_at: Moment


class PortfolioPageOut(Out):
    """Portfolios, a page at a time."""

    items: list[PortfolioOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)
