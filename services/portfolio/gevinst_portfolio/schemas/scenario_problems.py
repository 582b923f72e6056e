"""A portfolio problem in the format `gevinst-plan/1`, on the wire. Periods are counted from 0."""

from typing import Annotated, Literal

from pydantic import Field

from gevinst_portfolio.domain.optimiser.problem import Carry
from gevinst_shared.web.shapes import Maybe, Out

MOST_PROJECTS = 100_000
Key = Annotated[str, Field(max_length=500)]
Figure = Annotated[float, Field(ge=-1e15, le=1e15)]
Figures = Annotated[list[Figure], Field(max_length=1000)]
Period = Annotated[int, Field(ge=0, le=100_000)]
PartShare = Annotated[float, Field(ge=0, le=1)]
GroupOut = Annotated[list[Key], Field(max_length=MOST_PROJECTS)]


class ProblemResourceOut(Out):
    """A shared role, or a unit with the change load that it can take."""

    id: Key
    name: Key
    kind: Key
    capacity: Figures


class ProblemBudgetOut(Out):
    """Money, in hundredths."""

    id: Key
    name: Key
    inflow: Figures
    initial: Figure
    carry: Carry
    carry_cap: Figure
    year_length: int = Field(ge=1, le=1000)


class ProblemCategoryOut(Out):
    """A part of the portfolio, with shares of the cost of all that is chosen."""

    id: Key
    name: Key
    min_share: Maybe[PartShare] = None
    max_share: Maybe[PartShare] = None
    max_spend: Maybe[Figure] = None


class ProblemProjectOut(Out):
    """A candidate; the name of a concept's project is in `concept_of`."""

    id: Key
    name: Key
    category: Maybe[Key] = None
    concept_of: Maybe[Key] = None
    duration: int = Field(ge=1, le=100_000)
    earliest: Period
    latest_start: Maybe[int] = Field(None, ge=-100_000, le=100_000)
    deadline: Maybe[int] = Field(None, ge=-100_000, le=100_000)
    mandatory: bool
    fixed_start: Maybe[Period] = None
    cost: dict[str, Figures] = Field(max_length=100, description="By budget, after the start.")
    demand: dict[str, Figures] = Field(max_length=10_000, description="By resource, after the start.")
    value_by_start: Figures


class ProblemPrecedenceOut(Out):
    """`after` starts `lag` periods or more after the end of `before`."""

    before: Key
    after: Key
    lag: Period


class ProblemOut(Out):
    """A portfolio problem; `examples/plans/README.md` says what each member means."""

    schema_: Literal["gevinst-plan/1"] = Field(alias="schema")
    name: Key
    periods: int = Field(ge=1, le=10_000)
    horizon: Maybe[Period] = None
    finish_in_horizon: bool
    resources: list[ProblemResourceOut] = Field(max_length=10_000)
    budgets: list[ProblemBudgetOut] = Field(max_length=100)
    categories: list[ProblemCategoryOut] = Field(max_length=1000)
    projects: list[ProblemProjectOut] = Field(max_length=MOST_PROJECTS)
    precedence: list[ProblemPrecedenceOut] = Field(max_length=MOST_PROJECTS)
    exclusive: list[GroupOut] = Field(max_length=MOST_PROJECTS)
    all_or_none: list[GroupOut] = Field(max_length=MOST_PROJECTS)
    max_starts_per_period: Maybe[list[Period]] = Field(None, max_length=10_000)
