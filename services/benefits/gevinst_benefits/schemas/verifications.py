"""What controllers found realised, on the wire (G3)."""

from pydantic import Field

from gevinst_benefits.domain.measuring.verifications import Finding
from gevinst_benefits.schemas.benefits import EstimateShape
from gevinst_benefits.schemas.prose import Told
from gevinst_benefits.schemas.quantities import Quantity
from gevinst_shared.web.shapes import Id, In, Maybe, Moment, MoneyOut, Name, Organisation, Out, Prose, Year


class VerificationIn(In):
    """What was realised in a calendar year, in the benefit's own ledger, and what shows it."""

    year: Year = Field(examples=[2026])
    realised: EstimateShape = Field(description="In the benefit's ledger and unit, or its currency.")
    evidence: Told = Field(examples=["Payroll, account 5010, December 2026"])
    corrects_id: Maybe[Id] = Field(None, description="The entry in force that this one replaces.")
    reason: Maybe[Prose] = Field(None, description="Why it is corrected; needed then.")

    def finding(self) -> Finding:
        return Finding(self.year, self.realised.value(), self.evidence, self.corrects_id, self.reason)


class VerificationOut(Out):
    """An entry as a controller recorded it. Of a year's entries one is in force: the one not corrected."""

    id: Id
    organisation: Organisation
    benefit_id: Id
    year: Year
    money: Maybe[MoneyOut] = None
    amount: Maybe[Quantity] = None
    unit_of_measure: Maybe[Name] = None
    evidence: Prose
    corrects_id: Maybe[Id] = None
    reason: Maybe[Prose] = None
    is_corrected: bool
    verified_by: str = Field(max_length=300)
    verified_at: Moment
    revision: int = Field(ge=1, le=1_000_000_000)


class VerificationPageOut(Out):
    """Entries by year, corrected ones included; a page at a time."""

    items: list[VerificationOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)
