"""Awards, verified benefits and the ledger on the wire (M2, E2)."""

from typing import Literal

from pydantic import Field

from gevinst_portfolio.domain.ledger import AccountKind, AwardKind, TransactionKind
from gevinst_portfolio.schemas.pool_applications import InstalmentIn, InstalmentOut, PlannedDrawdownOut
from gevinst_shared.web.shapes import (
    Code,
    Day,
    Id,
    In,
    Maybe,
    Moment,
    MoneyIn,
    MoneyOut,
    Name,
    Organisation,
    Out,
    Prose,
)

_AMOUNT = [{"amount": "250000.00", "currency": "NOK", "price_year": 2026}]


class MovementIn(In):
    """Money that moved, in the pool's money; the day has come."""

    amount: MoneyIn = Field(examples=_AMOUNT)
    occurred_on: Day = Field(examples=["2026-01-15"])
    text: Maybe[Name] = Field(None, examples=["Transfer 4711"])


class CapitalIn(MovementIn):
    """`capital-in` is money from the owner, `capital-out` back to the owner."""

    kind: Literal["capital-in", "capital-out"] = Field(examples=["capital-in"])


class DrawdownIn(MovementIn):
    """Money for one phase of the award's plan."""

    phase: Code = Field(examples=["planlegge"])


class RepaymentIn(MovementIn):
    """Money that comes back."""

    out_of_benefits: bool = Field(
        default=True, strict=True, description="Whether verified benefits pay it, or other money."
    )


class WriteOffIn(In):
    """What the board gives up."""

    amount: MoneyIn = Field(examples=_AMOUNT)
    reason: Prose = Field(min_length=1, examples=["The benefit did not come."])


class RepaymentPlanIn(In):
    """The plan for the whole loan, what is paid included: it adds up to what was drawn and can be drawn."""

    repayments: list[InstalmentIn] = Field(
        max_length=200, examples=[[{"due_on": "2028-12-31", "amount": "1000000.00"}]]
    )
    reason: Prose = Field(min_length=1, examples=["The delivery slipped by half a year."])


class VerifiedBenefitIn(In):
    """A benefit that was realised, as the controller who books it has verified it."""

    name: Name = Field(examples=["Postage 2027"])
    amount: MoneyIn = Field(examples=_AMOUNT)
    benefit_owner: Name = Field(
        description="Who answers for the benefit; never who verifies it (G3).", examples=["ola"]
    )
    verified_on: Day = Field(examples=["2026-01-15"])
    reference: Maybe[Name] = Field(None, description="Where it was measured.", examples=["2027/815"])


class VerifiedBenefitOut(Out):
    """A verified benefit and the transaction that booked it."""

    id: Id
    organisation: Organisation
    pool_id: Id
    award_id: Id
    transaction_id: Id
    name: Name
    reference: Maybe[Name] = None
    amount: MoneyOut
    benefit_owner: Name
    verified_by: Name = Field(description="The controller who booked it.")
    verified_on: Day
    revision: int = Field(ge=1, le=1_000_000_000)
    created_at: Moment


class VerifiedBenefitPageOut(Out):
    """Verified benefits, a page at a time."""

    items: list[VerifiedBenefitOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)


class AwardOut(Out):
    """An award, its plans in force, and where it stands in the ledger."""

    id: Id
    organisation: Organisation
    pool_id: Id
    application_id: Id
    project_id: Id
    kind: AwardKind
    amount: MoneyOut
    conditions: Maybe[Prose] = None
    drawdowns: list[PlannedDrawdownOut] = Field(max_length=50)
    repayments: list[InstalmentOut] = Field(max_length=200)
    reason: Prose
    awarded_by: str = Field(max_length=300)
    awarded_on: Day
    drawn: MoneyOut
    committed: MoneyOut = Field(description="Set aside and not drawn.")
    owed: MoneyOut
    benefits_unused: MoneyOut = Field(description="Verified, and neither repaid with nor passed on.")
    revision: int = Field(ge=1, le=1_000_000_000, description="Counts its repayment plans.")
    created_at: Moment


class AwardPageOut(Out):
    """Awards, a page at a time."""

    items: list[AwardOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)


class EntryOut(Out):
    """One line of a transaction: debit above zero, credit below."""

    line: int = Field(ge=1, le=100)
    account_id: Id
    account: AccountKind
    amount: MoneyOut


class TransactionOut(Out):
    """What was posted. It is never changed; a reversal names what it takes back."""

    id: Id
    organisation: Organisation
    pool_id: Id
    award_id: Maybe[Id] = None
    kind: TransactionKind
    occurred_on: Day
    phase: Maybe[Code] = None
    text: Maybe[Prose] = None
    reverses_id: Maybe[Id] = None
    entries: list[EntryOut] = Field(max_length=100)
    recorded_by: str = Field(max_length=300)
    recorded_at: Moment
    revision: int = Field(ge=1, le=1_000_000_000)


class TransactionPageOut(Out):
    """Transactions, a page at a time."""

    items: list[TransactionOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)


class AccountOut(Out):
    """An account and its balance; one of an award names it."""

    id: Id
    pool_id: Id
    award_id: Maybe[Id] = None
    kind: AccountKind
    entries: int = Field(ge=0, le=2_147_483_647, description="How many it has.")
    balance: MoneyOut


class AccountPageOut(Out):
    """Accounts, a page at a time."""

    items: list[AccountOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)


class StatementLineOut(Out):
    """An entry of an account with the balance that it left."""

    id: Id
    number: int = Field(ge=1, le=2_147_483_647)
    transaction_id: Id
    kind: TransactionKind
    occurred_on: Day
    text: Maybe[Prose] = None
    amount: MoneyOut
    balance: MoneyOut


class StatementOut(Out):
    """An account's entries in order, a page at a time."""

    items: list[StatementLineOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)
