"""Concepts on the wire (P9)."""

from pydantic import Field

from gevinst_portfolio.domain.concepts import Assessment, ConceptState
from gevinst_portfolio.schemas.profiles import CostOfYear, NeedOfResource
from gevinst_shared.web.shapes import (
    Amount,
    Code,
    Id,
    In,
    Maybe,
    Moment,
    MoneyOut,
    Name,
    Organisation,
    Out,
    Prose,
    Whole,
)


class FeasibilityIn(In):
    """How feasible a concept is in one dimension, and why."""

    dimension: Code = Field(
        description="technical, organisational, economic, legal, security, …", examples=["technical"]
    )
    level: Whole = Field(ge=1, le=5, description="1: hardly; 5: surely.", examples=[4])
    reason: Prose = Field(min_length=1, examples=["The same solution runs in three municipalities."])

    def value(self) -> Assessment:
        return Assessment(self.dimension, self.level, self.reason)


class ConceptIn(In):
    """A way to meet the project's need; money in the currency and price year of the project.

    Of the zero alternative only the name, the feasibility and the recommendation can be given.
    """

    name: Name = Field(examples=["Buy a shared service"])
    description: Maybe[Prose] = None
    feasibility: list[FeasibilityIn] = Field(default=[], max_length=20)
    cost: Maybe[Amount] = Field(None, examples=["1250000.00"])
    benefit: Maybe[Amount] = Field(None, examples=["4000000.00"])
    cost_by_year: list[CostOfYear] = Field(default=[], max_length=100)
    needs: list[NeedOfResource] = Field(default=[], max_length=100)
    quarters: Maybe[Whole] = Field(None, ge=1, le=200, description="How long it takes.", examples=[6])
    is_recommended: bool = Field(default=False, strict=True, description="At most one of a project's is.")


class WithdrawalIn(In):
    """Why something is given up."""

    reason: Prose = Field(min_length=1, examples=["The supplier withdrew."])


class ChoiceIn(In):
    """Why it was chosen."""

    reason: Prose = Field(min_length=1, examples=["The most benefit for what it costs, and we can do it."])


class ConceptOut(Out):
    """A concept as it is registered. The zero alternative's description is the project's."""

    id: Id
    organisation: Organisation
    project_id: Id
    name: Name
    description: Maybe[Prose] = None
    is_zero_alternative: bool
    feasibility: list[FeasibilityIn] = Field(max_length=20)
    cost: Maybe[MoneyOut] = None
    benefit: Maybe[MoneyOut] = None
    cost_by_year: list[CostOfYear] = Field(max_length=100)
    needs: list[NeedOfResource] = Field(max_length=100)
    quarters: Maybe[int] = Field(None, ge=1, le=200)
    is_recommended: bool
    state: ConceptState
    revision: int = Field(ge=1, le=1_000_000_000)
    created_at: Moment


class ConceptPageOut(Out):
    """Concepts, a page at a time."""

    items: list[ConceptOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)


class FeasibilityComparedOut(Out):
    """One dimension of feasibility; `difference` is the level less the zero alternative's."""

    dimension: Code = Field(examples=["technical"])
    level: Maybe[int] = Field(None, ge=1, le=5, description="Absent when it was not assessed.")
    difference: Maybe[int] = Field(None, ge=-4, le=4)
    reason: Maybe[Prose] = None


class ComparedConceptOut(Out):
    """A concept beside the zero alternative. What is absent is not known, and not zero."""

    concept_id: Id
    name: Name
    is_zero_alternative: bool
    is_recommended: bool
    state: ConceptState
    cost: Maybe[MoneyOut] = None
    cost_difference: Maybe[MoneyOut] = None
    benefit: Maybe[MoneyOut] = None
    benefit_difference: Maybe[MoneyOut] = None
    net_benefit: Maybe[MoneyOut] = Field(None, description="Benefit less cost: money only.")
    quarters: Maybe[int] = Field(None, ge=1, le=200)
    feasibility: list[FeasibilityComparedOut] = Field(
        max_length=1000, description="Each dimension that any of the concepts was assessed in."
    )
    is_dominated: bool = Field(description="Another one is nowhere worse, and somewhere better.")
    dominated_by: list[Id] = Field(max_length=1000)


class ConceptComparisonOut(Out):
    """P9: the concepts on benefit against cost and on feasibility, the zero alternative first."""

    project_id: Id
    concepts: list[ComparedConceptOut] = Field(max_length=1000)
