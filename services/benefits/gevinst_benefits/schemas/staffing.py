"""The staff of units, and what is counted twice, on the wire (B12)."""

from typing import Annotated

from pydantic import Field

from gevinst_benefits.domain.plan.double_counting import FindingKind
from gevinst_benefits.domain.plan.staffing import StaffingYear
from gevinst_benefits.schemas.benefits import BudgetLine
from gevinst_benefits.schemas.quantities import Quantity, Total
from gevinst_shared.web.shapes import Id, In, Maybe, Moment, Name, Organisation, Out, Year

Fte = Annotated[Quantity, Field(ge=0, examples=["12.5"])]
HoursPerFte = Annotated[Quantity, Field(gt=0, le=8784, examples=["1750"])]


class StaffingYearShape(In):
    """Full-time equivalents in a year, and the hours that one of them works."""

    year: Year = Field(examples=[2027])
    fte: Fte
    hours_per_fte: HoursPerFte

    def value(self) -> StaffingYear:
        return StaffingYear(self.year, self.fte, self.hours_per_fte)


class StaffingIn(In):
    """How many people the unit has, by year."""

    years: list[StaffingYearShape] = Field(max_length=60)


class StaffingOut(Out):
    """How many people the unit has; at revision 0 nobody has said so."""

    unit_id: Id
    organisation: Organisation
    years: list[StaffingYearShape] = Field(max_length=60)
    changed_by: Maybe[str] = Field(None, max_length=300)
    revision: int = Field(ge=0, le=1_000_000_000)
    changed_at: Maybe[Moment] = None


class FindingShareOut(Out):
    """A benefit's part in a finding, in its own unit."""

    benefit_id: Id
    project_id: Id
    name: Name
    amount: Total
    unit_of_measure: Maybe[Name] = Field(None, description="Absent for money.")


class FindingOut(Out):
    """What is claimed of a unit in a year more than once, or more of than there is."""

    kind: FindingKind
    unit_id: Id
    year: int = Field(ge=1, le=9999, examples=[2027])
    is_across_projects: bool
    budget_line: Maybe[BudgetLine] = None
    freed: Maybe[Total] = Field(None, description="In full-time equivalents.")
    staff: Maybe[Total] = Field(None, description="In full-time equivalents.")
    benefit_count: int = Field(ge=1, le=1_000_000)
    benefits: list[FindingShareOut] = Field(max_length=100, description="The first hundred.")


class FindingPageOut(Out):
    """Findings, a page at a time."""

    items: list[FindingOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)
