"""Applications to pools on the wire (M2)."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated

from pydantic import Field, WithJsonSchema

from gevinst_portfolio.domain.ledger import AwardKind
from gevinst_portfolio.domain.pools import ApplicationState, Instalment, PlannedDrawdown, Recommendation
from gevinst_portfolio.schemas.profiles import PlannedDay
from gevinst_shared.web.shapes import (
    Amount,
    Code,
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
)

_NOT_BELOW_ZERO = r"^[0-9]{1,15}(\.[0-9]{1,2})?$"
AmountFromZero = Annotated[
    Amount,
    Field(ge=0),
    WithJsonSchema(
        {"type": "string", "pattern": _NOT_BELOW_ZERO, "maxLength": 18, "examples": ["1250000.00"]}
    ),
]


class PlannedDrawdownIn(In):
    """What is drawn for one phase, in the money of the amount; the gate before the phase must say go."""

    phase: Code = Field(examples=["planlegge"])
    planned_on: PlannedDay = Field(examples=["2027-02-01"])
    amount: AmountFromZero = Field(examples=["1000000.00"])


class InstalmentIn(In):
    """What is repaid by a day, in the money of the amount."""

    due_on: PlannedDay = Field(examples=["2028-12-31"])
    amount: AmountFromZero = Field(examples=["1000000.00"])


class PlannedDrawdownOut(Out):
    phase: Code
    planned_on: Day
    amount: Amount


class InstalmentOut(Out):
    due_on: Day
    amount: Amount


class PoolApplicationIn(In):
    """What a project asks of the pool. Both plans add up to the amount; a grant has no repayments."""

    project_id: Id
    kind: AwardKind = Field(examples=["loan"])
    amount: MoneyIn = Field(examples=[{"amount": "1000000.00", "currency": "NOK", "price_year": 2026}])
    purpose: Prose = Field(min_length=1, examples=["Digital post instead of paper."])
    drawdowns: list[PlannedDrawdownIn] = Field(
        min_length=1,
        max_length=50,
        examples=[[{"phase": "planlegge", "planned_on": "2027-02-01", "amount": "1000000.00"}]],
    )
    repayments: list[InstalmentIn] = Field(
        max_length=200, examples=[[{"due_on": "2028-12-31", "amount": "1000000.00"}]]
    )


class AssessmentIn(In):
    """What speaks for and against."""

    assessment: Prose = Field(min_length=1, examples=["Pays back in two years; the line is ready."])
    recommendation: Recommendation = Field(examples=["award"])


class ReasonIn(In):
    """Why."""

    reason: Prose = Field(min_length=1, examples=["Another project pays back sooner."])


class AwardIn(In):
    """What the board gives. Plans that are left away are those of the application."""

    kind: AwardKind = Field(examples=["loan"])
    amount: MoneyIn = Field(examples=[{"amount": "1000000.00", "currency": "NOK", "price_year": 2026}])
    conditions: Maybe[Prose] = Field(None, examples=["The line names a benefit owner before the pilot."])
    reason: Prose = Field(min_length=1, examples=["Pays back soonest."])
    drawdowns: Maybe[list[PlannedDrawdownIn]] = Field(None, min_length=1, max_length=50)
    repayments: Maybe[list[InstalmentIn]] = Field(None, max_length=200)


class PoolApplicationOut(Out):
    """An application, and what became of it."""

    id: Id
    organisation: Organisation
    pool_id: Id
    round_id: Id
    project_id: Id
    kind: AwardKind
    amount: MoneyOut
    purpose: Prose
    drawdowns: list[PlannedDrawdownOut] = Field(max_length=50)
    repayments: list[InstalmentOut] = Field(max_length=200)
    state: ApplicationState
    applied_by: str = Field(max_length=300)
    applied_at: Moment
    assessment: Maybe[Prose] = None
    recommendation: Maybe[Recommendation] = None
    assessed_by: Maybe[str] = Field(None, max_length=300)
    assessed_at: Maybe[Moment] = None
    decision_reason: Maybe[Prose] = None
    decided_by: Maybe[str] = Field(None, max_length=300)
    decided_on: Maybe[Day] = None
    revision: int = Field(ge=1, le=1_000_000_000)


class PoolApplicationPageOut(Out):
    """Applications, a page at a time."""

    items: list[PoolApplicationOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)


def planned(drawdowns: Sequence[PlannedDrawdownIn]) -> list[PlannedDrawdown]:
    return [PlannedDrawdown(one.phase, one.planned_on, _hundredths(one.amount)) for one in drawdowns]


def instalments(repayments: Sequence[InstalmentIn]) -> list[Instalment]:
    return [Instalment(one.due_on, _hundredths(one.amount)) for one in repayments]


def _hundredths(amount: Decimal) -> int:
    """At most two decimals came in, so nothing is rounded."""
    return int(amount.scaleb(2))
