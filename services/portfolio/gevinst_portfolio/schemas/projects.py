"""Projects on the wire."""

from typing import Annotated

from pydantic import Field

from gevinst_portfolio.domain.projects import CostKind, ProjectStatus, Registration
from gevinst_shared.web.shapes import (
    Amount,
    Code,
    Day,
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
    Year,
)


class CostOfYear(In):
    """What the project costs in one calendar year, in the portfolio's currency and price year."""

    year: Year = Field(examples=[2027])
    kind: CostKind
    amount: Amount = Field(examples=["1250000.00"])


class NeedOfResource(In):
    """What the project takes of a shared role or of a unit's capacity for change."""

    resource_id: Id
    amounts: list[Annotated[float, Field(ge=0, le=1_000_000)]] = Field(
        min_length=1,
        max_length=200,
        description="Per period: `amounts[k]` in the k-th period after the start.",
        examples=[[2, 2, 1]],
    )


class LagAfter(In):
    """How long a project that this one depends on must have been over."""

    project_id: Id
    lag_quarters: Whole = Field(ge=0, le=80, examples=[2])


class ProjectChangeIn(In):
    """All that a proposer says of a project; what is left away is taken away."""

    programme_id: Maybe[Id] = None
    name: Name = Field(examples=["Digital post to every citizen"])
    need: Maybe[Prose] = Field(None, description="What is to be solved, not how.")
    zero_alternative: Maybe[Prose] = Field(None, description="What happens if nothing is done.")
    source: Code = Field(
        "own-idea",
        description="Where the work comes from: own-idea, legal-duty, national-plan, joint-project, …",
    )
    category: Maybe[Name] = Field(None, examples=["Digitisation"])
    is_statutory: bool = Field(default=False, strict=True, description="P5: forced in by law.")
    owner_id: Maybe[Id] = Field(None, description="The person who owns the project.")
    manager_id: Maybe[Id] = None
    unit_id: Maybe[Id] = Field(None, description="The unit that the project belongs to.")
    receiving_unit_ids: list[Id] = Field(
        default=[], max_length=200, description="The units whose work the project changes."
    )
    start: Maybe[Day] = None
    end: Maybe[Day] = None
    cost: Maybe[Amount] = Field(
        None, description="Whole cost, in the portfolio's currency and price year.", examples=["1250000.00"]
    )
    benefit: Maybe[Amount] = Field(None, description="Whole benefit, likewise.", examples=["4000000.00"])
    cost_by_year: list[CostOfYear] = Field(default=[], max_length=100)
    needs: list[NeedOfResource] = Field(default=[], max_length=100)
    depends_on: list[Id] = Field(
        default=[], max_length=100, description="Projects that must be finished before this one starts."
    )
    excludes: list[Id] = Field(default=[], max_length=100, description="Projects that cannot run beside it.")
    dependency_lags: list[LagAfter] = Field(
        default=[],
        max_length=100,
        description="For those of `depends_on` that must have been over for some quarters first.",
    )
    earliest_start: Maybe[Day] = Field(
        None, description="A plan starts it no earlier; without it, a proposal no earlier than its `start`."
    )
    latest_start: Maybe[Day] = Field(None, description="A plan that chooses it starts it by this day.")
    deadline: Maybe[Day] = Field(None, description="P5: it must be over by this day.")


class ProjectIn(ProjectChangeIn):
    """A project as its proposer describes it."""

    portfolio_id: Id


class ProjectOut(Out):
    """A project as it is registered."""

    id: Id
    organisation: Organisation
    portfolio_id: Id
    programme_id: Maybe[Id] = None
    name: Name
    need: Maybe[Prose] = None
    zero_alternative: Maybe[Prose] = None
    source: Code = Field(examples=["own-idea"])
    source_key: Maybe[str] = Field(None, max_length=300)
    category: Maybe[Name] = None
    is_statutory: bool
    owner_id: Maybe[Id] = None
    manager_id: Maybe[Id] = None
    unit_id: Maybe[Id] = None
    receiving_unit_ids: list[Id] = Field(max_length=200)
    start: Maybe[Day] = None
    end: Maybe[Day] = None
    cost: Maybe[MoneyOut] = None
    benefit: Maybe[MoneyOut] = None
    cost_by_year: list[CostOfYear] = Field(max_length=100)
    needs: list[NeedOfResource] = Field(max_length=100)
    depends_on: list[Id] = Field(max_length=100)
    excludes: list[Id] = Field(max_length=100)
    dependency_lags: list[LagAfter] = Field(max_length=100)
    earliest_start: Maybe[Day] = None
    latest_start: Maybe[Day] = None
    deadline: Maybe[Day] = None
    registration: Registration
    status: ProjectStatus
    phase: Maybe[Code] = None
    revision: int = Field(ge=1, le=1_000_000_000)
    created_at: Moment


class ProjectPageOut(Out):
    """Projects, a page at a time."""

    items: list[ProjectOut] = Field(max_length=100)
    next_cursor: Maybe[str] = Field(None, max_length=500)
