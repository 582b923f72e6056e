"""Agreements that two bodies keep, on the wire (B11)."""

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from gevinst_benefits.domain.plan.agreements import AgreementState
from gevinst_benefits.domain.plan.benefits import Ledger, RealisationMode
from gevinst_benefits.schemas.benefits import Kind, OwnerShape
from gevinst_benefits.schemas.quantities import Part, Quantity
from gevinst_benefits.usecases.answering_offers import PlannedAt
from gevinst_benefits.usecases.offering import OfferStep
from gevinst_shared.web.shapes import (
    Currency,
    Day,
    Id,
    In,
    Maybe,
    Moment,
    Name,
    Organisation,
    Out,
    Prose,
    Whole,
    Year,
)

# As long as a letter has room for: a new line is two signs there.
Reason = Annotated[Prose, Field(max_length=4_000)]

# The other body can write at any moment: whoever decides says what they have seen.
Read = Annotated[
    Whole,
    Field(
        ge=1,
        le=1_000_000_000,
        description="The `revision` that you have read; refused when the agreement has changed since.",
        examples=[1],
    ),
]


class OfferIn(In):
    """A benefit as it is planned now, offered to another body."""

    partner_id: Id = Field(description="A confirmed partner of the exchange.")


class OfferStepIn(In):
    """What the giver does next."""

    step: OfferStep
    note: Maybe[Prose] = None
    revision: Maybe[Read] = None


class _PlannedIn(In):
    project_id: Id = Field(description="Where the benefit is planned here.")
    owner: OwnerShape
    note: Maybe[Prose] = None

    def at(self) -> PlannedAt:
        return PlannedAt(self.project_id, self.owner.value())


class AcceptIn(_PlannedIn):
    """Yes to the figures as they were offered last, to all of the benefit or to a part."""

    step: Literal["accept"]
    share_kept: Maybe[Part] = Field(None, description="The part that the giver keeps; absent: nothing.")
    revision: Maybe[Read] = None

    def kept(self) -> Decimal:
        return self.share_kept or Decimal(0)


class PlanAgainIn(_PlannedIn):
    """A benefit that was accepted and `is_missing`, planned here once more; what was agreed stays agreed."""

    step: Literal["plan-again"]


class DisputeIn(In):
    """No, also to what was accepted before."""

    step: Literal["dispute"]
    reason: Reason = Field(description="The giver reads it.", examples=["It is in our plan already."])


ReplyStepIn = Annotated[AcceptIn | PlanAgainIn | DisputeIn, Field(discriminator="step")]


class OfferedFiguresOut(Out):
    """The benefit as it is offered; everything that its years follow from."""

    name: Name
    mode: RealisationMode
    kind: Kind
    ledger: Ledger
    amount: Quantity = Field(description="A year, at full size.")
    currency: Maybe[Currency] = None
    price_year: Maybe[Year] = None
    unit_of_measure: str = Field(max_length=200)
    starts_on: Day
    duration_months: int = Field(ge=1, le=600)
    ends_on: Maybe[Day] = None
    ramp: Literal["immediate", "linear", "s-curve", "table"]
    ramp_months: int = Field(ge=0, le=600)
    ramp_shares: list[str] = Field(max_length=50)
    erosion_per_year: Part


class AgreementOut(Out):
    """An agreement with another body, as its half stands here."""

    id: Id
    organisation: Organisation
    partner_id: Id
    body: Organisation
    body_name: Name
    benefit_id: Maybe[Id] = Field(None, description="Our benefit; absent until an offer was accepted.")
    state: AgreementState
    is_open: bool = Field(description="False once it was withdrawn or released.")
    figures: OfferedFiguresOut
    is_missing: bool = Field(
        description="Accepted here, and the benefit is not here any more after a restore: nobody counts it. "
        "Plan it again."
    )
    share_kept: Maybe[Part] = Field(None, description="The part that the receiver leaves to the giver.")
    reason: Maybe[Prose] = Field(None, description="Why the receiver disputes it.")
    revision: int = Field(ge=1, le=1_000_000_000)
    created_at: Moment
    changed_at: Moment


class AgreementListOut(Out):
    """Agreements, a page at a time."""

    items: list[AgreementOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)
