"""The share of a saving that a unit keeps, on the wire (M3)."""

from pydantic import Field

from gevinst_benefits.schemas.budget_adjustments import Count, Person, Reason, Revision
from gevinst_benefits.schemas.quantities import Share
from gevinst_benefits.usecases.sharing import ShareAgreed
from gevinst_shared.web.shapes import (
    Day,
    Id,
    In,
    Maybe,
    Moment,
    MoneyIn,
    MoneyOut,
    Organisation,
    Out,
    Prose,
    Year,
)


class KeptShareIn(In):
    """Either a share (0 to 1) or an amount a year (zero or more)."""

    unit_id: Id
    from_year: Year = Field(examples=[2027])
    share: Maybe[Share] = Field(None, description="0.5 is half of the saving.", examples=["0.5"])
    amount_per_year: Maybe[MoneyIn] = None
    purpose: Reason = Field(description="What it pays for (B14).", examples=["Home visits on weekends"])
    agreed_by_id: Id = Field(description="Who agreed: a leader of the unit.")
    agreed_on: Day = Field(examples=["2026-11-02"])
    reason: Maybe[Reason] = Field(None, description="Why it changes, when something was agreed before.")

    def agreed(self) -> ShareAgreed:
        money = self.amount_per_year
        return ShareAgreed(
            unit_id=self.unit_id,
            from_year=self.from_year,
            purpose=self.purpose,
            agreed_by_id=self.agreed_by_id,
            agreed_on=self.agreed_on,
            share=self.share,
            amount_per_year=None if money is None else money.value(),
            reason=self.reason,
        )


class KeptShareOut(Out):
    """A version of what was agreed; the newest that has begun is in force in a year."""

    id: Id
    organisation: Organisation
    benefit_id: Id
    unit_id: Id
    number: Count
    from_year: Year
    share: Maybe[Share] = None
    amount_per_year: Maybe[MoneyOut] = None
    purpose: Prose
    agreed_by_id: Id
    agreed_on: Day
    reason: Maybe[Prose] = None
    recorded_by: Person
    revision: Revision
    created_at: Moment


class KeptSharePageOut(Out):
    """Versions, a page at a time."""

    items: list[KeptShareOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)
